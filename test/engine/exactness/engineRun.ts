import assert from 'node:assert/strict';
import { defaultNativeFolders } from '../../../src/engine/backend';
import { Session, type SessionOptions } from '../../../src/engine/session';
import type { AnalyzeEvent, StoredRun } from '../../../src/protocol/engine';
import type { StudySpec } from '../../../src/protocol/study';

/** The engine as it runs in its own process, here in the test's. */
export function newSession(
  backend: 'tfjs-node' | 'wasm' = 'tfjs-node',
  more: Partial<SessionOptions> = {},
): Session {
  return new Session({ backend, native: defaultNativeFolders(), log: () => undefined, ...more });
}

/** A study of data that is scaled already, unless `more` says otherwise. */
export function study(model: string, data: string, more: Partial<StudySpec> = {}): StudySpec {
  return { model, data, scale: 'none', operator: 'zero', seed: 7, ...more };
}

/** Analyses to the end, however near chance the model is, and reads the run back from its directory. */
export async function analyze(
  session: Session,
  spec: StudySpec,
  directory: string,
  on: (event: AnalyzeEvent) => void = () => undefined,
): Promise<StoredRun> {
  const never = new AbortController().signal;
  const result = await session.analyze({ spec, directory, accept_chance: true }, on, never);
  assert.equal(result.kind, 'complete');
  return session.readRun(directory);
}

/** What a site is called and how many units it has, in the order of the run. */
export function siteList(run: StoredRun): Record<string, number> {
  return Object.fromEntries(run.record.sites.map((site) => [site.name, site.units]));
}

/** The row of a unit in the table. */
export function rowOf(run: StoredRun, site: string, unit: number): number {
  const index = run.record.sites.findIndex((candidate) => candidate.name === site);
  assert.ok(index >= 0, `The run has no site ${site}`);
  const before = run.record.sites.slice(0, index);
  return before.reduce((sum, candidate) => sum + candidate.units, unit);
}

/** What a comparison of two runs rests on: the columns that are counts. */
const COUNTS = ['n', 'baseline_correct', 'ablated_correct', 'flips_to_wrong', 'flips_to_right'] as const;

/** Two runs have the same counts in every row, of every class too, and losses up to rounding. */
export function assertSameCounts(actual: StoredRun, expected: StoredRun, what: string): void {
  for (const name of COUNTS) {
    assert.deepEqual(actual.table.columns[name], expected.table.columns[name], `${name}, ${what}`);
  }
  assert.deepEqual(actual.table.class_drop, expected.table.class_drop, `class drops, ${what}`);
  const { loss } = expected.record.baseline;
  expected.table.columns.loss_increase.forEach((increase, row) => {
    const other = actual.table.columns.loss_increase[row] as number;
    const within = 1e-5 * Math.max(1, loss + increase);
    assert.ok(
      Math.abs(other - increase) <= within,
      `row ${row}, ${what}: loss increase ${other}, ${increase}`,
    );
  });
}
