import type { SampleValues } from './labelledData';
import type { Shape } from './network/network';

/** More channels than this a stored picture hardly has. */
const MOST_CHANNELS = 4;

/** Are these pictures `[channels, height, width]` that turned to `[height, width, channels]` are of this shape? */
export function fitsTurned(wanted: Shape, given: readonly number[]): boolean {
  const [channels = 0, height, width] = given;
  if (given.length !== 3 || wanted.length !== 3 || channels > MOST_CHANNELS) return false;
  return [height, width, channels].every((size, axis) => wanted[axis] === null || wanted[axis] === size);
}

/** Pictures `[channels, height, width]`, as PyTorch keeps them, turned to `[height, width, channels]`. */
export function channelsLast(pictures: SampleValues): SampleValues {
  const [channels = 0, height = 0, width = 0] = pictures.shape;
  const places = height * width;
  return {
    shape: [height, width, channels],
    dtype: pictures.dtype,
    read: async (indices) => {
      const stored = await pictures.read(indices);
      const turned = new Float32Array(stored.length);
      for (let first = 0; first < stored.length; first += places * channels) {
        for (let channel = 0; channel < channels; channel++) {
          const plane = first + channel * places;
          for (let place = 0; place < places; place++) {
            turned[first + place * channels + channel] = stored[plane + place]!;
          }
        }
      }
      return turned;
    },
  };
}
