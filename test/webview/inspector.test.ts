import assert from 'node:assert/strict';
import { NOTHING_DELETED, type InspectorState } from '../../src/protocol/webview';
import { benchForEach, textOf, type View } from './browser';
import { syntheticInspector, syntheticStudy } from './syntheticStudy';

describe('unit inspector', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  const text = (selector: string): Promise<string> => textOf(view, selector);

  async function show(state: InspectorState | null, width = 300): Promise<void> {
    view = await bench.open('inspector', { width, height: 800 });
    await view.deliver({ type: 'state', state });
  }

  it('says what to do when nothing is selected', async () => {
    await show(null);
    assert.deepEqual(await view.posted(), [{ type: 'ready' }]);
    assert.match(await text('#root'), /Select one in a study panel/);
  });

  it("shows the unit's measures and its class drops as bars", async () => {
    const study = syntheticStudy();
    const row = study.table.columns.accuracy_drop.indexOf(Math.max(...study.table.columns.accuracy_drop));
    const state = syntheticInspector(study, row, false);
    await show(state);
    assert.equal(await text('h1'), `${state.unit.site} #${state.unit.unit}`);
    assert.equal(await text('.big-number'), (state.values.accuracy_drop * 100).toFixed(2));
    const bars = await view.page.locator('.bars li').evaluateAll((items) =>
      items.map((item) => ({
        value: Number((item.querySelector('.bars-value')?.textContent ?? '').replace('−', '-')),
        width: item.querySelector('.bars-fill')?.getBoundingClientRect().width ?? NaN,
        left: item.querySelector('.bars-fill')?.getBoundingClientRect().left ?? NaN,
        zero: item.querySelector('.bars-zero')?.getBoundingClientRect().left ?? NaN,
      })),
    );
    assert.deepEqual(
      bars.map((bar) => bar.value),
      state.class_drop.map((drop) => Number((drop * 100).toFixed(2)) + 0),
    );
    const widest = Math.max(...state.class_drop);
    const scale = (bars[state.class_drop.indexOf(widest)]?.width ?? 0) / widest;
    state.class_drop.forEach((drop, index) => {
      const bar = bars[index];
      assert.ok(bar !== undefined && Math.abs(bar.width - Math.abs(drop) * scale) < 0.5, `class ${index}`);
      assert.ok(
        drop >= 0 ? Math.abs(bar.left - bar.zero) < 0.5 : bar.left < bar.zero,
        `side of class ${index}`,
      );
    });
  });

  it('shows information and estimate, and which neuron it goes along with', async () => {
    const study = syntheticStudy();
    const figures = async (): Promise<Map<string, string>> =>
      new Map(
        await view.page
          .locator('.pairs > div')
          .evaluateAll((pairs) =>
            pairs.map((pair) => [
              pair.querySelector('dt')?.textContent ?? '',
              pair.querySelector('dd')?.textContent ?? '',
            ]),
          ),
      );
    const state = syntheticInspector(study, 9, false);
    const values = {
      ...state.values,
      mutual_information_corrected: 1.23456,
      first_order: -0.00123,
      flips_to_wrong: 14.8,
    };
    await show({ ...state, values });
    assert.match(await text('.tags'), /goes along with #4$/);
    assert.equal((await figures()).get('Mutual information'), '1.235 bits');
    assert.equal((await figures()).get('First-order estimate'), '−0.0012 nats');
    assert.equal((await figures()).get('Newly wrong'), '14.8', 'a mean over draws');
    const unknown = {
      ...values,
      mutual_information_corrected: NaN,
      first_order: NaN,
      duplicate_of: NaN,
      within_noise: 0,
    };
    await view.deliver({ type: 'state', state: { ...state, values: unknown } });
    assert.equal((await figures()).get('Mutual information'), '–');
    assert.equal((await figures()).get('First-order estimate'), '–');
    assert.equal(await view.page.locator('.tags').count(), 0);
  });

  it('names the classes whose recall a set of deletions changes most', async () => {
    const state = syntheticInspector(syntheticStudy(), 30, true);
    const { evaluation } = state.deletion;
    assert.ok(evaluation !== null);
    const recalls = [0.9, 0.8999, 0.6, 0.95, 0.9, 0.88, 0.89, 0.9, 0.9, null];
    const before = { ...evaluation.before, recalls: recalls.map((recall) => (recall === null ? null : 0.9)) };
    const deleted = [state.unit, { ...state.unit, unit: state.unit.unit + 1 }];
    await show({
      ...state,
      deletion: {
        ...NOTHING_DELETED,
        deleted,
        evaluation: { ...evaluation, deleted, recalls, before },
        problem: null,
      },
    });
    const shown = await text('.delete');
    assert.match(shown, /Recall 2: 90\.0 60\.0 % 3: 90\.0 95\.0 % 5: 90\.0 88\.0 % Together with 1 other/);
    await view.screenshot('inspector-two-deleted');
    const same = { ...evaluation, deleted, recalls: before.recalls, before };
    await view.deliver({
      type: 'state',
      state: { ...state, deletion: { ...NOTHING_DELETED, deleted, evaluation: same, problem: null } },
    });
    assert.equal(await view.page.locator('.recalls').count(), 0);
    // The bars tell them of one unit.
    await view.deliver({ type: 'state', state });
    assert.equal(await view.page.locator('.recalls').count(), 0);
  });

  it('draws the interval to scale, with zero on its axis', async () => {
    const study = syntheticStudy();
    const state = syntheticInspector(study, 30, false);
    const values = { ...state.values, accuracy_drop: 0.02, drop_low: 0.01, drop_high: 0.03 };
    await show({ ...state, values });
    const { zero, value, low, high } = await view.page.locator('.interval').evaluate((item) => {
      const box = (name: string): DOMRect => {
        const element = item.querySelector(name);
        if (element === null) throw new Error(`no ${name}`);
        return element.getBoundingClientRect();
      };
      const range = box('.interval-range');
      return {
        zero: box('.interval-zero').left,
        value: box('.interval-value').left + 1,
        low: range.left,
        high: range.right,
      };
    });
    assert.ok(zero < low && low < value && value < high, `${zero} ${low} ${value} ${high}`);
    assert.ok(Math.abs(low - zero - (value - low)) < 1 && Math.abs(high - value - (value - low)) < 1);
  });

  it('deletes the neuron and shows the effect', async () => {
    const study = syntheticStudy();
    const state = syntheticInspector(study, 30, false);
    await show(state);
    await view.page.locator('vscode-checkbox').click();
    assert.deepEqual((await view.posted()).slice(1), [{ type: 'delete', unit: state.unit, deleted: true }]);
    const deleted = syntheticInspector(study, 30, true);
    await view.deliver({ type: 'state', state: deleted });
    assert.equal(await view.page.locator('vscode-checkbox').getAttribute('aria-checked'), 'true');
    const accuracy = ((deleted.deletion.evaluation?.accuracy ?? 0) * 100).toFixed(2);
    assert.ok((await text('.delete')).includes(`Accuracy 98.11 % ${accuracy} %`), await text('.delete'));
    // Another unit is shown: the box follows, and nothing is posted by itself.
    await view.deliver({ type: 'state', state: syntheticInspector(study, 31, false) });
    assert.equal(await view.page.locator('vscode-checkbox').getAttribute('aria-checked'), 'false');
    assert.equal((await view.posted()).length, 2);
    await view.deliver({
      type: 'state',
      state: {
        ...deleted,
        deletion: { ...deleted.deletion, evaluation: null, problem: 'The engine is not running.' },
      },
    });
    assert.match(await text('.delete'), /The engine is not running\./);
  });

  it('marks dead, provisional and meaningless figures', async () => {
    const study = syntheticStudy({ rounds: 1 });
    await show(syntheticInspector(study, study.table.columns.dead.indexOf(1), false));
    assert.equal(await text('.tags'), 'never fires within noise provisional');
    assert.match(await text('.pairs'), /256 of 3,500 samples/);
    await view.deliver({ type: 'state', state: syntheticInspector(study, 5, false) });
    assert.match(await text('#root'), /selectivity index is not meaningful/);
  });

  for (const width of [200, 300, 900]) {
    it(`cuts nothing at ${width} px`, async () => {
      const state = syntheticInspector(syntheticStudy(), 30, true);
      await show({ ...state, unit: { site: 'block_3_expand_relu_with_a_long_name', unit: 1023 } }, width);
      assert.deepEqual(await view.cutTexts(), []);
    });
  }
});
