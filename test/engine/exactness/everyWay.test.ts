import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WayName } from '../../../src/core/ablation/ways/way';
import type { SessionOptions } from '../../../src/engine/session';
import type { StoredRun } from '../../../src/protocol/engine';
import { OPERATORS } from '../../../src/protocol/study';
import { requireNative } from '../../support/requirements';
import type { InputKind } from '../../support/randomStages';
import { Oracle } from '../oracle/client';
import { assertReplaced } from './againstOracle';
import { analyze, assertSameCounts, newSession, study } from './engineRun';

const SAMPLES = 90;
const WAYS: readonly WayName[] = ['closed-form', 'jacobian', 'fused', 'delta', 'stacked'];

/** Random networks on which, together, every way applies somewhere. */
const NETWORKS: readonly (readonly [InputKind, number])[] = [
  ['vector', 201],
  ['vector', 203],
  ['image', 202],
  ['image', 204],
  ['sequence', 205],
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

  for (const [kind, seed] of NETWORKS) {
    it(`counts the same as every other, on the ${kind} network ${seed}`, async () => {
      const directory = path.join(folder as string, String(seed));
      const fixture = await oracle.ask('random', { seed, kind, directory, samples: SAMPLES });
      const truth = { ...(await oracle.ask('open', fixture)), labels: fixture.labels };
      const runWith = async (
        operator: (typeof OPERATORS)[number],
        name: string,
        options: Partial<SessionOptions>,
      ): Promise<StoredRun> => {
        const session = newSession('tfjs-node', options);
        const spec = study(fixture.model, fixture.data, { operator, draws: 2, measures: [] });
        const run = await analyze(session, spec, path.join(directory, `${operator}-${name}`));
        session.dispose();
        return run;
      };
      for (const operator of ['zero', 'mean', 'resample'] as const) {
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
      }
    });
  }

  it('was used on some site', () => {
    assert.deepEqual([...used].sort(), WAYS.filter((way) => way !== 'jacobian').sort());
  });
});
