import assert from 'node:assert/strict';
import { rankIn, spreadOf, SPREAD_COLUMNS, standingOf } from '../../../src/protocol/standing';
import { syntheticDetails, syntheticStudy } from '../../webview/syntheticStudy';

describe('where a unit stands among its site', () => {
  it('ranks by the share that has less, of those that are known', () => {
    const values = Float64Array.of(3, NaN, 1, 2, 2, -1);
    assert.equal(rankIn(values, 2), 2 / 5);
    assert.equal(rankIn(values, 3), 4 / 5);
    assert.equal(rankIn(values, -1), 0);
    assert.ok(Number.isNaN(rankIn(values, NaN)));
  });

  it('counts every known value in one part of the range', () => {
    const spread = spreadOf(Float64Array.of(-1, 0, 0, NaN, 1));
    assert.deepEqual([spread?.low, spread?.high], [-1, 1]);
    assert.equal(spread?.counts[0], 1);
    assert.equal(spread.counts[20], 2);
    assert.equal(spread.counts.at(-1), 1);
    assert.equal(
      spread.counts.reduce((sum, count) => sum + count),
      4,
    );
    assert.equal(spreadOf(Float64Array.of(7, 7))?.counts[0], 2);
    assert.equal(spreadOf(Float64Array.of(NaN)), null);
  });

  it('takes the ranks and spreads of its own site only, and the details of no other unit', () => {
    const study = syntheticStudy();
    const row = 24 + 5;
    const details = syntheticDetails(study, row);
    const shown = standingOf({ ...study, unit: { unit: details.unit, details, problem: null } }, row);
    assert.deepEqual(shown?.unit, { site: 'dense_1', unit: 5 });
    assert.equal(shown.siteUnits, 128);
    const site = study.table.columns.accuracy_drop.slice(24, 24 + 128);
    const own = site[5] ?? NaN;
    assert.equal(shown.ranks.accuracy_drop, site.filter((value) => value < own).length / 128);
    const spread = shown.spreads[SPREAD_COLUMNS.indexOf('accuracy_drop')];
    assert.deepEqual([spread?.low, spread?.high], [Math.min(...site), Math.max(...site)]);
    assert.equal(shown.details, details);
    const next = standingOf({ ...study, unit: { unit: details.unit, details, problem: null } }, row + 1);
    assert.equal(next?.details, null);
    assert.equal(standingOf(study, 216), null);
  });
});
