import type { Control } from '../control';
import { drawsOf } from './clamp';
import type { Sweep, SweepStudy } from './sweep';

/** A probe at least this long tells the rate, in seconds. */
const PROBE = 0.008;

/** Units and samples of the first probe of a site. */
const FIRST = 16;

/**
 * What a sweep will cost, found by trying: of each site some units on some samples, more of both until it takes long
 * enough to be timed, then in proportion. What the ways prepare for it is used by the sweep itself.
 * @param samples the samples to be measured on
 * @returns seconds, one entry a site
 * @throws Cancelled
 */
export async function estimateSweep(
  sweep: Sweep,
  { sites, clamps, unaffected }: SweepStudy,
  samples: Int32Array,
  control: Control,
): Promise<Float64Array> {
  const seconds = new Float64Array(sites.length);
  for (const [k, site] of sites.entries()) {
    const first = unaffected[k]!.indexOf(0);
    if (first < 0) continue;
    const draws = drawsOf(clamps[k]!);
    let units = Math.min(FIRST, site.units - first);
    let count = Math.min(FIRST, samples.length);
    // The first time pays for what is made once.
    await sweep.probe(k, first, units, samples.subarray(0, count), control);
    for (;;) {
      const took = await sweep.probe(k, first, units, samples.subarray(0, count), control);
      seconds[k] = ((took * site.units) / units) * (samples.length / count) * draws;
      const isAll = units === site.units - first && count === samples.length;
      if (took >= PROBE || isAll) break;
      units = Math.min(2 * units, site.units - first);
      count = Math.min(2 * count, samples.length);
    }
  }
  return seconds;
}
