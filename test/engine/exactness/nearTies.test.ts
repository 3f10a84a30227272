import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoredRun } from '../../../src/protocol/engine';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { assertBaseline, assertUnits, type Truth } from './againstOracle';
import { analyze, assertSameCounts, newSession, study } from './engineRun';

const SAMPLES = 384;
const SITES = { hidden: 14, second: 10 };

/** Two classes whose scores are alike but for rounding, on every sample: which is named hangs on the last bits. */
describe('near-ties', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let folder: string | null = null;
  let fixture: Fixture;
  let truth: Truth;
  let whole: StoredRun;

  before(async function () {
    requireNative(this);
    folder = await mkdtemp(path.join(tmpdir(), 'near-ties-'));
    oracle = new Oracle();
    fixture = await oracle.ask('fixture', { name: 'nearTies', directory: folder, samples: SAMPLES });
    truth = { ...(await oracle.ask('open', { ...fixture, scores: 0 })), labels: fixture.labels };
    whole = await runWith('whole', {});
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  async function runWith(
    name: string,
    options: Parameters<typeof newSession>[1],
    backend: 'tfjs-node' | 'wasm' = 'tfjs-node',
  ): Promise<StoredRun> {
    const session = newSession(backend, options);
    const spec = study(fixture.model, fixture.data, { measures: [] });
    const run = await analyze(session, spec, path.join(folder as string, name));
    session.dispose();
    return run;
  }

  it('are made by this model, and counted in run.json', () => {
    const { near_ties } = whole.record;
    assert.ok(truth.baseline.ties > SAMPLES / 20, `${truth.baseline.ties} near-ties of the network as it is`);
    assert.ok(near_ties.pairs > SAMPLES, `${near_ties.pairs} near-ties`);
    assert.ok(near_ties.bound > 0 && near_ties.bound < 1e-3);
    // Both of the two classes are named somewhere, or nothing would hang on the last bits.
    const named = new Set(truth.baseline.predictions);
    assert.ok(named.has(0) && named.has(1));
  });

  it('are decided as the plain forward pass decides them: counts are the oracle’s', async () => {
    assertBaseline(whole, truth);
    for (const [at, count] of Object.entries(SITES)) {
      const units = Array.from({ length: count }, (_, unit) => unit);
      assertUnits(whole, at, await oracle.ask('units', { at, units }), truth);
    }
  });

  it('are decided alike by every way of computing, in blocks of any size', async () => {
    for (const way of ['closed-form', 'jacobian', 'fused', 'delta', 'stacked'] as const) {
      assertSameCounts(await runWith(way, { way }), whole, way);
    }
    const small = await runWith('small', { memoryLimit: 2 ** 18, way: 'stacked' });
    assertSameCounts(small, whole, 'little memory');
  });

  it('explain what WebAssembly counts differently', async () => {
    const wasm = await runWith('wasm', {}, 'wasm');
    const ties = Math.max(whole.record.near_ties.pairs, wasm.record.near_ties.pairs);
    const apart = whole.table.columns.ablated_correct.reduce(
      (sum, count, row) => sum + Math.abs(count - (wasm.table.columns.ablated_correct[row] as number)),
      0,
    );
    assert.ok(apart > 0, 'WebAssembly rounds as tfjs-node does');
    assert.ok(apart <= ties, `${apart} counts apart, ${ties} near-ties`);
  });
});
