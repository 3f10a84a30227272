import type { Headline } from '../../protocol/run';
import type { SiteInfo } from '../../protocol/study';
import type { UnitTable } from '../../protocol/units';

/**
 * Says in a line what the pictures show. The worst unit is chosen on one half of the data and its figure given
 * on the other: the largest of many noisy figures would flatter itself.
 * @param halfDrop importance of a row's unit on a half, a fraction
 */
export function headlineOf(
  sites: readonly SiteInfo[],
  table: UnitTable,
  halfDrop: (row: number, half: 0 | 1) => number,
): Headline {
  let worst = -1;
  let dead = 0;
  for (let row = 0; row < table.rows; row++) {
    dead += table.columns.dead[row]!;
    const drop = halfDrop(row, 0);
    if (!Number.isNaN(drop) && (worst < 0 || drop > halfDrop(worst, 0))) worst = row;
  }
  const units = table.rows;
  const silent =
    dead === 0
      ? `all ${String(units)} fire`
      : `${String(dead)} of ${String(units)} never ${dead === 1 ? 'fires' : 'fire'}`;
  const measured = worst < 0 ? NaN : halfDrop(worst, 1);
  if (Number.isNaN(measured)) return { text: `Nothing is deleted yet; ${silent}.`, worst: null, dead, units };
  const { site, unit } = locate(sites, worst);
  if (table.columns.within_noise.every((flag) => flag === 1)) {
    return {
      text: `No single neuron’s deletion stands out from noise; ${silent}.`,
      worst: null,
      dead,
      units,
    };
  }
  const points = (Math.abs(measured) * 100).toFixed(2);
  const effect =
    measured > 0 ? `costs ${points} points` : measured < 0 ? `gains ${points} points` : 'changes nothing';
  return {
    text: `Deleting the worst single neuron, ${site} #${String(unit)}, ${effect}; ${silent}.`,
    worst: { site, unit, accuracy_drop: measured },
    dead,
    units,
  };
}

function locate(sites: readonly SiteInfo[], row: number): { site: string; unit: number } {
  let unit = row;
  for (const site of sites) {
    if (unit < site.units) return { site: site.name, unit };
    unit -= site.units;
  }
  throw new Error(`No unit in row ${String(row)}`);
}
