import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { Failure } from '../../../../protocol/failure';
import type { ActivationObject, LayerObject } from '../../layerInternals';

/** A shape as tfjs-layers has it, batch axis first. */
export type LayerShape = SymbolicTensor['shape'];

/** A layer's settings, in the words of tfjs-layers: `kernelSize`. */
export type Settings = serialization.ConfigDict;

/**
 * A layer of Keras that tfjs-layers lacks, of one input and one output. Subclasses have a static `className` and are
 * made by tfjs-layers from a model's description; they compute what Keras computes at inference.
 */
export abstract class RegisteredLayer extends layers.Layer {
  constructor(protected readonly settings: Settings) {
    super(settings);
  }

  /** The output for an input with its batch axis first; tensors made on the way are freed by the caller's `tidy`. */
  protected abstract compute(x: Tensor): Tensor;

  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.compute(only(inputs));
  }

  override computeOutputShape(input: LayerShape | LayerShape[]): LayerShape {
    return this.shapeAfter(onlyShape(input));
  }

  /** That of the input, where a layer does not say otherwise. */
  protected shapeAfter(input: LayerShape): LayerShape {
    return input;
  }

  override getConfig(): Settings {
    const own = { ...this.settings };
    Reflect.deleteProperty(own, 'customObjects');
    return { ...own, ...super.getConfig() };
  }

  /** A whole number of at least 0 among the settings. */
  protected count(key: string, otherwise?: number): number {
    const value = this.settings[key] ?? otherwise;
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw this.unfit(key);
    return value as number;
  }

  /** A setting that is one number or one for each of some axes. */
  protected counts(key: string, axes: number, otherwise?: number): number[] {
    const value = this.settings[key] ?? otherwise;
    const list = Array.isArray(value) ? value : Array.from({ length: axes }, () => value);
    if (list.length !== axes || !list.every((one) => Number.isSafeInteger(one) && (one as number) >= 0)) {
      throw this.unfit(key);
    }
    return list as number[];
  }

  /** A finite number among the settings. */
  protected number(key: string, otherwise: number): number {
    const value = this.settings[key] ?? otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.unfit(key);
    return value;
  }

  /** @throws Failure unless channels are on the last axis */
  protected needChannelsLast(): void {
    if (this.settings['dataFormat'] === 'channelsFirst') {
      throw new Failure(`the layer ${this.name} keeps its channels first, which is not supported.`);
    }
  }

  protected unfit(key: string): Failure {
    return new Failure(`the layer ${this.name} has a setting ${key} that does not fit.`);
  }
}

/** The function that a setting `activation` names. */
export function activationObject(setting: unknown): ActivationObject {
  const layer = layers.activation({ activation: (setting ?? 'linear') as 'linear' });
  return (layer as unknown as LayerObject).activation!;
}

export function only(inputs: Tensor | Tensor[]): Tensor {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x === undefined) throw new Error('A layer without an input');
  return x;
}

export function onlyShape(input: LayerShape | LayerShape[]): LayerShape {
  return (Array.isArray(input[0]) ? input[0] : input) as LayerShape;
}

/** A size made of another one; unknown where that is. */
export function size(value: number | null | undefined, change: (value: number) => number): number | null {
  return typeof value === 'number' ? change(value) : null;
}
