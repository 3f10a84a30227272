import assert from 'node:assert/strict';
import type { StoredRun } from '../../../src/protocol/engine';
import type { UnitColumn } from '../../../src/protocol/units';
import { KERAS_NETWORKS } from '../../support/keras/networks';
import {
  modelOf,
  requireKerasFixtures,
  type KerasFixtures,
  type KerasModel,
} from '../../support/kerasFixtures';
import { requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, newSession, rowOf, siteList, study } from '../exactness/engineRun';

describe('Keras files, each unit deleted, against brute force in Keras', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();
  let fixtures: KerasFixtures;

  before(async function () {
    this.timeout(15 * 60_000);
    requireNative(this);
    fixtures = await requireKerasFixtures(this);
  });

  for (const network of KERAS_NETWORKS) {
    for (const version of network.keras) {
      it(`${network.name}, Keras ${String(version)}`, async () => {
        const model = modelOf(fixtures, network, version);
        const session = newSession();
        for (const [way, file] of Object.entries(model.files)) {
          const run = await analyze(session, study(file, model.data), temporary.path(way));
          assertCounts(run, model, way);
        }
      });
    }
  }
});

function assertCounts(run: StoredRun, model: KerasModel, way: string): void {
  const { baseline } = run.record;
  assert.equal(baseline.samples, model.shape[0]);
  assert.equal(baseline.correct, model.correct, `right answers of ${way}`);
  assert.deepEqual(Object.keys(siteList(run)).sort(), Object.keys(model.units).sort());
  for (const [site, expected] of Object.entries(model.units)) {
    const column = (name: UnitColumn): number[] =>
      expected.correct.map((_, unit) => run.table.columns[name][rowOf(run, site, unit)] as number);
    assert.deepEqual(
      {
        correct: column('ablated_correct'),
        to_wrong: column('flips_to_wrong'),
        to_right: column('flips_to_right'),
      },
      expected,
      `${site} of ${way}`,
    );
  }
}
