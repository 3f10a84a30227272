import assert from 'node:assert/strict';
import { prunedFolder } from '../../../src/host/prunedFolder';

describe('the folder that is proposed for a model without some units', () => {
  it('stands beside the folder of a model.json', () => {
    assert.equal(prunedFolder('/work/nets/digits/model.json', ['/work']), '/work/nets/digits-pruned');
  });

  it('stands beside a model that is one file', () => {
    assert.equal(prunedFolder('/work/nets/digits.keras', ['/work']), '/work/nets/digits-pruned');
  });

  it('never leaves the workspace', () => {
    assert.equal(prunedFolder('/work/model.json', ['/other', '/work']), '/work/work-pruned');
    assert.equal(prunedFolder('/work/digits.h5', ['/work']), '/work/digits-pruned');
  });
});
