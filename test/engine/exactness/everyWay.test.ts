import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WayName } from '../../../src/core/ablation/ways/way';
import type { SessionOptions } from '../../../src/engine/session';
import type { StoredRun } from '../../../src/protocol/engine';
import type { Operator } from '../../../src/protocol/study';
import { requireNative } from '../../support/requirements';
import type { InputKind } from '../../support/randomStages';
import { Oracle } from '../oracle/client';
import { assertReplaced } from './againstOracle';
import { analyze, assertSameCounts, newSession, rowOf, study } from './engineRun';

const SAMPLES = 90;
const WAYS: readonly WayName[] = ['closed-form', 'jacobian', 'fused', 'delta', 'stacked'];

/** Random networks on which, together, every way applies somewhere. */
const NETWORKS: readonly (readonly [InputKind, number, readonly Operator[]])[] = [
  ['vector', 201, ['zero', 'mean', 'resample']],
  ['vector', 203, ['zero', 'mean', 'resample']],
  ['image', 202, ['zero', 'resample']],
  ['sequence', 205, ['zero']],
];

describe('every way of computing', function () {
  this.timeout(120_000);
  let oracle: Oracle;
  let folder: string | null = null;
  const used = new Set<string>();

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'ways-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  for (const [kind, seed, operators] of NETWORKS) {
    it(`counts the same as every other, on the ${kind} network ${seed}`, async () => {
      const directory = path.join(folder as string, String(seed));
      const fixture = await oracle.ask('random', { seed, kind, directory, samples: SAMPLES });
      const truth = { ...(await oracle.ask('open', fixture)), labels: fixture.labels };
      const runWith = async (
        operator: Operator,
        name: string,
        options: Partial<SessionOptions>,
        backend: 'tfjs-node' | 'wasm' = 'tfjs-node',
      ): Promise<StoredRun> => {
        const session = newSession(backend, options);
        const spec = study(fixture.model, fixture.data, { operator, draws: 2, measures: [] });
        const run = await analyze(session, spec, path.join(directory, `${operator}-${name}`));
        session.dispose();
        return run;
      };
      for (const operator of operators) {
        const chosen = await runWith(operator, 'chosen', {});
        if (operator === 'zero') {
          for (const place of fixture.sites) {
            await assertReplaced(chosen, oracle, truth, place, [{ kind: 'zero' }]);
          }
        }
        for (const way of WAYS) {
          const forced = await runWith(operator, way, { way });
          const ways = Object.values(forced.record.ways);
          assert.ok(
            ways.every((name) => name === way || name === 'stacked'),
            `${way} was forced, ${ways.join(', ')} used`,
          );
          for (const name of ways) used.add(name);
          assertSameCounts(forced, chosen, `${operator} by ${way}: ${fixture.description}`);
        }
        // Nothing fits into the memory, so that no value is kept and few pairs are computed at once.
        const small = await runWith(operator, 'small', { memoryLimit: 2 ** 18 });
        assertSameCounts(small, chosen, `${operator} within little memory`);
        const wasm = await runWith(operator, 'wasm', {}, 'wasm');
        const ties = Math.max(chosen.record.near_ties.pairs, wasm.record.near_ties.pairs);
        const apart = chosen.table.columns.ablated_correct.reduce(
          (sum, count, row) => sum + Math.abs(count - (wasm.table.columns.ablated_correct[row] as number)),
          0,
        );
        assert.ok(apart <= ties, `${operator} on WebAssembly: ${apart} counts apart, ${ties} near-ties`);
      }
    });
  }

  it('was used on some site', () => {
    assert.deepEqual([...used].sort(), [...WAYS].sort());
  });

  it('leaves alone what cannot change anything, to the last bit', async () => {
    const directory = path.join(folder as string, 'skipped');
    const fixture = await oracle.ask('fixture', { name: 'mlp', directory, samples: SAMPLES });
    const session = newSession();
    const run = await analyze(session, study(fixture.model, fixture.data), path.join(directory, 'run'));
    session.dispose();
    // One never fires, to the other nothing listens.
    for (const [site, unit] of [
      ['hidden', 3],
      ['hidden', 5],
    ] as const) {
      const row = rowOf(run, site, unit);
      const { columns } = run.table;
      assert.equal(columns.loss_increase[row], 0, `${site} #${unit}`);
      assert.equal(columns.flips_to_wrong[row], 0);
      assert.equal(columns.flips_to_right[row], 0);
    }
  });
});
