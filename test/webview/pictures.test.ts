import type { StudyState } from '../../src/protocol/webview';
import { curveRun, noiseRun } from './syntheticCurves';
import {
  syntheticCorrelations,
  syntheticDetails,
  syntheticInspector,
  syntheticStudy,
} from './syntheticStudy';
import { Bench } from './browser';
import { THEMES } from './themes';
import assert from 'node:assert/strict';

describe('pictures of the views, to be looked at', function () {
  this.timeout(120_000);
  let bench: Bench;
  before(async () => (bench = await Bench.start()));
  after(() => bench.stop());

  const important = (state: ReturnType<typeof syntheticStudy>): number =>
    state.table.columns.accuracy_drop.indexOf(Math.max(...state.table.columns.accuracy_drop));

  /** A study with everything in it: a neuron selected and deleted, relations, curves. */
  function wholeStudy(): StudyState {
    const state = syntheticStudy();
    const row = important(state);
    const { unit, deletion } = syntheticInspector(state, row, true);
    return {
      ...state,
      selection: unit,
      deletion: { ...deletion, canUndo: true },
      sets: [{ name: 'worst', units: [unit] }],
      unit: { unit, details: syntheticDetails(state, row), problem: null },
      correlations: syntheticCorrelations(state),
      curves: { runs: [curveRun(), noiseRun()], measuring: null, problem: null },
    };
  }

  for (const tab of ['map', 'heatmaps', 'scatter', 'curves', 'unit', 'table'] as const) {
    for (const width of [400, 960, 1600]) {
      it(`${tab}, ${width} px, in four themes`, async () => {
        const ratio = width === 400 ? 2 : 1;
        const view = await bench.open('study', { width, height: 900, ratio, saved: { tab } });
        await view.deliver({ type: 'snapshot', state: wholeStudy() });
        for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
          await view.setTheme(theme);
          await view.screenshot(`${tab}-${width}-${theme}`);
        }
        assert.deepEqual(await view.cutTexts(), []);
        assert.deepEqual(view.problems, []);
        assert.deepEqual(await view.violations(), []);
        await view.page.context().close();
      });
    }
  }

  for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    it(`unit inspector, ${theme}`, async () => {
      const view = await bench.open('inspector', { theme, width: 300, height: 760, ratio: 2 });
      const state = syntheticStudy();
      await view.deliver({ type: 'state', state: syntheticInspector(state, important(state), true) });
      await view.screenshot(`inspector-${theme}`);
      assert.deepEqual(view.problems, []);
    });
  }

  for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    it(`a run by another operator, with notes, in the width of an editor, and its table from both ends, ${theme}`, async () => {
      const view = await bench.open('study', {
        theme,
        width: 960,
        height: 900,
        saved: { details: true, tab: 'table' },
      });
      const state = syntheticStudy();
      const record = {
        ...state.record,
        spec: { ...state.record.spec, operator: 'resample' },
        clamp: { operator: 'resample', draws: 5 },
        preprocessing: { ...state.record.preprocessing, by: 'user' },
        notes: [
          'The labels run from 1 to 10; they were counted from 0, as the model’s outputs are.',
          'The classes are skewed: 2100 of 3500 samples are 3, 12 are 7. Always naming 3 would be right on 60.0 %; balanced accuracy, 98.1 % beside an accuracy of 98.1 %, counts every class alike.',
        ],
      } as const;
      await view.deliver({ type: 'snapshot', state: { ...state, record } });
      await view.screenshot(`operator-${theme}-960`, false);
      const table = view.page.locator('.table-scroller');
      await table.scrollIntoViewIfNeeded();
      await view.screenshot(`table-${theme}-960-left`, false);
      await table.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
      await view.settled();
      await view.screenshot(`table-${theme}-960-right`, false);
      assert.deepEqual(view.problems, []);
    });
  }

  it('study panel while it streams, with a tooltip', async () => {
    const view = await bench.open('study', {
      theme: 'dark',
      width: 1200,
      height: 900,
      saved: { tab: 'heatmaps' },
    });
    const state = syntheticStudy({ rounds: 2 });
    await view.deliver({
      type: 'snapshot',
      state: {
        ...state,
        stale: 'generalizes/model.json has changed since this run.',
        record: {
          ...state.record,
          backend: {
            name: 'wasm',
            tensorflow: null,
            threads: 1,
            onednn: null,
            fallback:
              'no native TensorFlow was found; Set Up Native TensorFlow makes it several times faster.',
          },
        },
      },
    });
    const canvas = view.page.locator('canvas[data-measure="accuracy_drop"]');
    await canvas.hover({ position: { x: 134, y: 120 } });
    await view.settled();
    await view.screenshot('study-dark-streaming', false);
    assert.deepEqual(view.problems, []);
  });

  it('study panel before the first result, and after a failure', async () => {
    const view = await bench.open('study', { theme: 'light', width: 1200, height: 700 });
    const state = syntheticStudy({ rounds: 0 });
    await view.deliver({
      type: 'snapshot',
      state: {
        ...state,
        record: null,
        table: null,
        progress: { phase: 'baseline', fraction: 0.04, round: 0, rounds: 0, seconds_left: null },
      },
    });
    await view.screenshot('study-light-waiting', false);
    await view.deliver({
      type: 'change',
      change: {
        progress: null,
        notice: {
          severity: 'error',
          text: 'generalizes/group1-shard1of1.bin is 1,024 bytes short: the model was not copied whole. Copy it again.',
        },
      },
    });
    await view.screenshot('study-light-failed', false);
    assert.deepEqual(view.problems, []);
  });

  it('study panel with its details open, on a wide screen', async () => {
    const view = await bench.open('study', {
      theme: 'light',
      width: 2000,
      height: 1100,
      saved: { details: true },
    });
    await view.deliver({ type: 'snapshot', state: syntheticStudy() });
    await view.screenshot('study-light-2000-details', false);
    assert.deepEqual(view.problems, []);
  });

  it('inspector with nothing selected, and in a narrow view', async () => {
    const view = await bench.open('inspector', { theme: 'dark', width: 210, height: 700, ratio: 2 });
    await view.deliver({ type: 'state', state: null });
    await view.screenshot('inspector-dark-nothing', false);
    const state = syntheticStudy({ rounds: 1 });
    const row = state.table.columns.dead.indexOf(1);
    await view.deliver({ type: 'state', state: syntheticInspector(state, row, false) });
    await view.screenshot('inspector-dark-210');
    assert.deepEqual(view.problems, []);
  });
});
