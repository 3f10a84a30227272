import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resampleClamp } from '../../../src/core/ablation/operators/resample';
import type { StoredRun } from '../../../src/protocol/engine';
import type { Operator } from '../../../src/protocol/study';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import type { Replacement, UnitOutcome } from '../oracle/maskOracle';
import { assertReplaced, type Truth } from './againstOracle';
import { analyze, newSession, rowOf, study } from './engineRun';

const SAMPLES = 240;
const DRAWS = 3;
const SEED = 7;
/** A feature map's site in the network of these tests. */
const MAPS = { site: 'relu_a', at: 'relu_a', units: 6 };
/** How many constants a unit's best one is compared with. */
const GRID = 25;

describe('what units are clamped to', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let folder: string | null = null;
  let fixture: Fixture;
  let truth: Truth;
  const runs = new Map<Operator, StoredRun>();

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'operators-'));
    fixture = await oracle.ask('fixture', { name: 'batchNorm', directory: folder, samples: SAMPLES });
    truth = { ...(await oracle.ask('open', { ...fixture, scores: 0 })), labels: fixture.labels };
    const session = newSession();
    for (const operator of ['mean', 'resample', 'optimal'] as const) {
      const spec = study(fixture.model, fixture.data, { operator, draws: DRAWS, seed: SEED, measures: [] });
      runs.set(operator, await analyze(session, spec, path.join(folder, operator)));
    }
    session.dispose();
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  const runOf = (operator: Operator): StoredRun => runs.get(operator) as StoredRun;

  it('mean: every position of a feature map by itself, and not the map’s own mean', async () => {
    await assertReplaced(runOf('mean'), oracle, truth, MAPS, [{ kind: 'mean' }]);
    const { values, shape } = await oracle.ask('values', { at: MAPS.at });
    const units = shape.at(-1)!;
    const ofMap = new Float32Array(units);
    values.forEach((value, i) => (ofMap[i % units] = (ofMap[i % units] as number) + value));
    const constants = ofMap.map((sum) => (sum * units) / values.length);
    await assert.rejects(
      assertReplaced(runOf('mean'), oracle, truth, MAPS, [{ kind: 'constants', values: constants }]),
    );
  });

  it('resample: another sample’s activation, the same for all units, from seed, sample and draw', () => {
    const indices = Int32Array.from({ length: 40 }, (_, n) => 3 * n);
    const donors = (seed: number, draw: number, samples = indices): Int32Array => {
      const clamp = resampleClamp(indices, seed, DRAWS);
      assert.equal(clamp.kind, 'donors');
      return clamp.donors(samples, draw);
    };
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 400; draw++) {
      donors(SEED, draw).forEach((donor, n) => {
        assert.notEqual(donor, indices[n], 'a sample is its own donor');
        assert.ok(indices.includes(donor));
        counts.set(donor, (counts.get(donor) ?? 0) + 1);
      });
    }
    // 16,000 draws over 40 samples: 400 each, with a standard deviation of 20.
    for (const count of counts.values()) assert.ok(Math.abs(count - 400) < 100, String(count));
    assert.equal(counts.size, 40);
    assert.deepEqual(donors(SEED, 2), donors(SEED, 2));
    assert.notDeepEqual(donors(SEED, 2), donors(SEED, 1));
    assert.notDeepEqual(donors(SEED, 2), donors(SEED + 1, 2));
    assert.deepEqual(donors(SEED, 2, indices.slice(10, 13)), donors(SEED, 2).slice(10, 13));
  });

  it('resample: counts are means over the draws, the interval is over samples', async () => {
    const clamp = resampleClamp(Int32Array.from(fixture.labels.keys()), SEED, DRAWS);
    assert.equal(clamp.kind, 'donors');
    const samples = Int32Array.from(fixture.labels.keys());
    const units = Array.from({ length: MAPS.units }, (_, unit) => unit);
    const drawn: UnitOutcome[][] = [];
    for (let draw = 0; draw < DRAWS; draw++) {
      const replacement: Replacement = { kind: 'donors', donors: clamp.donors(samples, draw) };
      drawn.push(await oracle.ask('units', { at: MAPS.at, units, replacement }));
    }
    const run = runOf('resample');
    for (const unit of units) {
      const nets = Array.from(fixture.labels, (label, n) => {
        const before = Number(truth.baseline.predictions[n] === label);
        const after = drawn.map((each) => Number(each[unit]?.predictions[n] === label));
        return before - after.reduce((a, b) => a + b, 0) / DRAWS;
      });
      const mean = nets.reduce((a, b) => a + b, 0) / SAMPLES;
      const variance = nets.reduce((sum, net) => sum + (net - mean) ** 2, 0) / (SAMPLES - 1);
      const half = 1.959963984540054 * Math.sqrt(variance / SAMPLES);
      const { columns } = run.table;
      const row = rowOf(run, MAPS.site, unit);
      assert.ok(variance > 0, `nothing changes without #${unit}`);
      assert.ok(Math.abs((columns.accuracy_drop[row] as number) - mean) < 1e-12);
      assert.ok(Math.abs((columns.drop_low[row] as number) - (mean - half)) < 1e-9, `lower end of #${unit}`);
      assert.ok(Math.abs((columns.drop_high[row] as number) - (mean + half)) < 1e-9, `upper end of #${unit}`);
    }
  });

  it('optimal: fitted on a stored part and measured on the rest, no constant on a grid being better', async () => {
    const { clamp, baseline, seed } = runOf('optimal').record;
    assert.equal(clamp?.operator, 'optimal');
    assert.equal(new Set(clamp.fitted_on).size, SAMPLES / 4);
    assert.equal(baseline.samples, SAMPLES - SAMPLES / 4);
    assert.equal(seed, SEED);
    const { values } = await oracle.ask('values', { at: MAPS.at });
    const size = fixture.x.length / SAMPLES;
    const x = new Float32Array(clamp.fitted_on.length * size);
    clamp.fitted_on.forEach((n, k) => x.set(fixture.x.subarray(n * size, (n + 1) * size), k * size));
    const labels = Int32Array.from(clamp.fitted_on, (n) => fixture.labels[n] as number);
    await oracle.ask('open', { ...fixture, x, labels, scores: 0 });
    const units = Array.from({ length: MAPS.units }, (_, unit) => unit);
    const lossesAt = async (constants: Float32Array): Promise<number[]> => {
      const replacement: Replacement = { kind: 'constants', values: constants };
      const outcomes = await oracle.ask('units', { at: MAPS.at, units, replacement });
      return outcomes.map(({ loss }) => loss);
    };
    const ranges = units.map((unit) => {
      const own = values.filter((_, i) => i % MAPS.units === unit);
      return { low: own.reduce((a, b) => Math.min(a, b)), high: own.reduce((a, b) => Math.max(a, b)) };
    });
    const stored = await lossesAt(Float32Array.from(clamp.constants[MAPS.site] ?? []));
    for (let g = 0; g < GRID; g++) {
      const points = Float32Array.from(ranges, ({ low, high }) => low + ((high - low) * g) / (GRID - 1));
      (await lossesAt(points)).forEach((loss, unit) => {
        const best = stored[unit] as number;
        assert.ok(loss > best - 1e-4, `#${unit}: ${loss} at ${points[unit]}, ${best} at the constant stored`);
      });
    }
  });
});
