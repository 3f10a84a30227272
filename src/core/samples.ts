import { div, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../protocol/failure';
import type { Scale } from '../protocol/study';
import type { LabelledData, SampleValues } from './labelledData';
import { scaledInputs } from './network/inputs';
import { inputShape, operationOf, type Network, type Shape } from './network/network';

/** Samples as the network wants them: preprocessed, in its inputs' shapes. */
export interface Samples {
  readonly labels: Int32Array;
  readonly scale: Scale;
  /** The samples at `indices`, one tensor `[indices.length, …input]` an input; the caller disposes them. */
  load(indices: ArrayLike<number>): Promise<Tensor[]>;
}

/** One input's values, and what becomes of them. */
interface Fitted {
  readonly values: SampleValues;
  readonly shape: readonly number[];
  readonly scale: Scale;
}

/**
 * Fits data to a network.
 * @throws Failure if the shapes do not fit
 */
export function samplesFor(network: Network, data: LabelledData, scale: Scale, dataName: string): Samples {
  const scaled = scaledInputs(network);
  const fitted = network.inputs.map((id): Fitted => {
    const values = valuesFor(network, id, data);
    const shape = fittedShape(network, id, values, dataName);
    return { values, shape, scale: scaled.has(id) ? scale : 'none' };
  });
  return {
    labels: data.labels,
    scale,
    load: async (indices) => {
      const read: Float32Array[] = [];
      for (const { values } of fitted) read.push(await values.read(indices));
      return fitted.map((input, k) => preprocessed(input, indices.length, read[k]!));
    },
  };
}

/** @param values stored ones, `[samples, …shape]`; taken over */
function preprocessed({ shape, scale }: Fitted, samples: number, values: Float32Array): Tensor {
  if (scale === '-1..1') for (let i = 0; i < values.length; i++) values[i] = values[i]! / 127.5 - 1;
  const stored = tensor(values, [samples, ...shape]);
  if (scale !== '0..1') return stored;
  const divided = div(stored, 255);
  stored.dispose();
  return divided;
}

/** The values for an input; readers promise them for all inputs. */
function valuesFor(network: Network, id: string, data: LabelledData): SampleValues {
  if (network.inputs.length === 1) return data;
  const { name } = operationOf(network, id);
  const found = data.inputs?.find(({ input }) => input === name);
  if (found === undefined) throw new Error(`No values for the input ${name}`);
  return found;
}

/** Shape of one sample as an input takes it; sizes of one and flattening may differ from the data's. */
function fittedShape(network: Network, id: string, values: SampleValues, dataName: string): number[] {
  const wanted = inputShape(network, id);
  const given = values.shape;
  if (wanted.length === given.length && wanted.every((size, axis) => size === null || size === given[axis])) {
    return [...given];
  }
  const fixed = wanted.every((size) => size !== null);
  const elements = (shape: Shape): number => shape.reduce<number>((n, size) => n * (size ?? 1), 1);
  const squeezed = (shape: Shape): string => shape.filter((size) => size !== 1).join();
  const isFlat = wanted.length === 1 || given.length === 1;
  if (fixed && elements(wanted) === elements(given) && (isFlat || squeezed(wanted) === squeezed(given))) {
    return [...wanted];
  }
  const named = network.inputs.length === 1 ? '' : ` for ${operationOf(network, id).name}`;
  throw new Failure(
    `The samples${named} in ${dataName} are ${describe(given)}, but the model takes ${describe(wanted)}; choose data of that shape.`,
    { file: dataName },
  );
}

function describe(shape: Shape): string {
  const sizes = shape.map((size) => String(size ?? 'any')).join('×');
  if (shape.length === 0) return 'single numbers';
  return shape.length === 1 ? `rows of ${sizes}` : sizes;
}
