import assert from 'node:assert/strict';
import { KeptChoices } from '../../../src/host/keptChoices';
import { Study } from '../../../src/host/study';
import { emptyUnitTable } from '../../../src/protocol/units';
import { exampleRecord } from '../../support/exampleRun';

/** VS Code's memory: what goes in comes out as JSON would give it. */
function memory(): { get(key: string): unknown; update(key: string, value: unknown): Promise<void> } {
  const kept = new Map<string, string>();
  return {
    get: (key) => JSON.parse(kept.get(key) ?? 'null') as unknown,
    update: (key, value) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
  };
}

const odd = { site: 'odd, "name" <b>&', unit: 3 };

describe('choices that outlive the window', () => {
  it('come back as they were, each run its own', () => {
    const kept = new KeptChoices(memory());
    const deleted = [{ site: 'conv_1', unit: 7 }, odd, { site: 'conv_1', unit: 2 }];
    kept.set('/runs/a', { deleted, selection: odd });
    kept.set('/runs/b', { deleted: [odd], selection: null });
    assert.deepEqual(kept.get('/runs/b'), { deleted: [odd], selection: null });
    const { deleted: back, selection } = kept.get('/runs/a') ?? {};
    assert.deepEqual(back, [{ site: 'conv_1', unit: 2 }, { site: 'conv_1', unit: 7 }, odd]);
    assert.deepEqual(selection, odd);
    kept.forget('/runs/a');
    assert.equal(kept.get('/runs/a'), null);
  });

  it('are kept of thirty runs, the latest', () => {
    const kept = new KeptChoices(memory());
    for (let run = 0; run < 31; run++) kept.set(`/runs/${run}`, { deleted: [odd], selection: null });
    assert.equal(kept.get('/runs/0'), null);
    assert.notEqual(kept.get('/runs/1'), null);
    kept.set('/runs/1', { deleted: [], selection: odd });
    kept.set('/runs/31', { deleted: [odd], selection: null });
    assert.equal(kept.get('/runs/2'), null);
    assert.deepEqual(kept.get('/runs/1')?.selection, odd);
  });

  it('are passed over where they are none', () => {
    for (const left of ['text', [1, null, { directory: '/runs/a' }], { 0: 1 }]) {
      const kept = new KeptChoices({ get: () => left, update: () => Promise.resolve() });
      assert.equal(kept.get('/runs/a'), null);
    }
  });

  it('are taken up by a study as soon as its units are known, without those it has not', () => {
    const study = new Study('/runs/a', 'a');
    let changes = 0;
    study.onDidChangeDeletion(() => changes++);
    study.restore({ deleted: [odd, { site: 'gone', unit: 0 }], selection: odd });
    assert.deepEqual([study.state.deletion.deleted, study.state.selection], [[], null]);
    study.load({ record: exampleRecord(), table: emptyUnitTable(17, 3) });
    assert.deepEqual(study.state.deletion.deleted, [odd]);
    assert.deepEqual([study.state.selection, study.state.deletion.canUndo, changes], [odd, false, 1]);
    study.setDeletion([]);
    study.load({ record: exampleRecord(), table: emptyUnitTable(17, 3) });
    assert.deepEqual(study.state.deletion.deleted, [], 'only once');
    study.dispose();
  });
});
