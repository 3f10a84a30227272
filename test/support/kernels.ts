import assert from 'node:assert/strict';
import { Control } from '../../src/core/control';
import { KernelPool } from '../../src/core/kernels/kernelPool';
import { ScoringTask, type ScoredOutcome, type ScoredPairs } from '../../src/core/kernels/scoringTask';
import type { Head } from '../../src/core/network/network';
import { readKernels } from '../../src/engine/kernelFile';
import { normals, uniforms } from './seeded';

/** Bound on near-ties in these tests. */
export const BOUND = 2 ** -12;

/** The compiled kernels on two threads. */
export async function startKernels(threads = 2): Promise<KernelPool> {
  const bytes = readKernels();
  assert.ok(bytes !== null, 'dist/kernels.wasm is not built: node scripts/kernels.mjs');
  return KernelPool.start(bytes, threads);
}

/** A control that nobody cancels. */
export function freely(): Control {
  return new Control(new AbortController().signal);
}

export function headOf(kind: 'softmax' | 'sigmoid', classes: number): Head {
  return { kind, scores: 'scores', output: 'scores', classes };
}

/** What one row of scores says, in double precision. */
export interface RowScore {
  readonly predicted: number;
  readonly loss: number;
  /** How far the two best scores are apart, relative to the larger one's size. */
  readonly margin: number;
}

export function scoreOf(head: Head, row: readonly number[], label: number): RowScore {
  if (head.kind === 'sigmoid') {
    const z = row[0]!;
    const against = label === 1 ? -z : z;
    const loss = Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    return { predicted: z > 0 ? 1 : 0, loss, margin: Math.abs(z) };
  }
  const sorted = [...row].sort((a, b) => b - a);
  const top = sorted[0]!;
  const loss = top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0)) - row[label]!;
  return {
    predicted: row.indexOf(top),
    loss,
    margin: (top - sorted[1]!) / Math.max(1, Math.abs(top)),
  };
}

/** Random scores and labels of some samples, and what they say. */
export function randomPairs(
  head: Head,
  units: number,
  samples: number,
  sampleBlock: number,
  seed: number,
): ScoredPairs {
  const count = head.kind === 'sigmoid' ? 1 : head.classes;
  const scores = normals(samples * count, seed).map((value) => 3 * value);
  const labels = Int32Array.from(uniforms(samples, seed + 1), (value) => Math.floor(value * head.classes));
  const rows = Array.from({ length: samples }, (_, n) => [...scores.subarray(n * count, (n + 1) * count)]);
  const said = rows.map((row, n) => scoreOf(head, row, labels[n]!));
  const predicted = Int32Array.from(said, (each) => each.predicted);
  const loss = Float64Array.from(said, (each) => each.loss);
  return { head, units, labels, scores, predicted, loss, bound: BOUND, sampleBlock };
}

/**
 * Holds what a kernel found against scores in double precision.
 * @param scoresOf the class scores of a pair; null where ablation changes nothing
 */
export function assertOutcome(
  outcome: ScoredOutcome,
  pairs: ScoredPairs,
  scoresOf: (unit: number, sample: number) => readonly number[] | null,
): void {
  const { head, units, labels } = pairs;
  const samples = labels.length;
  const near = new Set(outcome.near_ties);
  assert.equal(near.size, outcome.near_ties.length);
  for (let unit = 0; unit < units; unit++) {
    let loss = 0;
    for (let n = 0; n < samples; n++) {
      const what = `unit ${unit} on sample ${n}`;
      const pair = unit * samples + n;
      const row = scoresOf(unit, n);
      const expected =
        row === null
          ? { predicted: pairs.predicted[n]!, loss: pairs.loss[n]!, margin: Infinity }
          : scoreOf(head, row, labels[n]!);
      loss += expected.loss;
      if (Math.abs(expected.margin - BOUND) > BOUND / 8) {
        assert.equal(near.has(pair), expected.margin < BOUND, `${what}: margin ${expected.margin}`);
      }
      if (!near.has(pair)) assert.equal(outcome.predicted[pair], expected.predicted, what);
    }
    const off = Math.abs(outcome.loss_sum[unit]! - loss);
    assert.ok(off <= 2e-6 * Math.max(samples, loss), `loss of unit ${unit} is off by ${off}`);
  }
}

/** Runs `use` with memory and a scoring task that are taken back afterwards. */
export async function scored(
  pool: KernelPool,
  pairs: ScoredPairs,
  use: (scoring: ScoringTask, place: (values: Float32Array | Int32Array) => number) => Promise<void>,
): Promise<ScoredOutcome> {
  return pool.arena.within(async (allocate) => {
    const scoring = new ScoringTask(pool.arena, allocate, pairs);
    await use(scoring, (values) => {
      const address = allocate(values.byteLength);
      if (values instanceof Int32Array) pool.arena.integers(address, values.length).set(values);
      else pool.arena.floats(address, values.length).set(values);
      return address;
    });
    return scoring.outcome();
  });
}

/** Random changes, about half of them 0. */
export function randomChanges(count: number, seed: number): Float32Array {
  const skip = uniforms(count, seed + 1);
  return normals(count, seed).map((value, i) => (skip[i]! < 0.5 ? 0 : value));
}
