import type { Operation } from '../network/network';

/** How far an operation's layer can be changed. `free`: numbers and widths · `numbers`: its weights keep their shapes. */
export type Freedom = 'free' | 'numbers' | 'fixed';

/** Sizes of one sample's value of each operation, `[1, …shape]`, by its id. */
export type ValueShapes = ReadonlyMap<string, readonly number[]>;

/** From a channel of an operation's output to the channel of one of its inputs that it is made of; −1: not of it. */
export interface ChannelMap {
  readonly input: string;
  /** `[output channels]` */
  readonly from: Int32Array;
  /** The input has one channel, which all of the output read: their numbers are not tied to each other. */
  readonly spreads: boolean;
}

/** Channels along the last axis of an operation's value. */
export function widthOf(shapes: ValueShapes, id: string): number {
  return shapes.get(id)?.at(-1) ?? 0;
}

/**
 * Where each channel of an operation's output comes from, one map an input.
 * @returns null where channels are mixed, or it is not known what becomes of them
 */
export function channelMaps(operation: Operation, shapes: ValueShapes): readonly ChannelMap[] | null {
  const { id, inputs, algebra } = operation;
  const width = widthOf(shapes, id);
  const one = (input: string, from: (channel: number) => number): ChannelMap => ({
    input,
    from: Int32Array.from({ length: width }, (_, channel) => from(channel)),
    spreads: false,
  });
  const alike = (): readonly ChannelMap[] | null => {
    const ranks = new Set([id, ...inputs].map((each) => shapes.get(each)?.length));
    const isMoving = inputs.length === 1;
    if (ranks.size !== 1 && !isMoving) return null;
    const maps = inputs.map((input): ChannelMap | null => {
      const own = widthOf(shapes, input);
      if (own === width) return one(input, (channel) => channel);
      return own === 1 && !isMoving ? { ...one(input, () => 0), spreads: true } : null;
    });
    return maps.every((map) => map !== null) ? maps : null;
  };
  switch (algebra.kind) {
    case 'identity':
    case 'pointwise':
    case 'affine':
    case 'pooling':
    case 'add':
    case 'multiply':
      return alike();
    case 'reshape': {
      if (algebra.moves === 'any') return null;
      if (algebra.moves === 'spatial') return alike();
      const channels = widthOf(shapes, inputs[0]!);
      return channels > 0 && width % channels === 0
        ? [one(inputs[0]!, (element) => element % channels)]
        : null;
    }
    case 'depthwise': {
      const multiplier = algebra.kernel.shape.at(-1)!;
      return [one(inputs[0]!, (channel) => Math.floor(channel / multiplier))];
    }
    case 'concatenate': {
      if (algebra.axis !== (shapes.get(id)?.length ?? 0) - 1) return alike();
      let first = 0;
      return inputs.map((input) => {
        const start = first;
        const end = (first += widthOf(shapes, input));
        return one(input, (channel) => (channel >= start && channel < end ? channel - start : -1));
      });
    }
    default:
      return null;
  }
}

/** Does an operation mix all its input's channels through a kernel whose rows are theirs? */
export function mixes({ algebra }: Operation): boolean {
  return algebra.kind === 'dense' || algebra.kind === 'convolution' || algebra.kind === 'recurrent';
}
