import assert from 'node:assert/strict';
import { colourOf, diverging, domainOf } from '../../src/pictures/colourScale';
import { paperTheme } from '../../src/pictures/theme';
import { Bench } from './browser';
import { realStudy } from './realStudy';
import { THEMES } from './themes';

describe('study panel on real runs of the sample', function () {
  this.timeout(180_000);
  let bench: Bench;
  before(async () => (bench = await Bench.start()));
  after(() => bench.stop());

  for (const model of ['generalizes', 'memorizes'] as const) {
    it(`shows every unit of ${model} as measured`, async () => {
      const state = await realStudy(model, 2000);
      const { record, table } = state;
      assert.ok(record !== null && table !== null);
      const view = await bench.open('study', { theme: 'dark', height: 1000 });
      await view.deliver({ type: 'snapshot', state });
      await view.page.getByRole('tab', { name: 'Heatmaps' }).click();
      const background = THEMES.dark.variables['editor-background'] ?? '';
      const values = table.columns.accuracy_drop;
      const colour = colourOf(diverging({ ...paperTheme, kind: 'dark', background }), domainOf(values));
      const figure = view.page.locator('[data-heatmap="accuracy_drop"]');
      await figure.locator('canvas[data-measure]').focus();
      await view.page.keyboard.press('Control+Home');
      for (let row = 0; row < values.length; row += 17) {
        const { value, focusX, focusY } = await figure.evaluate(({ dataset }) => ({
          value: dataset['value'],
          focusX: dataset['focusX'],
          focusY: dataset['focusY'],
        }));
        assert.equal(Number(value), values[row]);
        const seen = await view.pixel('accuracy_drop', Number(focusX), Number(focusY));
        assert.equal(seen, colour(values[row] ?? NaN), `row ${row}`);
        for (let step = 0; step < 17; step++) await view.page.keyboard.press('ArrowRight');
      }
      assert.equal(await view.page.locator('.headline').textContent(), record.headline?.text);
      await figure.locator('canvas[data-measure]').blur();
      await view.page.evaluate(() => window.scrollTo(0, 0));
      await view.settled();
      await view.screenshot(`real-${model}-dark`, false);
      await view.setTheme('light');
      await view.screenshot(`real-${model}-light`, false);
      assert.deepEqual(await view.cutTexts(), []);
      assert.deepEqual(view.problems, []);
      assert.deepEqual(await view.violations(), []);
    });
  }
});
