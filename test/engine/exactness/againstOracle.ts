import assert from 'node:assert/strict';
import type { StoredRun } from '../../../src/protocol/engine';
import type { UnitColumn } from '../../../src/protocol/units';
import type { Oracle } from '../oracle/client';
import type { Outcome, Replacement, UnitOutcome } from '../oracle/maskOracle';
import { rowOf } from './engineRun';

/** What a comparison rests on: the samples' labels and the oracle's baseline. */
export interface Truth {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly baseline: Outcome;
}

/** A run's baseline is the oracle's: counts exactly, loss to 1e-5. */
export function assertBaseline(run: StoredRun, { labels, baseline }: Truth): void {
  assert.equal(run.record.baseline.samples, labels.length);
  assert.equal(run.record.baseline.correct, baseline.correct);
  assert.deepEqual(
    run.record.baseline.per_class.map((entry) => entry.correct),
    [...baseline.class_correct],
  );
  assertNear(run.record.baseline.loss, baseline.loss, 1e-5 + baseline.loss_rounding, 'baseline loss');
}

/**
 * What the oracle finds when units are replaced, one draw after another: counts and losses are means over the
 * draws.
 */
export async function drawnOutcomes(
  oracle: Oracle,
  at: string,
  units: readonly number[],
  draws: readonly Replacement[],
): Promise<UnitOutcome[]> {
  const drawn: UnitOutcome[][] = [];
  for (const replacement of draws) drawn.push(await oracle.ask('units', { at, units, replacement }));
  return units.map((unit, k) => {
    const outcomes = drawn.map((each) => each[k] as UnitOutcome);
    const mean = (count: (outcome: UnitOutcome) => number): number =>
      outcomes.reduce((sum, outcome) => sum + count(outcome), 0) / draws.length;
    const [first] = outcomes as [UnitOutcome];
    return {
      ...first,
      unit,
      correct: mean(({ correct }) => correct),
      class_correct: Float64Array.from(first.class_correct, (_, c) =>
        mean(({ class_correct }) => class_correct[c] as number),
      ),
      loss: mean(({ loss }) => loss),
      loss_rounding: mean(({ loss_rounding }) => loss_rounding),
      ties: outcomes.reduce((sum, { ties }) => sum + ties, 0),
      flips_to_wrong: mean(({ flips_to_wrong }) => flips_to_wrong),
      flips_to_right: mean(({ flips_to_right }) => flips_to_right),
    };
  });
}

/**
 * The outcomes of some units of a site are the oracle's: counts exactly, losses to 1e-5·max(1, loss).
 * @param draws how many the outcomes are means of
 */
export function assertUnits(
  run: StoredRun,
  site: string,
  outcomes: readonly UnitOutcome[],
  truth: Truth,
  draws = 1,
): void {
  const { labels, classes, baseline } = truth;
  const sizes = new Int32Array(classes);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  for (const outcome of outcomes) {
    const row = rowOf(run, site, outcome.unit);
    const what = `${site} #${outcome.unit}`;
    const value = (column: UnitColumn): number => run.table.columns[column][row] as number;
    const counts = {
      n: value('n'),
      baseline_correct: value('baseline_correct'),
      ablated_correct: value('ablated_correct'),
      flips_to_wrong: value('flips_to_wrong'),
      flips_to_right: value('flips_to_right'),
    };
    assert.deepEqual(
      counts,
      {
        n: labels.length,
        baseline_correct: baseline.correct,
        ablated_correct: outcome.correct,
        flips_to_wrong: outcome.flips_to_wrong,
        flips_to_right: outcome.flips_to_right,
      },
      what,
    );
    assertNear(
      value('accuracy_drop'),
      (baseline.correct - outcome.correct) / labels.length,
      1e-12,
      `accuracy drop of ${what}`,
    );
    const increase = outcome.loss - baseline.loss;
    assertNear(
      value('loss_increase'),
      increase,
      1e-5 * Math.max(1, outcome.loss) + outcome.loss_rounding,
      `loss increase of ${what}`,
    );
    const drops = [...run.table.class_drop.subarray(row * classes, (row + 1) * classes)];
    const correct = drops.map(
      (drop, c) => (baseline.class_correct[c] as number) - drop * (sizes[c] as number),
    );
    assert.deepEqual(
      correct.map((count, c) => ((sizes[c] as number) > 0 ? roundedCount(count * draws, what) : 0)),
      Array.from(outcome.class_correct, (count) => Math.round(count * draws)),
      `right answers of each class without ${what}`,
    );
    const largest = Math.max(...drops.filter((drop) => !Number.isNaN(drop)));
    assert.equal(value('max_class_drop'), largest, what);
    if (largest > 0) assert.equal(drops[value('max_class')], largest, what);
  }
}

/** What all units of a site do is what the oracle saw: mean activation, activity, dead units, selectivity. */
export async function assertActivity(
  run: StoredRun,
  oracle: Oracle,
  site: string,
  at: string,
): Promise<void> {
  const units = await oracle.ask('activity', { at });
  units.forEach((expected, unit) => {
    const row = rowOf(run, site, unit);
    const what = `${site} #${unit}`;
    const value = (column: UnitColumn): number => run.table.columns[column][row] as number;
    assert.equal(value('dead'), Number(expected.dead), `${what} dead`);
    assert.equal(value('active_fraction'), expected.active_fraction, `${what} active_fraction`);
    assert.equal(value('selectivity_valid'), Number(!expected.negative), `${what} selectivity_valid`);
    assertNear(value('mean_activation'), expected.mean, 1e-5 * Math.max(1, Math.abs(expected.mean)), what);
    if (!expected.negative)
      assertNear(value('selectivity'), expected.selectivity, 1e-5, `selectivity of ${what}`);
    const preferred = [expected.preferred_class, ...expected.preferred_also];
    assert.ok(preferred.includes(value('preferred_class')), `${what} preferred_class`);
  });
}

/** Holds a whole site against the oracle: its units set to zero, and what they do when nothing is ablated. */
export async function assertSite(
  run: StoredRun,
  oracle: Oracle,
  truth: Truth,
  site: string,
  at: string,
  count: number,
): Promise<void> {
  await assertReplaced(run, oracle, truth, { site, at, units: count }, [{ kind: 'zero' }]);
  await assertActivity(run, oracle, site, at);
}

/** Holds all units of a site against the oracle, replaced in as many ways as there are draws. */
export async function assertReplaced(
  run: StoredRun,
  oracle: Oracle,
  truth: Truth,
  place: { readonly site: string; readonly at: string; readonly units: number },
  draws: readonly Replacement[],
): Promise<void> {
  const units = Array.from({ length: place.units }, (_, unit) => unit);
  const outcomes = await drawnOutcomes(oracle, place.at, units, draws);
  assertUnits(run, place.site, outcomes, truth, draws.length);
}

function assertNear(actual: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual}, the oracle has ${expected}`);
}

/** A count computed back from a recall; must be a whole number up to rounding. */
function roundedCount(count: number, what: string): number {
  const whole = Math.round(count);
  assert.ok(
    Math.abs(count - whole) < 1e-6,
    `${what}: a class drop that is no whole number of samples (${count})`,
  );
  return whole + 0; // −0 becomes 0
}
