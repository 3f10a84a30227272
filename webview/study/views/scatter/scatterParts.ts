import type { RunRecord } from '../../../../src/protocol/run';
import type { UnitTable } from '../../../../src/protocol/units';
import type { ScatterChoices } from './scatterChoices';
import { endsOf, type ScatterPart } from './scatterModel';

/** A site in the plots. */
export interface PlottedSite {
  readonly name: string;
  /** Its place in the record, which gives its colour. */
  readonly index: number;
  readonly first: number;
  readonly units: number;
  readonly shown: boolean;
}

/** All sites, in the order of the network. */
export function plottedSites(
  record: Pick<RunRecord, 'sites'> | null,
  { hidden }: Pick<ScatterChoices, 'hidden'>,
): readonly PlottedSite[] {
  let next = 0;
  return (record?.sites ?? []).map(({ name, units }, index) => {
    const first = next;
    next += units;
    return { name, index, first, units, shown: !hidden.includes(name) };
  });
}

/** The rows of some sites. */
export function rowsOf(sites: readonly PlottedSite[]): Int32Array {
  const rows = new Int32Array(sites.reduce((sum, { units }) => sum + units, 0));
  let at = 0;
  for (const { first, units } of sites) for (let unit = 0; unit < units; unit++) rows[at++] = first + unit;
  return rows;
}

/** What plot `at` shows of the sites that are shown: all in one, or one part a site, on the same axes. */
export function scatterParts(
  table: UnitTable | null,
  sites: readonly PlottedSite[],
  { plots, apart }: ScatterChoices,
  at: number,
): readonly ScatterPart[] {
  const choice = plots[at];
  if (choice === undefined || table === null) return [];
  const shown = sites.filter((site) => site.shown);
  const rows = rowsOf(shown);
  const ends = {
    xEnds: endsOf(table.columns[choice.x], rows, choice.xLog),
    yEnds: endsOf(table.columns[choice.y], rows, choice.yLog),
  };
  return apart
    ? shown.map((site) => ({ site: site.name, choice, rows: rowsOf([site]), ...ends }))
    : [{ site: null, choice, rows, ...ends }];
}
