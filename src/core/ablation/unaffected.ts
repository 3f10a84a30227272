import type { Site } from '../network/sites';
import type { Clamp } from './clamp';
import type { SiteStatistics } from './siteSums';

/**
 * Units that need not be run: the scores do not depend on the site, nothing listens to the unit, or it has the
 * clamp's value everywhere anyway.
 * @param outgoing `[units]`: 0 where all outgoing weights are 0
 * @returns `[units]`: 1 where the clamp is known to change nothing
 */
export function unaffectedUnits(
  site: Site,
  clamp: Clamp,
  statistics: SiteStatistics,
  outgoing: Uint8Array,
): Uint8Array {
  return outgoing.map((listened, unit) => {
    const isFixed = statistics.lowest[unit] === statistics.highest[unit];
    const stays = isFixed && equalsEverywhere(site, clamp, unit, statistics.lowest[unit]!);
    return !site.feeds || listened === 0 || stays ? 1 : 0;
  });
}

/** Is a unit clamped to this value at every position? A donor's activation of a unit that never varies is. */
function equalsEverywhere(site: Site, clamp: Clamp, unit: number, value: number): boolean {
  if (clamp.kind === 'donors') return true;
  const channels = clamp.shape.at(-1)!;
  if (channels !== 1 && channels !== site.units) return false;
  for (let at = channels === 1 ? 0 : unit; at < clamp.values.length; at += channels) {
    if (clamp.values[at] !== value) return false;
  }
  return true;
}
