import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { deletionsOf, type SiteDeletion } from '../../core/ablation/deletions';
import type { PlainForward } from '../../core/ablation/plainForward';
import type { Control } from '../../core/control';
import type { Network } from '../../core/network/network';
import { Program } from '../../core/network/program';
import type { Samples } from '../../core/samples';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The most that an output may differ by, where its values are no larger than 1. */
export const TOLERANCE = 1e-5;

/** A network with units deleted, and samples to run it on. */
export interface Deleted {
  readonly network: Network;
  readonly samples: Samples;
  readonly forward: PlainForward;
  readonly deletions: readonly SiteDeletion[];
}

/** How far a model is from what it should be. */
export interface Difference {
  /** The largest of any output. */
  readonly absolute: number;
  /** The same, as a share of the largest value of that output where that is above 1. */
  readonly relative: number;
}

/** Sizes of all operations' values for one sample, `[1, …shape]`, by their ids, as real data gives them. */
export async function valueShapes(
  network: Network,
  samples: Samples,
  sites: readonly string[],
  index: number,
): Promise<Map<string, readonly number[]>> {
  const inputs = await samples.load([index]);
  const shapes = new Map(network.inputs.map((id, k): [string, readonly number[]] => [id, inputs[k]!.shape]));
  try {
    const wanted = [...new Set([...network.outputs.map(({ id }) => id), ...sites])];
    const results = new Program(network, network.inputs, wanted).run(inputs, {
      observe: ({ id }, { shape }) => shapes.set(id, shape),
    });
    dispose(results.filter((result) => !inputs.includes(result)));
    return shapes;
  } finally {
    dispose(inputs);
  }
}

/**
 * Runs a saved model and the network that it stands for on the same samples.
 * @param progress told of the share that is done
 * @throws Cancelled
 */
export async function differenceFrom(
  model: LayersModel,
  { network, samples, forward, deletions }: Deleted,
  indices: Int32Array,
  control: Control,
  progress: (share: number) => void,
): Promise<Difference> {
  const outputs = network.outputs.map(({ id }) => id);
  const program = new Program(network, network.inputs, [...new Set(outputs)]);
  let absolute = 0;
  let relative = 0;
  for (let from = 0; from < indices.length; from += forward.batch) {
    await control.breathe();
    const part = indices.slice(from, from + forward.batch);
    const padded = forward.padded(part);
    const inputs = await samples.load(padded);
    const changes = await deletionsOf(forward, deletions)({ samples: padded, from: 0, rows: part.length });
    let expected: Tensor[] = [];
    let given: Tensor[] = [];
    try {
      expected = program.run(inputs, { substitute: changes.map });
      given = predictions(model, inputs);
      outputs.forEach((id, k) => {
        const [wanted, found] = [expected[program.to.indexOf(id)]!, given[k]!].map((value) =>
          value.dataSync<'float32'>(),
        ) as [Float32Array, Float32Array];
        const { difference, largest } = largestDifference(wanted, found);
        absolute = Math.max(absolute, difference);
        relative = Math.max(relative, difference / Math.max(1, largest));
      });
    } finally {
      changes.dispose();
      dispose([...inputs, ...expected, ...given]);
    }
    progress(Math.min(1, (from + forward.batch) / indices.length));
  }
  return { absolute, relative };
}

/** What a model gives, one tensor an output. */
export function predictions(model: LayersModel, inputs: readonly Tensor[]): Tensor[] {
  const given = model.predict(inputs.length === 1 ? inputs[0]! : [...inputs], {
    batchSize: inputs[0]!.shape[0],
  });
  return Array.isArray(given) ? given : [given];
}

function largestDifference(
  wanted: Float32Array,
  found: Float32Array,
): { readonly difference: number; readonly largest: number } {
  if (wanted.length !== found.length) return { difference: Infinity, largest: 0 };
  let difference = 0;
  let largest = 0;
  wanted.forEach((value, at) => {
    const own = Math.abs(value - found[at]!);
    difference = Number.isNaN(own) ? Infinity : Math.max(difference, own);
    largest = Math.max(largest, Math.abs(value));
  });
  return { difference, largest };
}
