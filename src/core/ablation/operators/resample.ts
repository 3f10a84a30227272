import { seedFrom } from '../../random';
import type { Clamp } from '../clamp';

/**
 * The operator `resample`: the activation of another sample. The donor of a sample is a function of the seed, the
 * sample and the draw alone, any other sample of the study being equally likely; all units of all sites share it.
 * @param indices the study's samples, at least two
 */
export function resampleClamp(indices: Int32Array, seed: number, draws: number): Clamp {
  const others = Int32Array.from(indices).sort();
  const placeOf = new Map<number, number>();
  others.forEach((index, place) => placeOf.set(index, place));
  const donorOf = (sample: number, draw: number): number => {
    const place = placeOf.get(sample);
    const among = place === undefined ? others.length : others.length - 1;
    const pick = seedFrom(seed, 'donor', sample, draw) % among;
    return others[place !== undefined && pick >= place ? pick + 1 : pick]!;
  };
  return {
    kind: 'donors',
    draws,
    donors: (samples, draw) => samples.map((sample) => donorOf(sample, draw)),
  };
}
