import { elu, less, minimum, mul, sub, tidy, where, type Tensor } from '@tensorflow/tfjs-core';
import { RegisteredLayer } from './registeredLayer';

/**
 * A rectifier with a slope and a threshold: min(x, most) from the threshold on, slope · (x − threshold) below.
 */
export class ReLUWithSlope extends RegisteredLayer {
  static readonly className = 'ReLUWithSlope';

  protected override compute(x: Tensor): Tensor {
    const threshold = this.number('threshold', 0);
    const slope = this.number('negativeSlope', 0);
    const most = this.settings['maxValue'];
    return tidy(() => {
      const below = mul(slope, sub(x, threshold));
      const kept = typeof most === 'number' ? minimum(x, most) : x;
      return where(less(x, threshold), below, kept);
    });
  }
}

/** x, and scale · (eˣ − 1) below 0; the layer of tfjs-layers has no scale. */
export class ELUWithScale extends RegisteredLayer {
  static readonly className = 'ELUWithScale';

  protected override compute(x: Tensor): Tensor {
    return tidy(() => {
      const bent = elu(x);
      return where(less(x, 0), mul(this.number('alpha', 1), bent), bent);
    });
  }
}
