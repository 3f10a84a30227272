import type { Control } from '../control';
import { drawsOf } from './clamp';
import type { Sweep, SweepStudy } from './sweep';

/** A probe at least this long tells the rate, in seconds, and so much of what the site is expected to take. */
const PROBE = { least: 0.002, share: 0.02 };

/** Units and samples of the first probe of a site, and how many times as many the next has of both. */
const FIRST = 4;
const GROWTH = 2;

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
    const most = site.units - first;
    let units = Math.min(FIRST, most);
    let count = Math.min(FIRST, samples.length);
    // The first time pays for what is made once.
    await sweep.probe(k, first, 1, samples.subarray(0, 1), control);
    for (;;) {
      const took = await sweep.probe(k, first, units, samples.subarray(0, count), control);
      seconds[k] = ((took * site.units) / units) * (samples.length / count) * draws;
      const isAll = units === most && count === samples.length;
      if (isAll || took >= Math.max(PROBE.least, PROBE.share * seconds[k])) break;
      units = Math.min(GROWTH * units, most);
      count = Math.min(GROWTH * count, samples.length);
    }
  }
  return seconds;
}
