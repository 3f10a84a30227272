import assert from 'node:assert/strict';
import type { StudyState } from '../../src/protocol/webview';
import { Bench, type View } from './browser';
import { syntheticInspector, syntheticStudy } from './syntheticStudy';

describe('study panel', function () {
  this.timeout(60_000);
  let bench: Bench;
  let view: View;
  before(async () => (bench = await Bench.start()));
  after(() => bench.stop());
  afterEach(async () => {
    assert.deepEqual(view.problems, []);
    assert.deepEqual(await view.violations(), []);
    await view.page.context().close();
  });

  async function show(state: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', opening);
    await view.deliver({ type: 'snapshot', state });
  }

  const text = async (selector: string): Promise<string> =>
    (await view.page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim();

  /** Values of one column of the rows on screen, top to bottom. */
  async function column(index: number): Promise<string[]> {
    return view.page.locator('.table-row').evaluateAll(
      (rows, at) =>
        rows
          .map((row) => ({
            place: Number(row.getAttribute('aria-rowindex')),
            text: row.children[at]?.textContent ?? '',
          }))
          .sort((p, q) => p.place - q.place)
          .map((cell) => cell.text),
      index,
    );
  }

  it('says ready once and waits for the host', async () => {
    view = await bench.open('study');
    assert.deepEqual(await view.posted(), [{ type: 'ready' }]);
  });

  it('ignores messages it does not know', async () => {
    await show(syntheticStudy());
    await view.page.evaluate(() => {
      window.postMessage({ type: 'somethingElse' }, '*');
      window.postMessage('hello', '*');
      window.postMessage(null, '*');
    });
    await view.settled();
    assert.match(await text('.headline'), /^Deleting the worst single neuron/);
  });

  it('shows headline, baseline, preprocessing and backend', async () => {
    await show(syntheticStudy(), { saved: { details: true } });
    assert.match(await text('.facts'), /98\.11 % 3,434 of 3,500/);
    assert.match(await text('.facts'), /Balanced accuracy 98\.06 %/);
    assert.match(await text('.facts'), /0\.0634 nats/);
    assert.match(await text('.facts'), /x \/ 255/);
    assert.match(await text('.facts'), /tfjs-node TensorFlow 2\.21\.0, 2 threads/);
    assert.match(await text('.cards'), /x \/ 127\.5 − 1 91\.20 %/);
    assert.match(await text('.cards'), /lstm_1 recurrent layers are not measured yet/);
  });

  it('names the fallback to WebAssembly and its reason', async () => {
    const state = syntheticStudy();
    const backend = {
      name: 'wasm',
      tensorflow: null,
      threads: 1,
      onednn: null,
      fallback: 'No native part.',
    } as const;
    await show({ ...state, record: { ...state.record, backend } });
    assert.match(await text('.banners'), /WebAssembly: No native part\./);
    assert.match(await text('.facts'), /Backend WebAssembly 1 thread/);
  });

  it('shows a running study, and cancels it', async () => {
    await show(syntheticStudy({ rounds: 2 }));
    assert.match(await text('.running'), /round 3 of 4 1,024 of 3,500 samples on screen 17 s left/);
    await view.page.getByText('Cancel', { exact: true }).click();
    assert.equal((await view.postedOf('cancel')).length, 1);
    await view.deliver({
      type: 'change',
      change: { progress: { phase: 'writing', fraction: 0.9, round: 4, rounds: 4, seconds_left: null } },
    });
    assert.match(await text('.running'), /Writing the results/);
  });

  it('says how far a cancelled run came, and continues it', async () => {
    const state = syntheticStudy({ rounds: 2 });
    await show({ ...state, record: { ...state.record, status: 'cancelled' }, progress: null });
    assert.match(await text('.status'), /Cancelled after round 2 of 4: .* 1,024 of 3,500 samples/);
    await view.page.getByText('Continue', { exact: true }).click();
    assert.equal((await view.postedOf('resume')).length, 1);
  });

  it('calls a run without an engine interrupted, and a whole one exact', async () => {
    const state = syntheticStudy({ rounds: 1 });
    await show({ ...state, progress: null });
    assert.match(await text('.status'), /^Interrupted after round 1/);
    await view.deliver({ type: 'snapshot', state: syntheticStudy() });
    assert.match(await text('.status'), /^Complete: exact on all 3,500 samples/);
  });

  it('shows errors with the way to the log, and a stale run', async () => {
    await show({
      ...syntheticStudy(),
      notice: { severity: 'error', text: 'The engine ended.' },
      stale: 'The model changed.',
    });
    assert.match(await text('.banner-error'), /The engine ended\./);
    assert.match(await text('.banner-warning'), /The model changed\./);
    await view.page.getByText('Show Log').click();
    assert.equal((await view.postedOf('showLog')).length, 1);
  });

  it('exports the report', async () => {
    await show(syntheticStudy());
    await view.page.getByText('Export Report').click();
    assert.equal((await view.postedOf('exportReport')).length, 1);
  });

  it('has something to show before there is anything to draw', async () => {
    const progress = { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null } as const;
    await show({ ...syntheticStudy(), record: null, table: null, progress });
    assert.match(await text('.running'), /Reading model and data/);
    assert.equal(await view.page.locator('canvas').count(), 0);
    const state = syntheticStudy({ rounds: 1 });
    // The record comes as a change, the rows after it: no snapshot in between.
    await view.deliver(
      { type: 'change', change: { record: state.record, progress: state.progress } },
      { type: 'units', from: 0, rows: state.table },
    );
    assert.equal(await view.page.locator('canvas[data-measure]').count(), 2);
  });

  it('sorts the table both ways, what is unknown last', async () => {
    const state = syntheticStudy();
    await show(state, { height: 1400 });
    const numbers = async (at: number): Promise<number[]> =>
      (await column(at)).map((cell) => Number(cell.replace('−', '-')));
    const importance = await numbers(2);
    assert.ok(importance.length > 10 && importance.length < 60, `${importance.length} rows exist`);
    assert.deepEqual(
      importance,
      [...importance].sort((p, q) => q - p),
    );
    assert.equal(importance[0], Number((Math.max(...state.table.columns.accuracy_drop) * 100).toFixed(2)));
    const head = view.page.getByRole('columnheader', { name: 'Selectivity' });
    assert.equal(await head.getAttribute('aria-sort'), 'none');
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    const falling = await numbers(8);
    assert.deepEqual(
      falling,
      [...falling].sort((p, q) => q - p),
    );
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.equal((await numbers(8))[0], 0);
    await view.page
      .locator('.table-scroller')
      .evaluate((element) => (element.scrollTop = element.scrollHeight));
    await view.settled();
    assert.equal((await column(8)).at(-1), '–');
  });

  it('moves through the table by keyboard and keeps the selected row in view', async () => {
    await show(syntheticStudy());
    const scroller = view.page.locator('.table-scroller');
    await scroller.focus();
    await view.page.keyboard.press('Home');
    for (let i = 0; i < 40; i++) await view.page.keyboard.press('ArrowDown');
    await view.settled();
    assert.equal((await view.postedOf('select')).length, 41);
    const row = view.page.locator('.table-row[aria-selected="true"]');
    assert.equal(await row.getAttribute('aria-rowindex'), '42');
    const inside = await row.evaluate((element) => {
      const outer = element.closest('.table-scroller')?.getBoundingClientRect();
      const inner = element.getBoundingClientRect();
      return outer !== undefined && inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    assert.ok(inside);
    await view.page.keyboard.press('Delete');
    assert.equal((await view.postedOf('delete')).length, 1);
  });

  it('copies the table as tab-separated text, in its order and full precision', async () => {
    const state = syntheticStudy();
    await show(state);
    await view.page.getByText('Copy Table').click();
    await view.page.getByText('Copied').first().waitFor();
    const lines = (await view.page.evaluate(() => navigator.clipboard.readText())).split('\n');
    assert.equal(lines.length, 217);
    assert.match(lines[0] ?? '', /^site\tunit\taccuracy_drop\t/);
    assert.equal(Number(lines[1]?.split('\t')[2]), Math.max(...state.table.columns.accuracy_drop));
  });

  it('shows what the deleted units do, restores one and all', async () => {
    const state = syntheticStudy();
    const inspected = syntheticInspector(state, 30, true);
    await show({ ...state, selection: inspected.unit, deletion: inspected.deletion });
    const dock = '[data-dock="deletion"]';
    const accuracy = ((inspected.deletion.evaluation?.accuracy ?? 0) * 100).toFixed(2);
    assert.match(await text(dock), /1 neuron deleted/);
    assert.ok((await text(dock)).includes(`${accuracy} %`));
    await view.page.locator('.chip').click();
    await view.page.locator('[data-dock="selection"] vscode-checkbox').click();
    assert.deepEqual(
      await view.postedOf('delete'),
      Array.from({ length: 2 }, () => ({ type: 'delete', unit: inspected.unit, deleted: false })),
    );
    await view.page.getByText('Restore All').click();
    assert.equal((await view.postedOf('restoreAll')).length, 1);
    await view.deliver({
      type: 'change',
      change: { deletion: { deleted: [inspected.unit], evaluation: null, problem: 'The engine is busy.' } },
    });
    assert.match(await text(dock), /The engine is busy\./);
    await view.deliver({
      type: 'change',
      change: { deletion: { deleted: [], evaluation: null, problem: null } },
    });
    assert.equal(await view.page.locator(dock).count(), 0);
  });

  for (const [width, ratio] of [
    [300, 2],
    [400, 1],
    [700, 1],
    [2000, 1],
    [3000, 1],
  ] as const) {
    it(`cuts nothing at ${width} px`, async () => {
      const state = syntheticStudy({ rounds: 3 });
      const inspected = syntheticInspector(state, 30, true);
      await show(
        {
          ...state,
          selection: inspected.unit,
          deletion: inspected.deletion,
          notice: { severity: 'error', text: 'The engine ended: it was out of memory.' },
        },
        { width, ratio, saved: { details: true } },
      );
      assert.deepEqual(await view.cutTexts(), []);
    });
  }
});
