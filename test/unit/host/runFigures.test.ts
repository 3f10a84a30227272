import assert from 'node:assert/strict';
import type { CurveSummary } from '../../../src/protocol/curves';
import type { RunRecord } from '../../../src/protocol/run';
import { aucOf, mainCurve, newestOf } from '../../../src/host/runFigures';
import { exampleRecord } from '../../support/exampleRun';

const summary = (part: Partial<CurveSummary>): CurveSummary => ({
  data: 'test',
  sites: 'a+b',
  order: 'random',
  direction: '',
  repeats: 3,
  baseline_accuracy: 0.9,
  chance: 0.1,
  auc: 0.5,
  auc_sd: null,
  auc_share: 0.5,
  auc_relative: 0.5,
  half_fraction: null,
  ...part,
});

const curves = (...lines: CurveSummary[]): RunRecord =>
  exampleRecord({ curves: { summary: lines } as unknown as NonNullable<RunRecord['curves']> });

describe('figures of runs in lists', () => {
  it('finds the newest analysis of a model by its path, and no curves of it', () => {
    const { model } = exampleRecord();
    const other = exampleRecord({ model: { ...model, path: '/other/model.json' } });
    const runs = [
      { record: null },
      { record: curves(summary({})) },
      { record: other },
      { record: exampleRecord({ id: 'new' }) },
      { record: exampleRecord({ id: 'old' }) },
    ];
    assert.equal(newestOf(model.path, runs)?.record.id, 'new');
    assert.equal(newestOf(`${model.path}/../${model.path.split('/').at(-1)}`, runs)?.record.id, 'new');
    assert.equal(newestOf('/none.json', runs), undefined);
  });

  it('takes random orders over all sites, on the study’s own data, for the one figure', () => {
    const run = curves(
      summary({ order: 'importance', direction: 'ascending', auc: 0.9 }),
      summary({ sites: 'a', auc: 0.3 }),
      summary({ data: 'train', auc: 0.7 }),
      summary({ auc: 0.6 }),
    );
    assert.equal(mainCurve(run)?.auc, 0.6);
    assert.equal(mainCurve(exampleRecord()), null);
  });

  it('gives an analysis the area under the newest curves of the same model, data and operator', () => {
    const own = exampleRecord();
    const changed = exampleRecord({ model: { ...own.model, sha256: 'other' } });
    const all = [
      own,
      { ...curves(summary({ auc: 0.8 })), model: changed.model },
      curves(summary({ auc: 0.4 })),
    ];
    assert.equal(aucOf(own, all), 0.4);
    assert.equal(aucOf(changed, all), 0.8);
    assert.equal(aucOf(exampleRecord({ spec: { ...own.spec, operator: 'mean' } }), all), null);
    assert.equal(aucOf(curves(summary({ auc: 0.2 })), all), 0.2);
  });
});
