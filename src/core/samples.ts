import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../protocol/failure';
import type { Scale } from '../protocol/study';
import { channelsLast, fitsTurned } from './channelsLast';
import type { LabelledData, SampleValues } from './labelledData';
import { scaledInputs } from './network/inputs';
import { inputShape, operationOf, type Network, type Shape } from './network/network';
import { featureStatistics } from './preprocessing/featureStatistics';
import { applyTransform, needsColour, transformOf, type Transform } from './preprocessing/transform';

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
  /** Null: the values are left as they are. */
  readonly transform: (() => Transform | Promise<Transform>) | null;
}

/**
 * Fits data to a network.
 * @param reference the data over which features are standardised, where the scale does that
 * @throws Failure if the shapes do not fit, or the scale is for pictures of other channels
 */
export function samplesFor(
  network: Network,
  data: LabelledData,
  scale: Scale,
  dataName: string,
  reference = data,
): Samples {
  const scaled = scaledInputs(network);
  const fitted = network.inputs.map((id): Fitted => {
    const { values, shape } = fittedValues(network, id, data, dataName);
    if (!scaled.has(id) || scale === 'none') return { values, shape, transform: null };
    if (scale === 'mean,std') {
      const { values: over } = fittedValues(network, id, reference, dataName);
      const found = async (): Promise<Transform> =>
        transformOf(scale, await featureStatistics(over, reference.samples));
      return { values, shape, transform: found };
    }
    if (needsColour(scale) && !isColour(shape)) {
      throw new Failure(
        `The preprocessing ${scale} is for pictures with three channels, but the model takes ${describe(shape)}; choose another preprocessing.`,
        { file: dataName },
      );
    }
    const transform = transformOf(scale);
    return { values, shape, transform: () => transform };
  });
  return {
    labels: data.labels,
    scale,
    load: async (indices) => {
      const read: Float32Array[] = [];
      for (const { values, transform } of fitted) {
        const stored = await values.read(indices);
        if (transform !== null) applyTransform(stored, await transform());
        read.push(stored);
      }
      return fitted.map(({ shape }, k) => tensor(read[k]!, [indices.length, ...shape]));
    },
  };
}

/** The values that a preprocessing scales, of several the first: for which input, and the shape in which it takes them. */
export function scaledValues(
  network: Network,
  data: LabelledData,
  dataName: string,
): { readonly id: string; readonly values: SampleValues; readonly shape: readonly number[] } {
  const scaled = scaledInputs(network);
  const id = network.inputs.find((one) => scaled.has(one)) ?? network.inputs[0]!;
  return { id, ...fittedValues(network, id, data, dataName) };
}

/** What is done to fit data to a network, beside the preprocessing: sentences for people. */
export function fittingNotes(network: Network, data: LabelledData): string[] {
  const turned = network.inputs.flatMap((id) => {
    const { shape } = valuesFor(network, id, data);
    const wanted = inputShape(network, id);
    if (reshaped(wanted, shape) !== null || !fitsTurned(wanted, shape)) return [];
    return `The pictures are stored as ${describe(shape)}, channels first; they were turned to ${describe(wanted)}.`;
  });
  if (network.inputs.length === 1) return turned;
  const scaled = scaledInputs(network);
  const names = (ids: readonly string[]): string => ids.map((id) => operationOf(network, id).name).join(', ');
  const left = network.inputs.filter((id) => !scaled.has(id));
  if (left.length === 0) return turned;
  return [
    ...turned,
    `The preprocessing is for ${names([...scaled]) || 'none of the inputs'}; taken as stored: ${names(left)}.`,
  ];
}

/** Is it the shape of a picture with three channels, which stand last? */
function isColour(shape: Shape): boolean {
  return shape.length === 3 && shape[2] === 3;
}

/** The values for an input; readers promise them for all inputs. */
function valuesFor(network: Network, id: string, data: LabelledData): SampleValues {
  if (network.inputs.length === 1) return data;
  const { name } = operationOf(network, id);
  const found = data.inputs?.find(({ input }) => input === name);
  if (found === undefined) throw new Error(`No values for the input ${name}`);
  return found;
}

/**
 * The values for an input, and the shape in which it takes them.
 * @throws Failure if they do not fit
 */
function fittedValues(
  network: Network,
  id: string,
  data: LabelledData,
  dataName: string,
): { readonly values: SampleValues; readonly shape: readonly number[] } {
  const values = valuesFor(network, id, data);
  const wanted = inputShape(network, id);
  const shape = reshaped(wanted, values.shape);
  if (shape !== null) return { values, shape };
  if (fitsTurned(wanted, values.shape)) {
    const turned = channelsLast(values);
    return { values: turned, shape: turned.shape };
  }
  const named = network.inputs.length === 1 ? '' : ` for ${operationOf(network, id).name}`;
  throw new Failure(
    `The samples${named} in ${dataName} are ${describe(values.shape)}, but the model takes ${describe(wanted)}; choose data of that shape.`,
    { file: dataName },
  );
}

/**
 * The shape in which samples of the shape given are taken, their values as they lie; sizes of one and flattening may
 * differ. Null where they do not fit.
 */
function reshaped(wanted: Shape, given: readonly number[]): readonly number[] | null {
  if (wanted.length === given.length && wanted.every((size, axis) => size === null || size === given[axis])) {
    return given;
  }
  const fixed = wanted.filter((size) => size !== null);
  if (fixed.length < wanted.length) return null;
  const elements = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
  const squeezed = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join();
  const isFlat = wanted.length === 1 || given.length === 1;
  const fits = elements(fixed) === elements(given) && (isFlat || squeezed(fixed) === squeezed(given));
  return fits ? fixed : null;
}

function describe(shape: Shape): string {
  const sizes = shape.map((size) => String(size ?? 'any')).join('×');
  if (shape.length === 0) return 'single numbers';
  return shape.length === 1 ? `rows of ${sizes}` : sizes;
}
