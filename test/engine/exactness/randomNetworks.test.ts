import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { assertBaseline, assertSite } from './againstOracle';
import { analyze, newSession, siteList, study } from './engineRun';

/** The first network's seed, and how many there are; the environment may ask for others. */
const FIRST = Number(process.env['ND_RANDOM_SEED'] ?? 1);
const NETWORKS = Number(process.env['ND_RANDOM_NETWORKS'] ?? 24);

const SAMPLES = 280;

describe('the sweep against brute force, on random networks', function () {
  this.timeout(60_000);
  let oracle: Oracle;
  let folder: string | null = null;

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'random-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  for (let seed = FIRST; seed < FIRST + NETWORKS; seed++) {
    it(`network ${seed}`, async () => {
      const directory = path.join(folder as string, String(seed));
      const fixture = await oracle.ask('random', { seed, directory, samples: SAMPLES });
      try {
        const truth = { ...(await oracle.ask('open', fixture)), labels: fixture.labels };
        const run = await analyze(
          newSession(),
          study(fixture.model, fixture.data),
          path.join(directory, 'zero'),
        );
        assert.deepEqual(
          Object.entries(siteList(run)).sort(),
          fixture.sites.map(({ site, units }) => [site, units] as const).sort(),
        );
        assert.deepEqual(run.record.excluded, []);
        assertBaseline(run, truth);
        for (const { site, at, units } of fixture.sites)
          await assertSite(run, oracle, truth, site, at, units);
      } catch (error) {
        console.error(
          `    ND_RANDOM_SEED=${seed} ND_RANDOM_NETWORKS=1 makes it again: ${fixture.description}`,
        );
        throw error;
      }
    });
  }
});
