import assert from 'node:assert/strict';
import { NOTHING_DELETED, type StudyState } from '../../src/protocol/webview';
import { type Bench, benchForEach, textOf, type View } from './browser';
import { syntheticInspector, syntheticStudy } from './syntheticStudy';

describe('study panel', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', opening);
    await view.deliver({ type: 'snapshot', state });
  }

  const text = (selector: string): Promise<string> => textOf(view, selector);

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
    assert.match(await text('.cards'), /sorter is a layer of type Sorter, whose units are not known/);
  });

  it('says what one should know of labels and classes, and the formula of every preprocessing tried', async () => {
    const state = syntheticStudy();
    const notes = ['The labels run from 1 to 10.', 'The classes are skewed: 900 of 1000 samples are <cat>.'];
    const candidates = [
      ...state.record.preprocessing.candidates,
      { scale: 'bgr:imagenet', correct: 31, samples: 256, accuracy: 31 / 256, loss: 2.4 },
      { scale: '0..1:inverted:0..1', correct: 30, samples: 256, accuracy: 30 / 256, loss: 2.5 },
    ] as const;
    const preprocessing = { ...state.record.preprocessing, candidates };
    await show({ ...state, record: { ...state.record, notes, preprocessing } }, { saved: { details: true } });
    assert.deepEqual(await view.page.locator('.header > .headline-note').allInnerTexts(), notes);
    const tried = await text('.cards');
    assert.match(tried, /BGR, \(x \/ 255 − mean\) \/ deviation of ImageNet 12\.11 %/);
    assert.match(tried, /1 − x 11\.72 % 2\.5\d* 256/);
    assert.match(await text('.facts'), /of 5 tried/);
  });

  it('says what a deleted neuron is clamped to, and how each site was computed', async () => {
    const state = syntheticStudy();
    await show(state, { saved: { details: true } });
    const runs = [
      [{ operator: 'zero', clamp: null }, 'zero (each neuron clamped to 0)', null],
      [
        { operator: 'mean', clamp: null },
        'mean (each neuron clamped to its mean over the data)',
        'Ablation mean over the data',
      ],
      [
        { operator: 'resample', clamp: { operator: 'resample', draws: 5 } },
        'resample (each neuron as on another sample, drawn 5 times)',
        'Ablation resample 5 draws',
      ],
      [
        { operator: 'optimal', clamp: { operator: 'optimal', fitted_on: [3, 5, 8], constants: {} } },
        'optimal (each neuron clamped to the constant with the least loss on 3 other samples)',
        'Ablation optimal constants',
      ],
    ] as const;
    for (const [{ operator, clamp }, words, fact] of runs) {
      const record = { ...state.record, spec: { ...state.record.spec, operator }, clamp };
      await view.deliver({ type: 'change', change: { record } });
      assert.equal(await text('.card dl div:has(dt:text-is("Ablation")) dd'), words);
      const facts = await text('.facts');
      if (fact === null) assert.doesNotMatch(facts, /Ablation/);
      else assert.ok(facts.includes(fact), facts);
    }
    const computed = view.page.locator('.card dl div:has(dt:text-is("Computed by")) dd');
    assert.equal(await computed.innerText(), 'delta, closed-form');
    assert.equal(
      await computed.getAttribute('title'),
      'conv2d_1: delta\ndense_1: closed-form\ndense_2: closed-form',
    );
    await view.deliver({ type: 'change', change: { record: { ...state.record, ways: {} } } });
    assert.equal(await computed.count(), 0, 'not known before the sweep');
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
    assert.match(
      await text('.running'),
      /round 3 of 4 provisional: 1,024 of 3,500 samples on screen 17 s left/,
    );
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

  it('exports the run in every format', async () => {
    await show(syntheticStudy());
    for (const [entry, format] of [
      ['Report (HTML)', 'html'],
      ['Table of all neurons (CSV)', 'csv'],
      ['Everything (JSON)', 'json'],
    ] as const) {
      await view.page.locator('.header vscode-button[aria-label="Export this run"]').click();
      await view.page.getByRole('menuitem', { name: entry }).click();
      assert.deepEqual((await view.postedOf('exportRun')).at(-1), { type: 'exportRun', format });
    }
    assert.equal(await view.page.getByRole('menuitem').count(), 0, 'the menu is closed');
    assert.equal((await view.postedOf('exportRun')).length, 3);
  });

  it('calls figures of an unfinished first round provisional', async () => {
    const first = syntheticStudy({ rounds: 1 });
    const record = { ...first.record, rounds: { ...first.record.rounds, done: 0 } };
    await show(
      { ...first, record, table: syntheticStudy({ rounds: 0 }).table },
      { saved: { tab: 'heatmaps' } },
    );
    assert.equal(await text('.provisional'), 'Comes with the first round');
    await view.deliver({ type: 'units', from: 0, rows: first.table });
    assert.equal(await text('.provisional'), 'Provisional: the first round is under way');
    assert.doesNotMatch(await text('.running'), /samples on screen/);
    await view.deliver({ type: 'change', change: { record: first.record } });
    assert.equal(await text('.provisional'), 'Provisional: 256 of 3,500 samples');
    assert.match(await text('.running'), /provisional: 256 of 3,500 samples on screen/);
  });

  it('has something to show before there is anything to draw', async () => {
    const progress = { phase: 'reading', fraction: 0, round: 0, rounds: 0, seconds_left: null } as const;
    await show({ ...syntheticStudy(), record: null, table: null, progress }, { saved: { tab: 'heatmaps' } });
    assert.match(await text('.running'), /Reading model and data/);
    assert.equal(await view.page.locator('canvas').count(), 0);
    const state = syntheticStudy({ rounds: 1 });
    // The record comes as a change, the rows after it: no snapshot in between.
    await view.deliver(
      { type: 'change', change: { record: state.record, progress: state.progress } },
      { type: 'units', from: 0, rows: state.table },
    );
    assert.equal(await view.page.locator('.tab-panel canvas[data-measure]').count(), 3);
  });

  it('shows what the deleted units do, restores one and all', async () => {
    const state = syntheticStudy();
    const inspected = syntheticInspector(state, 30, true);
    await show(
      { ...state, selection: inspected.unit, deletion: inspected.deletion },
      { saved: { tab: 'table' } },
    );
    const dock = '[data-dock="deletion"]';
    const accuracy = ((inspected.deletion.evaluation?.accuracy ?? 0) * 100).toFixed(2);
    assert.match(await text(dock), /1 neuron deleted/);
    assert.ok((await text(dock)).includes(`${accuracy} %`));
    const [index, drop] = inspected.class_drop
      .map((value, at) => [at, value] as const)
      .reduce((p, q) => (Math.abs(q[1]) > Math.abs(p[1]) ? q : p));
    const recall = state.record.baseline.per_class[index]?.recall ?? NaN;
    const figures = `Recall ${index}: ${(100 * recall).toFixed(1)} ${(100 * (recall - drop)).toFixed(1)} %`;
    assert.ok((await text(dock)).includes(figures), `${figures} in ${await text(dock)}`);
    assert.equal(await view.page.locator(`${dock} .recall`).count(), 3);
    await view.page.locator('.chip').click();
    await view.page.locator('[data-dock="selection"] vscode-checkbox').click();
    // What is asked for is on screen before the host answers.
    assert.deepEqual(
      (await view.postedOf('delete')).map(({ unit, deleted }) => [unit, deleted]),
      [
        [inspected.unit, false],
        [inspected.unit, true],
      ],
    );
    await view.page.getByText('Restore All').click();
    assert.equal((await view.postedOf('restoreAll')).length, 1);
    await view.deliver({
      type: 'change',
      change: { deletion: { ...NOTHING_DELETED, deleted: [inspected.unit], problem: 'The engine is busy.' } },
    });
    assert.match(await text(dock), /The engine is busy\./);
    await view.deliver({
      type: 'change',
      change: { deletion: { ...NOTHING_DELETED, deleted: [], problem: null } },
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
