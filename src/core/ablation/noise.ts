import { add, mul, tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { fillGaussian } from '../gaussian';
import type { Substitution } from '../network/program';
import type { Site } from '../network/sites';
import { seedFrom } from '../random';
import type { CachedForward } from './cachedForward';
import type { Batch } from './plainForward';

/** The network with noise in all units of the sites at once. */
export interface NoiseMeasure {
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/**
 * Adds N(0, (scale · σ)²) to every unit, independently for every element. What noise an element of a sample gets
 * depends on the seed, the repeat, the scale, the site and the sample alone.
 * @param deviations σ of each unit, one array a site
 * @param scale in standard deviations
 * @param labels by sample index
 * @param progress called with the share done, 0 … 1
 * @throws Cancelled
 */
export async function measureNoise(
  forward: CachedForward,
  sites: readonly Site[],
  deviations: readonly Float64Array[],
  { seed, repeat, scale }: { readonly seed: number; readonly repeat: number; readonly scale: number },
  labels: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<NoiseMeasure> {
  let correct = 0;
  let loss = 0;
  let done = 0;
  await forward.each(control, (batch, run) => {
    const map = new Map<string, Substitution>();
    for (const [index, { id, name }] of sites.entries()) {
      const sizes = Float32Array.from(deviations[index]!, (deviation) => deviation * scale);
      map.set(id, noisy(batch, sizes, seedFrom(seed, 'noise', repeat, scale, name)));
    }
    const outcome = run(map);
    for (let n = 0; n < batch.rows; n++) {
      if (outcome.predicted[n] === labels[batch.samples[n]!]) correct += 1;
      loss += outcome.loss[n]!;
    }
    done += 1;
    progress(done / forward.batches);
    return Promise.resolve();
  });
  const samples = forward.indices.length;
  return { accuracy: correct / samples, loss: loss / samples };
}

/** @param sizes standard deviation of the noise of each unit */
function noisy({ samples, rows }: Batch, sizes: Float32Array, seed: number): Substitution {
  return (output, step) => {
    const standard = standardNoise(output, samples, rows, seedFrom(seed, step ?? 0));
    return add(output, mul(standard, tensor1d(sizes)));
  };
}

/** N(0, 1) in the shape of a value; each sample's from a seed of its own, 0 in the padding. */
function standardNoise(output: Tensor, samples: Int32Array, rows: number, seed: number): Tensor {
  const elements = output.size / output.shape[0];
  const values = new Float32Array(output.size);
  for (let n = 0; n < rows; n++) {
    fillGaussian(values.subarray(n * elements, (n + 1) * elements), seedFrom(seed, samples[n]!));
  }
  return tensor(values, output.shape);
}
