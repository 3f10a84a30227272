import type { SampleInput } from '../protocol/details';
import { isWords } from './network/inputs';
import { consumersOf, type Network } from './network/network';

/** How a sample's values are shown. */
export type SampleForm =
  | { readonly kind: 'image'; readonly height: number; readonly width: number; readonly channels: number }
  | { readonly kind: 'series'; readonly steps: number; readonly channels: number }
  | { readonly kind: 'values' };

/** The most pixels on a side of a picture that is shown; a larger one is made smaller. */
const LARGEST_SIDE = 256;

/** Values shown of a sample that is neither picture nor series. */
const FIRST_VALUES = 64;

/** A rectangle of numbers that is longer than this, by its other side, is hardly a picture. */
const LONGEST_PICTURE = 4;

/**
 * How to show what a network takes at an input.
 * @param stored shape of a sample in the data, channels last
 * @param taken shape in which the network takes it
 */
export function sampleForm(
  network: Network,
  id: string,
  stored: readonly number[],
  taken: readonly number[],
): SampleForm {
  if (isWords(network, id)) return { kind: 'values' };
  if (readsSteps(network, id, taken)) {
    const [steps, channels] = taken as [number, number];
    return { kind: 'series', steps, channels };
  }
  const picture = [stored, taken].find(isPicture);
  if (picture !== undefined) {
    const [height, width, channels] = picture as [number, number, number];
    return { kind: 'image', height, width, channels };
  }
  const table = [stored, taken].find((shape) => shape.length === 2);
  if (table === undefined) return { kind: 'values' };
  const [height, width] = table as [number, number];
  return isRectangle(height, width)
    ? { kind: 'image', height, width, channels: 1 }
    : { kind: 'series', steps: height, channels: width };
}

/** `[height, width, channels]` of grey, coloured or partly transparent pictures? */
function isPicture(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 0] = shape;
  return shape.length === 3 && height > 1 && width > 1 && [1, 3, 4].includes(channels);
}

function isRectangle(height: number, width: number): boolean {
  return Math.min(height, width) > 1 && Math.max(height, width) <= LONGEST_PICTURE * Math.min(height, width);
}

/** Does a network work on the steps of a table, one after another, instead of taking it apart? */
function readsSteps(network: Network, id: string, taken: readonly number[]): boolean {
  if (taken.length !== 2) return false;
  const consumers = consumersOf(network.operations);
  let readers = consumers.get(id) ?? [];
  while (readers.length === 1 && ['identity', 'affine'].includes(readers[0]!.algebra.kind))
    readers = consumers.get(readers[0]!.id) ?? [];
  return !readers.some(({ algebra }) => algebra.kind === 'reshape' && algebra.moves !== 'spatial');
}

/**
 * A sample in its form.
 * @param values of one sample, as stored
 * @param range least and largest stored value, black and white of a picture
 */
export function shownSample(
  values: Float32Array,
  form: SampleForm,
  range: { readonly least: number; readonly most: number },
): SampleInput {
  switch (form.kind) {
    case 'image':
      return picture(values, form, range);
    case 'series':
      return { ...form, values: values.slice() };
    default:
      return { kind: 'values', values: values.slice(0, FIRST_VALUES), size: values.length };
  }
}

/** A picture of at most {@link LARGEST_SIDE} pixels a side: each is the mean of a square of stored ones. */
function picture(
  values: Float32Array,
  { height, width, channels }: Extract<SampleForm, { kind: 'image' }>,
  { least, most }: { readonly least: number; readonly most: number },
): SampleInput {
  const step = Math.ceil(Math.max(height, width) / LARGEST_SIDE);
  const size = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  const rgba = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  const scale = most > least ? 255 / (most - least) : 0;
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      for (let c = 0; c < channels; c++) {
        const mean = meanOfSquare(values, { height, width, channels }, x * step, y * step, c, step);
        const shade = (mean - least) * scale;
        const at = (y * size.width + x) * 4;
        if (channels === 1) rgba.fill(shade, at, at + 3);
        else rgba[at + c] = shade;
      }
    }
  }
  return { kind: 'image', ...size, rgba };
}

function meanOfSquare(
  values: Float32Array,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  left: number,
  top: number,
  channel: number,
  step: number,
): number {
  let sum = 0;
  let count = 0;
  for (let y = top; y < Math.min(height, top + step); y++) {
    for (let x = left; x < Math.min(width, left + step); x++) {
      sum += values[(y * width + x) * channels + channel]!;
      count += 1;
    }
  }
  return sum / count;
}
