import { div, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../protocol/failure';
import type { Scale } from '../protocol/study';
import type { LabelledData } from './labelledData';
import type { Network } from './network/network';

/** Samples as the network wants them: preprocessed, in its input shape. */
export interface Samples {
  readonly labels: Int32Array;
  readonly scale: Scale;
  /** The samples at `indices` as a tensor `[indices.length, …input]`; the caller disposes it. */
  load(indices: ArrayLike<number>): Promise<Tensor>;
}

/**
 * Fits data to a network.
 * @throws Failure if the shapes do not fit
 */
export function samplesFor(network: Network, data: LabelledData, scale: Scale, dataName: string): Samples {
  const shape = fittedShape(network, data, dataName);
  return {
    labels: data.labels,
    scale,
    load: async (indices) => {
      const values = await data.read(indices);
      if (scale === '-1..1') for (let i = 0; i < values.length; i++) values[i] = values[i]! / 127.5 - 1;
      const stored = tensor(values, [indices.length, ...shape]);
      if (scale !== '0..1') return stored;
      const scaled = div(stored, 255);
      stored.dispose();
      return scaled;
    },
  };
}

/** Shape of one sample as the network takes it; sizes of one and flattening may differ from the data's. */
function fittedShape(network: Network, data: LabelledData, dataName: string): number[] {
  const wanted = network.operations.find((o) => o.id === network.input)?.shape.slice(1) ?? [];
  const given = data.shape;
  if (wanted.length === given.length && wanted.every((size, axis) => size === null || size === given[axis])) {
    return [...given];
  }
  const fixed = wanted.every((size) => size !== null);
  const elements = (shape: readonly (number | null)[]): number =>
    shape.reduce<number>((n, size) => n * (size ?? 1), 1);
  const squeezed = (shape: readonly (number | null)[]): string => shape.filter((size) => size !== 1).join();
  const isFlat = wanted.length === 1 || given.length === 1;
  if (fixed && elements(wanted) === elements(given) && (isFlat || squeezed(wanted) === squeezed(given))) {
    return [...wanted];
  }
  throw new Failure(
    `The samples in ${dataName} are ${describe(given)}, but the model takes ${describe(wanted)}; choose data of that shape.`,
    { file: dataName },
  );
}

function describe(shape: readonly (number | null)[]): string {
  const sizes = shape.map((size) => String(size ?? 'any')).join('×');
  if (shape.length === 0) return 'single numbers';
  return shape.length === 1 ? `rows of ${sizes}` : sizes;
}
