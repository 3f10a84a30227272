import { AsyncLocalStorage } from 'node:async_hooks';
import { layers } from '@tensorflow/tfjs-layers';
import { Failure } from '../../../../protocol/failure';

/** How much may still be made, while one model is built. */
interface Limit {
  readonly file: string;
  left: number;
  /** The weights made so far. */
  readonly made: LayerWeight[];
}

/** A weight of tfjs-layers: a variable, which its types hide. */
export interface LayerWeight {
  readonly val: { dispose(): void };
}

const limits = new AsyncLocalStorage<Limit>();

/** So many numbers (64 MiB) are made in any case: whether weights fit is said better by comparing them. */
const ALWAYS = 2 ** 24;

/**
 * Builds a model whose layers may not claim many more weights than its file holds: tfjs-layers takes the memory for
 * all weights before they are read.
 * @param file for messages
 * @param numbers in the file
 * @param build makes the layers, whose weights are freed when it fails; it throws the {@link Failure} that names the first layer beyond the limit
 */
export async function withinWeights<T>(file: string, numbers: number, build: () => Promise<T>): Promise<T> {
  teachLimit();
  const limit: Limit = { file, left: numbers + ALWAYS, made: [] };
  try {
    return await limits.run(limit, build);
  } catch (error) {
    for (const { val } of limit.made) val.dispose();
    throw error;
  }
}

/** The weights made so far for the model that is being built, also of layers that it then does not use. */
export function weightsMade(): readonly LayerWeight[] {
  return limits.getStore()?.made ?? [];
}

/** What tfjs-layers makes all weights with, which its types hide. */
interface LayerPrototype {
  addWeight: (this: { name: string }, name: string, shape: number[], ...more: unknown[]) => LayerWeight;
}

let taught = false;

function teachLimit(): void {
  if (taught) return;
  taught = true;
  const prototype = layers.Layer.prototype as unknown as LayerPrototype;
  const { addWeight } = prototype;
  prototype.addWeight = function (name, shape, ...more) {
    const limit = limits.getStore();
    if (limit !== undefined) {
      const numbers = shape.reduce((size, axis) => size * axis, 1);
      if (!(numbers <= limit.left)) {
        throw new Failure(
          `${limit.file} is damaged: its layer ${this.name.slice(0, 60)} claims ${numbers} weights, more than are in its files.`,
          { file: limit.file },
        );
      }
      limit.left -= numbers;
    }
    const weight = addWeight.call(this, name, shape, ...more);
    limit?.made.push(weight);
    return weight;
  };
}
