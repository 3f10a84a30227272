import { SCALES, type Scale } from '../../protocol/study';
import type { SampleValues } from '../labelledData';

/** What some stored values look like. */
export interface StoredValues {
  /** Where they lie; `0..255` only where they are whole numbers that need it, null where none of these holds. */
  readonly range: '0..255' | '0..1' | '-1..1' | null;
  /** The least and the largest of them. */
  readonly least: number;
  readonly most: number;
  /** Three channels, all the same: a grey picture stored as a coloured one. */
  readonly greyChannels: boolean;
}

/** Samples to look at. */
const LOOKED_AT = 100;

/**
 * Looks at the first of some samples.
 * @param shape of a sample as the network takes it
 */
export async function storedValues(
  data: SampleValues,
  shape: readonly number[],
  indices: Int32Array,
): Promise<StoredValues> {
  const values = await data.read(indices.slice(0, LOOKED_AT));
  let least = Infinity;
  let most = -Infinity;
  let whole = true;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    whole &&= Number.isInteger(value);
  }
  return {
    range: rangeOf(data.dtype, least, most, whole),
    least,
    most,
    greyChannels: areGrey(shape, values),
  };
}

function rangeOf(dtype: string, least: number, most: number, whole: boolean): StoredValues['range'] {
  if (least >= 0 && most <= 1) return '0..1';
  if (least >= -1 && most <= 1) return '-1..1';
  const isBytes = dtype === 'uint8' || (whole && least >= 0 && most <= 255 && most > 127);
  return isBytes ? '0..255' : null;
}

/** Are the channels of all pictures alike? */
function areGrey(shape: readonly number[], values: Float32Array): boolean {
  if (shape.length !== 3 || shape[2] !== 3) return false;
  for (let i = 0; i + 2 < values.length; i += 3) {
    if (values[i] !== values[i + 1] || values[i] !== values[i + 2]) return false;
  }
  return true;
}

/** The scale that the stored values suggest: bytes are divided by 255, what lies in −1 … 1 is left alone. */
export function suggestedScale({ range }: StoredValues): Scale | null {
  return range === null ? null : range === '0..255' ? '0..1' : 'none';
}

/** What is tried always: the values as stored, and as 0 … 1, −1 … 1 or 0 … 255. */
export function plainScales({ range }: StoredValues): readonly Scale[] {
  if (range === '0..1') return ['none', '0..1:-1..1', '0..1:0..255'];
  if (range === '-1..1') return ['none', '-1..1:0..1', '-1..1:0..255'];
  return ['none', '0..1', '-1..1'];
}

/**
 * What is tried where the plain scales leave room, the likeliest first.
 * @param stored shape of a sample as stored
 * @param taken shape of a sample as the network takes it
 */
export function furtherScales(
  values: StoredValues,
  stored: readonly number[],
  taken: readonly (number | null)[],
): readonly Scale[] {
  const from = values.range === '0..1' || values.range === '-1..1' ? `${values.range}:` : '';
  const isColour = taken.length === 3 && taken[2] === 3;
  const isPicture = values.range !== null;
  const names = [
    ...(isColour ? ['imagenet', 'caffe'] : []),
    ...(isColour && !values.greyChannels ? ['bgr:0..1', 'bgr:-1..1', 'bgr:0..255', 'bgr:imagenet'] : []),
    ...(isPicture && (!isColour || values.greyChannels)
      ? ['inverted:0..1', 'inverted:-1..1', 'inverted:0..255']
      : []),
  ];
  const scales = names.map((name) => named(from, name, values.range));
  return stored.length === 1 ? ['mean,std', ...scales] : scales;
}

/** The scale of this name for values stored so; the shortest name, where the stored values are what is wanted. */
function named(from: string, name: string, range: StoredValues['range']): Scale {
  const [before, target] = name.split(':');
  const kept = before === 'bgr' && target === (range ?? '0..255') ? 'bgr:none' : null;
  const full = kept ?? (from === '' ? name.replace('0..255', 'none') : from + name);
  const scale = SCALES.find((one) => one === full);
  if (scale === undefined) throw new Error(`No scale ${full}`);
  return scale;
}
