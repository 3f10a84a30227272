import assert from 'node:assert/strict';
import type { Session } from '../../../src/engine/session';
import type { CurveOptions, CurvePoint, ExperimentParams } from '../../../src/protocol/curves';
import type { StoredRun } from '../../../src/protocol/engine';
import type { StudySpec } from '../../../src/protocol/study';
import type { Outcome, Place, Replacement } from '../oracle/maskOracle';

/** Sites by hand: name, the call of a layer whose output it is, number of units. */
export type HandSite = readonly [site: string, at: string, units: number];

/** Few curves of few points, unless a test says otherwise. */
export const OPTIONS: CurveOptions = {
  orders: ['random'],
  directions: ['ascending', 'descending'],
  orderings: 2,
  points: 5,
  each: false,
  train: null,
};

/** No cancel. */
export const never = new AbortController().signal;

/** Measures curves to the end and reads the run back from its directory. */
export async function curves(
  session: Session,
  spec: StudySpec,
  directory: string,
  options: Partial<CurveOptions>,
): Promise<{ readonly run: StoredRun; readonly rows: readonly CurvePoint[] }> {
  const params: ExperimentParams<'curves'> = {
    spec,
    directory,
    accept_chance: true,
    options: { ...OPTIONS, ...options },
  };
  const result = await session.curves(params, () => undefined, never);
  assert.equal(result.kind, 'complete');
  const run = await session.readRun(directory);
  assert.ok(run.experiment?.name === 'curves');
  return { run, rows: run.experiment.rows };
}

/** The places that delete the first rows of an order, rows counted over the sites. */
export function placesOf(sites: readonly HandSite[], rows: Int32Array, kind: 'zero' | 'mean'): Place[] {
  const replacement: Replacement = { kind };
  let first = 0;
  return sites.flatMap(([, at, units]) => {
    const own = [...rows].filter((row) => row >= first && row < first + units).map((row) => row - first);
    first += units;
    return own.length === 0 ? [] : [{ at, units: own, replacement }];
  });
}

/** How many of some samples an outcome has right. */
export function rightAmong(indices: Int32Array, labels: Int32Array, { predictions }: Outcome): number {
  return indices.reduce((sum, index) => sum + Number(predictions[index] === labels[index]), 0);
}

/** Units of all sites. */
export function unitsOf(sites: readonly HandSite[]): number {
  return sites.reduce((sum, [, , units]) => sum + units, 0);
}
