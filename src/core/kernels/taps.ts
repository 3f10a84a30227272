import type { Operation } from '../network/network';

/**
 * Where the elements of a layer's input go: a position of the output reads, for each of its taps, all channels of one
 * position of the input, each with its row of weights.
 */
export interface Taps {
  /** Positions of the output. */
  readonly positions: number;
  /** `[positions + 1]`: a position p has the taps starts[p] … starts[p + 1] − 1. */
  readonly starts: Int32Array;
  /** `[taps, 2]`: element of the input, row of weights; both of channel 0. */
  readonly taps: Int32Array;
}

type Padding = 'same' | 'valid' | 'causal';

/** One axis of a convolution. */
interface Axis {
  readonly size: number;
  readonly input: number;
  readonly output: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * The taps of a dense or convolution operation.
 * @param shape of its input, without the batch axis
 * @param channels of its input before a flatten
 * @returns null for an operation of another kind, free sizes, or convolutions in groups
 */
export function tapsOf(mixing: Operation, shape: readonly number[], channels: number): Taps | null {
  const { algebra } = mixing;
  const elements = shape.reduce((product, size) => product * size, 1);
  const inputs = elements / channels;
  if (algebra.kind === 'dense') {
    const rows = algebra.kernel.shape[0];
    const each = Array.from({ length: inputs }, (_, position) => position * channels);
    if (shape.length === 1 && rows === elements) return listed([each.map((at) => [at, at] as const)]);
    return rows === channels ? listed(each.map((at) => [[at, 0] as const])) : null;
  }
  if (algebra.kind !== 'convolution' || algebra.kernel.shape.at(-2) !== channels) return null;
  const window = algebra.kernel.shape.slice(0, -2);
  const output = mixing.shape.slice(1, -1);
  if (output.some((size) => size === null) || shape.length !== window.length + 1) return null;
  const axes = window.map((size, axis): Axis => ({
    size,
    input: shape[axis]!,
    output: output[axis]!,
    stride: algebra.strides[axis] ?? 1,
    dilation: algebra.dilations[axis] ?? 1,
  }));
  // Of the positions so far, in row-major order: the pairs (position of the input, place in the window).
  let reads: (readonly (readonly [number, number])[])[] = [[[0, 0]]];
  for (const axis of axes) {
    const before = paddingBefore(axis, algebra.padding);
    reads = reads.flatMap((outer) =>
      Array.from({ length: axis.output }, (_, position) =>
        outer.flatMap(([input, place]) =>
          Array.from({ length: axis.size }, (__, w) => w).flatMap((w) => {
            const at = position * axis.stride + w * axis.dilation - before;
            const inside = at >= 0 && at < axis.input;
            return inside ? [[input * axis.input + at, place * axis.size + w] as const] : [];
          }),
        ),
      ),
    );
  }
  return listed(
    reads.map((pairs) => pairs.map(([input, place]) => [input * channels, place * channels] as const)),
  );
}

/** Zeros before the first element of an axis, as TensorFlow pads. */
function paddingBefore(axis: Axis, padding: Padding): number {
  if (padding === 'valid') return 0;
  const reach = (axis.size - 1) * axis.dilation;
  if (padding === 'causal') return reach;
  return Math.floor(Math.max(0, (axis.output - 1) * axis.stride + reach + 1 - axis.input) / 2);
}

function listed(positions: readonly (readonly (readonly [number, number])[])[]): Taps {
  const starts = new Int32Array(positions.length + 1);
  positions.forEach((taps, position) => (starts[position + 1] = starts[position]! + taps.length));
  return { positions: positions.length, starts, taps: Int32Array.from(positions.flat(2)) };
}
