import { mean, slice, squaredDifference, stack, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import type { Site } from '../network/sites';
import type { PlainForward } from './plainForward';

/** Count, mean and sum of squared deviations of what has been seen of each unit. */
interface Moments {
  count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/**
 * Standard deviation of each unit over all its elements (positions or time steps) and all samples in the clean
 * network, divided by n: one array a site. Batches are joined by the formula of Chan, Golub and LeVeque (1979).
 */
export async function unitDeviations(
  forward: PlainForward,
  sites: readonly Site[],
  indices: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<Float64Array[]> {
  const seen = new Map(
    sites.map(({ id, units }): [string, Moments] => [
      id,
      { count: 0, mean: new Float64Array(units), squares: new Float64Array(units) },
    ]),
  );
  await forward.run(indices, control, {
    observe: ({ id }, output, rows) => {
      const into = seen.get(id);
      if (into === undefined) return;
      const moments = tidy(() => momentsOf(output, rows));
      const count = (rows * output.size) / (output.shape[0] * into.mean.length);
      join(into, count, moments.dataSync<'float32'>());
      moments.dispose();
    },
    progress: (done) => {
      progress(done / indices.length);
    },
  });
  return [...seen.values()].map(({ count, squares }) => squares.map((sum) => Math.sqrt(sum / count)));
}

/** `[2, units]`: mean and variance over samples and positions. */
function momentsOf(output: Tensor, rows: number): Tensor {
  const begin = output.shape.map(() => 0);
  const x = slice(output, begin, [rows, ...output.shape.slice(1)]);
  const axes = output.shape.slice(0, -1).map((_, axis) => axis);
  const centre = mean(x, axes, true);
  return stack([mean(x, axes), mean(squaredDifference(x, centre), axes)]);
}

function join(into: Moments, count: number, moments: Float32Array): void {
  const units = into.mean.length;
  const total = into.count + count;
  for (let u = 0; u < units; u++) {
    const difference = moments[u]! - into.mean[u]!;
    into.squares[u]! += moments[units + u]! * count + (difference ** 2 * into.count * count) / total;
    into.mean[u]! += (difference * count) / total;
  }
  into.count = total;
}
