import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resampleClamp } from '../../../src/core/ablation/operators/resample';
import type { WayName } from '../../../src/core/ablation/ways/way';
import type { SessionOptions } from '../../../src/engine/session';
import type { StoredRun } from '../../../src/protocol/engine';
import type { StudySpec } from '../../../src/protocol/study';
import type { Fixture, InputValues } from '../../support/models';
import { requireNative } from '../../support/requirements';
import type { SeveralInputsName } from '../../support/severalInputs';
import { Oracle } from '../oracle/client';
import type { Replacement } from '../oracle/maskOracle';
import { assertActivity, assertBaseline, assertReplaced, type Truth } from './againstOracle';
import { analyze, assertSameCounts, newSession, siteList, study } from './engineRun';

const SAMPLES = 240;
const DRAWS = 2;
const SEED = 7;
const WAYS: readonly WayName[] = ['closed-form', 'jacobian', 'fused', 'delta', 'stacked'];
/** So little that no value is kept and few pairs are computed at once. */
const LITTLE = 2 ** 18;

/** A site by hand: its name, which is the call of the layer too, and the number of units. */
const NETWORKS: Record<SeveralInputsName, readonly (readonly [site: string, at: string, units: number])[]> = {
  imageAndTable: [
    ['maps', 'maps', 6],
    ['facts', 'facts', 7],
    ['deep', 'deep', 7],
    ['shared', 'shared', 8],
    ['shared@1', 'shared@1', 8],
    ['joint', 'joint', 9],
  ],
  wordsAndNumbers: [
    ['embedding', 'embedding', 5],
    ['counted', 'counted', 6],
    ['gru', 'gru', 6],
    ['known', 'known', 6],
  ],
};

/** What is said of the preprocessing. */
const NOTES: Record<SeveralInputsName, string> = {
  imageAndTable: 'The preprocessing is for image; taken as stored: table.',
  wordsAndNumbers: 'The preprocessing is for numbers; taken as stored: words.',
};

describe('networks with several inputs', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'inputs-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  for (const [name, places] of Object.entries(NETWORKS) as [
    SeveralInputsName,
    (typeof NETWORKS)[SeveralInputsName],
  ][]) {
    describe(name, () => {
      let fixture: Fixture;
      let truth: Truth;
      const directory = (): string => path.join(folder as string, name);
      const run = async (
        title: string,
        more: Partial<StudySpec>,
        options: Partial<SessionOptions> = {},
        backend: 'tfjs-node' | 'wasm' = 'tfjs-node',
      ): Promise<StoredRun> => {
        const session = newSession(backend, options);
        const spec = study(fixture.model, fixture.data, { draws: DRAWS, seed: SEED, measures: [], ...more });
        const result = await analyze(session, spec, path.join(directory(), title));
        session.dispose();
        return result;
      };
      const open = async (part: Fixture): Promise<Truth> => ({
        ...(await oracle.ask('open', { ...part, scores: 0 })),
        labels: part.labels,
      });
      const assertAll = async (found: StoredRun, draws: (site: string) => Replacement[]): Promise<void> => {
        assertBaseline(found, truth);
        for (const [site, at, units] of places) {
          await assertReplaced(found, oracle, truth, { site, at, units }, draws(site));
        }
      };

      before(async () => {
        fixture = await oracle.ask('fixture', { name, directory: directory(), samples: SAMPLES });
      });
      beforeEach(async () => {
        truth = await open(fixture);
      });

      it('zero: sites, counts and activity are the oracle’s, and no tensor is left behind', async () => {
        await newSession().hello();
        const before = tf.memory().numTensors;
        const found = await run('zero', {}, {});
        assert.equal(tf.memory().numTensors, before, 'tensors left behind');
        // Sites of branches stand in the model's own order, whatever that is.
        assert.deepEqual(
          Object.entries(siteList(found)).sort(),
          places.map(([site, , units]) => [site, units] as const).sort(),
        );
        assert.deepEqual(found.record.notes, [NOTES[name]]);
        await assertAll(found, () => [{ kind: 'zero' }]);
        for (const [site, at] of places) await assertActivity(found, oracle, site, at);
      });

      it('mean: counts are the oracle’s', async () => {
        await assertAll(await run('mean', { operator: 'mean' }), () => [{ kind: 'mean' }]);
      });

      it('resample: counts are the oracle’s', async () => {
        const samples = Int32Array.from(fixture.labels.keys());
        const clamp = resampleClamp(samples, SEED, DRAWS);
        assert.equal(clamp.kind, 'donors');
        const draws = Array.from({ length: DRAWS }, (_, draw): Replacement => {
          return { kind: 'donors', donors: clamp.donors(samples, draw) };
        });
        await assertAll(await run('resample', { operator: 'resample' }), () => draws);
      });

      it('optimal: counts on the samples it was not fitted on are the oracle’s', async () => {
        const found = await run('optimal', { operator: 'optimal' });
        const { clamp } = found.record;
        assert.equal(clamp?.operator, 'optimal');
        const rest = [...fixture.labels.keys()].filter((n) => !clamp.fitted_on.includes(n));
        truth = await open(partOf(fixture, rest));
        await assertAll(found, (site) => [
          { kind: 'constants', values: Float32Array.from(clamp.constants[site] ?? []) },
        ]);
      });

      it('counts alike every way, within little memory, and on WebAssembly', async () => {
        for (const operator of ['zero', 'resample'] as const) {
          const chosen = await run(`${operator}-chosen`, { operator });
          for (const way of operator === 'zero' ? WAYS : []) {
            const forced = await run(`${operator}-${way}`, { operator }, { way });
            assertSameCounts(forced, chosen, `${operator} by ${way}`);
          }
          const small = await run(`${operator}-small`, { operator }, { memoryLimit: LITTLE });
          assertSameCounts(small, chosen, `${operator} within little memory`);
          const wasm = await run(`${operator}-wasm`, { operator }, {}, 'wasm');
          const ties = Math.max(chosen.record.near_ties.pairs, wasm.record.near_ties.pairs);
          const counts = wasm.table.columns.ablated_correct;
          const apart = chosen.table.columns.ablated_correct.reduce(
            (sum, count, row) => sum + Math.abs(count - (counts[row] as number)),
            0,
          );
          assert.ok(apart <= ties, `${operator} on WebAssembly: ${apart} counts apart, ${ties} near-ties`);
        }
      });

      it('sets of units, of one branch and of both, give what the oracle gives', async () => {
        const { record } = await run('sets', { sites: places.map(([site]) => site) });
        for (const memoryLimit of [undefined, LITTLE]) {
          const session = newSession('tfjs-node', memoryLimit === undefined ? {} : { memoryLimit });
          for (const count of [1, 2, places.length, 2]) {
            const chosen = places.slice(-count).map(([site, at]) => ({ site, at, units: [0, 2, 3] }));
            const deleted = chosen.flatMap(({ site, units }) => units.map((unit) => ({ site, unit })));
            const found = await session.evaluate({ record, deleted }, new AbortController().signal);
            const outcome = await oracle.ask('run', chosen);
            assert.equal(found.correct, outcome.correct);
            const within = 1e-5 * Math.max(1, outcome.loss) + outcome.loss_rounding;
            assert.ok(Math.abs(found.loss - outcome.loss) <= within);
          }
          session.dispose();
        }
      });

      it('has first-order estimates', async () => {
        const found = await run('measures', { measures: ['first_order', 'mutual_information'] });
        assert.ok(found.table.columns.first_order.every((value) => Number.isFinite(value)));
        assert.ok(found.table.columns.first_order_abs.some((value) => value > 0));
      });
    });
  }

  it('lists the inputs of a model', async () => {
    const directory = path.join(folder as string, 'listed');
    const { model } = await oracle.ask('fixture', { name: 'imageAndTable', directory, samples: 10 });
    const { inputs } = await newSession().inspectModel(model);
    assert.deepEqual(inputs, [
      { name: 'image', shape: [8, 8, 2] },
      { name: 'table', shape: [5] },
    ]);
  });
});

/** Some of a fixture's samples. */
function partOf(fixture: Fixture, samples: readonly number[]): Fixture {
  const rows = ({ x, shape }: InputValues): InputValues => {
    const size = shape.reduce((a, b) => a * b, 1);
    const part = new Float32Array(samples.length * size);
    samples.forEach((n, k) => part.set(x.subarray(n * size, (n + 1) * size), k * size));
    return { x: part, shape };
  };
  const labels = Int32Array.from(samples, (n) => fixture.labels[n] as number);
  return { ...fixture, ...rows(fixture), more: (fixture.more ?? []).map(rows), labels };
}
