import type { Measure } from '../../protocol/study';
import type { UnitTable } from '../../protocol/units';
import type { Control } from '../control';
import { hasOutgoing } from '../measures/outgoing';
import { drawsOf, type Clamp } from './clamp';
import { prepareStudy, type StudyParts } from './prepare';
import { staticMeasures } from './staticMeasures';
import { PIECE_UNITS, Sweep, sweepRounds } from './sweep';
import { Tally } from './tally';
import { unaffectedUnits } from './unaffected';

/**
 * Sweeps all units on the samples of a study at one go, nothing being written: what orders are ranked by.
 * @param parts its samples are those to rank on; its operator is left aside
 * @param clamps one a site
 * @param wanted measures beside importance and selectivity
 * @param progress called with the share done, 0 … 1
 * @throws Cancelled
 */
export async function measureUnits(
  parts: StudyParts,
  clamps: readonly Clamp[],
  wanted: ReadonlySet<Measure>,
  control: Control,
  progress: (share: number) => void,
): Promise<UnitTable> {
  const { network, sites, samples } = parts;
  const prepared = await prepareStudy({ ...parts, operator: 'zero' }, control, () => undefined);
  const { slices } = sweepRounds(network, prepared.measured);
  const { before } = prepared;
  const draws = Math.max(...clamps.map(drawsOf));
  const tally = new Tally(sites, network.head.classes, before, samples.labels, slices, draws);
  const unaffected = sites.map((site, k) =>
    unaffectedUnits(site, clamps[k]!, before.sites[k]!, hasOutgoing(network, site)),
  );
  const sweep = new Sweep({ ...prepared.sweep, clamps, unaffected });
  const work = tally.rows * prepared.measured.length;
  let done = 0;
  try {
    // Site by site, so that what is kept of a site is used up before the next.
    for (const [site, { units }] of sites.entries()) {
      for (const slice of slices) {
        for (let first = 0; first < units; first += PIECE_UNITS) {
          const task = { site, first_unit: first, units: Math.min(PIECE_UNITS, units - first), slice };
          const size = task.units * slice.samples.length;
          const piece = await sweep.run(task, control, (share) => {
            progress((done + share * size) / work);
          });
          done += size;
          tally.add(piece);
        }
      }
    }
    tally.addColumns(await staticMeasures(parts, prepared, wanted, control));
    return tally.table();
  } finally {
    sweep.dispose();
    prepared.dispose();
  }
}
