import { dispose } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Control } from '../../core/control';
import type { Samples } from '../../core/samples';
import { predictions } from './values';

/** Runs of each model, of which the median counts; fewer where one takes long. */
const RUNS = 7;
const LONG = 1000;
const LONG_RUNS = 3;

/**
 * How long models take, milliseconds for 1,000 samples: medians over runs by turns, after one that does not count.
 * @param indices samples to run at once
 * @throws Cancelled
 */
export async function speedsOf(
  models: readonly LayersModel[],
  samples: Samples,
  indices: Int32Array,
  control: Control,
): Promise<number[]> {
  const inputs = await samples.load(indices);
  const times = models.map((): number[] => []);
  try {
    let runs = RUNS;
    for (let run = 0; run <= runs; run++) {
      for (const [k, model] of models.entries()) {
        await control.breathe();
        const began = performance.now();
        const outputs = predictions(model, inputs);
        for (const output of outputs) output.dataSync();
        const took = performance.now() - began;
        dispose(outputs);
        if (run > 0) times[k]!.push((took * 1000) / indices.length);
        if (took > LONG) runs = LONG_RUNS;
      }
    }
  } finally {
    dispose(inputs);
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!);
}
