import { sub, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { Failure } from '../../../../protocol/failure';
import type { LayerShape } from './registeredLayer';

/** The first input minus the second, elementwise. */
export class Subtract extends layers.Layer {
  static readonly className = 'Subtract';

  override computeOutputShape(input: LayerShape | LayerShape[]): LayerShape {
    const [a, b] = input as [LayerShape, LayerShape];
    if (!Array.isArray(a) || !Array.isArray(b) || input.length !== 2 || a.length !== b.length) {
      throw new Failure(`the layer ${this.name} does not take two inputs with as many axes.`);
    }
    return a.map((size, axis) => (size === 1 ? b[axis]! : size));
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [a, b] = inputs as [Tensor, Tensor];
    return sub(a, b);
  }
}
