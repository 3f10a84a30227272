import type { SiteFigures } from '../protocol/engine';
import { readRun } from '../runs/readRun';
import { layerSummary } from '../runs/summary';

/** What the units of a run come to, site by site. Throws {@link Failure} if the directory holds no run. */
export async function siteFigures(directory: string): Promise<readonly SiteFigures[]> {
  return layerSummary(await readRun(directory)).map(({ site, dead, worst }) => ({
    site,
    dead,
    worst: worst && { unit: worst.unit, accuracy_drop: worst.accuracy_drop },
  }));
}
