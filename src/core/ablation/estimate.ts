import type { Control } from '../control';
import { drawsOf } from './clamp';
import type { Sweep, SweepStudy } from './sweep';

/** A probe at least this long tells the rate, in seconds, and so much of what the site is expected to take. */
const PROBE = { least: 0.002, share: 0.02 };

/** Of the rate of a whole probe, so much at least is taken for that of more. */
const LEAST_RATE = 0.3;

/** Units and samples of the first probe of a site; how many times as many the next has of both, at least and at most. */
const FIRST = 4;
const GROWTH = { least: 2, most: 8 };

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
    const all = site.units * samples.length;
    // The first time pays for what is made once.
    let before = { pairs: 1, took: await sweep.probe(k, first, 1, samples.subarray(0, 1), control) };
    for (;;) {
      const took = await sweep.probe(k, first, units, samples.subarray(0, count), control);
      const pairs = units * count;
      // What comes with every call, however little it does, is left out.
      const more = pairs > before.pairs ? (took - before.took) / (pairs - before.pairs) : 0;
      const rate = Math.max(more, (took / pairs) * LEAST_RATE);
      const whole = took + rate * (all - pairs);
      seconds[k] = whole * draws;
      const target = Math.max(PROBE.least, PROBE.share * whole);
      if ((units === most && count === samples.length) || took >= target) break;
      before = { pairs, took };
      const factor = Math.sqrt((1.5 * target) / took);
      const growth = Math.min(GROWTH.most, Math.max(GROWTH.least, factor));
      units = Math.min(Math.ceil(growth * units), most);
      count = Math.min(Math.ceil(growth * count), samples.length);
    }
  }
  return seconds;
}
