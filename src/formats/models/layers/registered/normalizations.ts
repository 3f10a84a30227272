import {
  add,
  div,
  maximum,
  mean,
  moments,
  mul,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  sum,
  tensor,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { Failure } from '../../../../protocol/failure';
import { onlyShape, RegisteredLayer, type LayerShape } from './registeredLayer';

/** Adds a weight that is set later; zeros until then. */
abstract class WithWeights extends RegisteredLayer {
  protected weight(name: string, shape: readonly number[], isOnes = false): () => Tensor {
    const initial = isOnes ? initializers.ones() : initializers.zeros();
    const variable = this.addWeight(name, [...shape], 'float32', initial);
    return () => variable.read();
  }

  /** The axes of a setting, counted from the front. */
  protected axes(rank: number): number[] {
    const given = this.settings['axis'] === undefined ? -1 : this.settings['axis'];
    if (given === null) return [];
    const list = Array.isArray(given) ? given : [given];
    const axes = list.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + rank : axis));
    if (
      !axes.every((axis) => Number.isSafeInteger(axis) && (axis as number) > 0 && (axis as number) < rank)
    ) {
      throw this.unfit('axis');
    }
    return (axes as number[]).sort((a, b) => a - b);
  }

  /** @throws Failure unless the layer works on the last axis, whose size is given back */
  protected lastAxis(shape: LayerShape): number {
    const axes = this.axes(shape.length);
    const channels = shape.at(-1);
    if (axes.length !== 1 || axes[0] !== shape.length - 1 || typeof channels !== 'number') {
      throw new Failure(`the layer ${this.name} does not work on the last axis, which is not supported.`);
    }
    return channels;
  }
}

/** (x − mean) / deviation, by statistics found before training; `invert` undoes that. */
export class Normalization extends WithWeights {
  static readonly className = 'Normalization';
  private mean: () => Tensor = () => tensor([]);
  private variance: () => Tensor = () => tensor([]);
  /** The kept axes' sizes, 1 for the others. */
  private spread: number[] = [];

  override build(input: LayerShape | LayerShape[]): void {
    const shape = onlyShape(input);
    const axes = this.axes(shape.length);
    const sizes = axes.map((axis) => shape[axis]);
    if (sizes.some((size) => typeof size !== 'number')) throw this.unfit('axis');
    this.spread = shape.map((size, axis) => (axes.includes(axis) ? size! : 1));
    const { mean: means, variance: variances } = this.settings;
    if (means === undefined || means === null) {
      this.mean = this.weight('mean', sizes as number[]);
      this.variance = this.weight('variance', sizes as number[], true);
      // How many samples they were found on; Keras stores it with them.
      this.weight('count', []);
    } else {
      this.mean = this.constant('mean', means);
      this.variance = this.constant('variance', variances);
    }
    this.built = true;
  }

  protected override compute(x: Tensor): Tensor {
    return tidy(() => {
      const { mean: centre, deviation } = this.statistics();
      return this.settings['invert'] === true
        ? add(centre, mul(x, deviation))
        : div(sub(x, centre), deviation);
    });
  }

  /** As one product and sum a channel; null where the statistics are not of channels. */
  affine(channels: number): { readonly scale: Float32Array; readonly offset: Float32Array } | null {
    if (this.spread.slice(0, -1).some((size) => size !== 1)) return null;
    const centre = tidy(() => this.statistics().mean);
    const deviation = tidy(() => this.statistics().deviation);
    const means = centre.dataSync<'float32'>();
    const deviations = deviation.dataSync<'float32'>();
    centre.dispose();
    deviation.dispose();
    const at = (values: ArrayLike<number>, channel: number): number =>
      values[values.length === 1 ? 0 : channel]!;
    const isInverse = this.settings['invert'] === true;
    const scale = Float32Array.from({ length: channels }, (_, c) =>
      isInverse ? at(deviations, c) : 1 / at(deviations, c),
    );
    const offset = scale.map((factor, c) => (isInverse ? at(means, c) : -at(means, c) * factor));
    return { scale, offset };
  }

  private statistics(): { readonly mean: Tensor; readonly deviation: Tensor } {
    const spread = (values: Tensor): Tensor =>
      reshape(values, values.size === 1 ? this.spread.map(() => 1) : this.spread);
    return {
      mean: spread(this.mean()),
      deviation: maximum(sqrt(spread(this.variance())), 1e-7),
    };
  }

  /** Numbers of the settings, however deep their lists. */
  private constant(key: string, value: unknown): () => Tensor {
    const numbers = [value].flat<unknown[], 8>(8);
    const kept = this.spread.reduce((count, one) => count * one, 1);
    const fits = numbers.length === 1 || numbers.length === kept;
    if (!fits || !numbers.every((one) => typeof one === 'number' && Number.isFinite(one))) {
      throw this.unfit(key);
    }
    return () => tensor(numbers as number[]);
  }
}

/** Each sample normalised over its positions and the channels of a group. */
export class GroupNormalization extends WithWeights {
  static readonly className = 'GroupNormalization';
  private gamma: (() => Tensor) | null = null;
  private beta: (() => Tensor) | null = null;
  private groups = 1;

  override build(input: LayerShape | LayerShape[]): void {
    const channels = this.lastAxis(onlyShape(input));
    this.groups = this.settings['groups'] === -1 ? channels : this.count('groups', 32);
    if (this.groups === 0 || channels % this.groups !== 0) throw this.unfit('groups');
    if (this.settings['scale'] !== false) this.gamma = this.weight('gamma', [channels], true);
    if (this.settings['center'] !== false) this.beta = this.weight('beta', [channels]);
    this.built = true;
  }

  protected override compute(x: Tensor): Tensor {
    return tidy(() => {
      const channels = x.shape.at(-1)!;
      const samples = x.shape[0];
      const positions = samples === 0 ? 0 : x.size / (samples * channels);
      const grouped = reshape(x, [samples, positions, this.groups, channels / this.groups]);
      const { mean: centre, variance } = moments(grouped, [1, 3], true);
      const normal = mul(sub(grouped, centre), rsqrt(add(variance, this.number('epsilon', 1e-3))));
      const scaled = reshape(normal, x.shape);
      const stretched = this.gamma === null ? scaled : mul(scaled, this.gamma());
      return this.beta === null ? stretched : add(stretched, this.beta());
    });
  }
}

/** Divided by the root of the mean of the squares along the last axis. */
export class RMSNormalization extends WithWeights {
  static readonly className = 'RMSNormalization';
  private scale: () => Tensor = () => tensor(1);

  override build(input: LayerShape | LayerShape[]): void {
    this.scale = this.weight('scale', [this.lastAxis(onlyShape(input))], true);
    this.built = true;
  }

  protected override compute(x: Tensor): Tensor {
    return tidy(() => {
      const power = mean(square(x), -1, true);
      return mul(mul(x, rsqrt(add(power, this.number('epsilon', 1e-6)))), this.scale());
    });
  }
}

/** Divided by the length along some axes. */
export class UnitNormalization extends WithWeights {
  static readonly className = 'UnitNormalization';

  protected override compute(x: Tensor): Tensor {
    return tidy(() => mul(x, rsqrt(maximum(sum(square(x), this.axes(x.rank), true), 1e-12))));
  }
}
