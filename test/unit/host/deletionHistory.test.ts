import assert from 'node:assert/strict';
import { DeletionHistory } from '../../../src/host/deletionHistory';

const units = (...at: number[]): { site: string; unit: number }[] => at.map((unit) => ({ site: 'a', unit }));

describe('the history of deletions', () => {
  it('goes back and on again, and forgets what was undone at the next change', () => {
    const history = new DeletionHistory(units(9));
    assert.deepEqual([history.canUndo, history.undo(), history.redo()], [false, false, false]);
    history.set(units(9, 1));
    history.set(units(2));
    assert.equal(history.undo(), true);
    assert.deepEqual(history.deleted, units(9, 1));
    history.undo();
    assert.deepEqual([history.deleted, history.canUndo, history.canRedo], [units(9), false, true]);
    history.redo();
    assert.deepEqual(history.deleted, units(9, 1));
    history.set(units(3));
    assert.deepEqual([history.canRedo, history.redo()], [false, false]);
    history.undo();
    assert.deepEqual(history.deleted, units(9, 1));
  });

  it('takes 200 steps back, no more', () => {
    const history = new DeletionHistory();
    for (let step = 1; step <= 205; step++) history.set(units(step));
    let back = 0;
    while (history.undo()) back++;
    assert.equal(back, 200);
    assert.deepEqual(history.deleted, units(5));
  });
});
