import path from 'node:path';
import { Failure } from '../protocol/failure';
import type { SiteInfo, UnitRef } from '../protocol/study';

/** What one `--delete` names: units of a site as ranges, both ends included, or all of them. */
export interface DeleteFlag {
  readonly site: string;
  readonly units: 'all' | readonly (readonly [first: number, last: number])[];
}

/**
 * Reads `<site>:3,7-9` or `<site>:all`. A site's name may hold colons itself.
 *
 * @throws Error with one sentence when it is neither
 */
export function parseDeleteFlag(text: string): DeleteFlag {
  const colon = text.lastIndexOf(':');
  const site = text.slice(0, Math.max(colon, 0)).trim();
  const list = text.slice(colon + 1).trim();
  if (site === '' || list === '')
    throw new Error('Give <site>:<units>, such as dense_1:3,7-9 or dense_1:all.');
  if (list === 'all') return { site, units: 'all' };
  const units = list.split(',').map((part): readonly [number, number] => {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (match === null)
      throw new Error(`${part.trim() || 'Nothing'} is no number of a unit and no range such as 3-9.`);
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) throw new Error(`The range ${part.trim()} is empty: give the smaller number first.`);
    return [first, last];
  });
  return { site, units };
}

/**
 * The units that flags name, each once, in the order of the sites.
 *
 * @param model path of the model, for the message
 * @throws Failure when the model has no such site or unit, with what it has
 */
export function deletedUnits(
  flags: readonly DeleteFlag[],
  sites: readonly SiteInfo[],
  model: string,
): UnitRef[] {
  for (const { site } of flags) {
    if (sites.some(({ name }) => name === site)) continue;
    const names = sites.map(({ name }) => name).join(', ');
    throw new Failure(`${path.basename(model)} has no site ${site}; its sites are ${names}.`, {
      file: model,
    });
  }
  return sites.flatMap(({ name, units: count }) => {
    const units = new Set<number>();
    for (const flag of flags) {
      if (flag.site !== name) continue;
      const ranges = flag.units === 'all' ? [[0, count - 1] as const] : flag.units;
      for (const [first, last] of ranges) {
        if (last >= count) {
          const has = count === 1 ? 'its one unit is 0' : `its units are 0 to ${count - 1}`;
          throw new Failure(`${name} has no unit ${Math.max(first, count)}; ${has}.`, { file: model });
        }
        for (let unit = first; unit <= last; unit++) units.add(unit);
      }
    }
    return [...units].sort((a, b) => a - b).map((unit) => ({ site: name, unit }));
  });
}

/** Units as they are written on the command line, ranges drawn together: `dense_1:0-3,7`. */
export function unitsText(units: readonly UnitRef[]): string {
  const bySite = new Map<string, number[]>();
  for (const { site, unit } of units) bySite.set(site, [...(bySite.get(site) ?? []), unit]);
  return [...bySite].map(([site, list]) => `${site}:${rangesText(list)}`).join(' ');
}

function rangesText(units: readonly number[]): string {
  const parts: string[] = [];
  for (let from = 0; from < units.length;) {
    let to = from;
    while (units[to + 1] === units[to]! + 1) to += 1;
    parts.push(from === to ? String(units[from]) : `${units[from]!}-${units[to]!}`);
    from = to + 1;
  }
  return parts.join(',');
}
