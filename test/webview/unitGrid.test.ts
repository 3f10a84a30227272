import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { colourOf, diverging, domainFromZero, domainOf, sequential } from '../../src/pictures/colourScale';
import { rowRange } from '../../src/pictures/gridOrder';
import { fade } from '../../src/pictures/rasterColours';
import { benchForEach, type Opening, type View } from './browser';
import { choose, dataOf, LARGE, study, themeOf, type Study } from './grids';

describe('units in the heatmaps view', function () {
  this.timeout(90_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: Study, opening: Opening = {}): Promise<void> {
    view = await bench.open('study', { height: 1500, saved: { tab: 'heatmaps' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }
  const cell = (): Promise<Record<string, string>> => dataOf(view.page.locator('.matrix-picture'));
  const matrix = (): Locator => view.page.locator('canvas[data-measure="matrix"]');

  it('shows any measure in either picture, and keeps the choice', async () => {
    const state = study();
    await show(state);
    await choose(view, '[data-picture="heatmap-1"]', 'Measure', 'L1 norm');
    await choose(view, '[data-picture="heatmap-2"]', 'Measure', 'First order');
    for (const [column, make] of [
      ['l1_norm', sequential],
      ['first_order', diverging],
    ] as const) {
      await view.page.locator(`canvas[data-measure="${column}"]`).focus();
      await view.page.keyboard.press('Control+Home');
      await view.page.keyboard.press('ArrowRight');
      const { focusX, focusY, value, domain } = await dataOf(view.page.locator(`[data-heatmap="${column}"]`));
      const values = state.table.columns[column];
      const expected = make === diverging ? domainOf(values) : domainFromZero(values);
      assert.equal(domain, expected.join(' '));
      assert.equal(Number(value), values[1]);
      const colour = colourOf(make(themeOf()), expected)(values[1]!);
      assert.equal(await view.pixel(column, Number(focusX), Number(focusY)), colour);
    }
    const said = await view.page.locator('#readout-left').textContent();
    assert.match(said ?? '', /^conv2d_1 #1; L1 norm \d/);
    const saved = await view.saved();
    await view.page.context().close();
    await show(state, { saved });
    assert.equal(await view.page.locator('[data-heatmap="l1_norm"]').count(), 1);
  });

  it('sorts the cells within each site', async () => {
    const state = study();
    await show(state);
    await choose(view, '.section-head', 'Order', 'Selectivity');
    await view.page.locator('canvas[data-measure="selectivity"]').focus();
    await view.page.keyboard.press('Control+Home');
    const values = state.table.columns.selectivity;
    const colour = colourOf(sequential(themeOf()), [0, 1]);
    const inOrder = (first: number, units: number): number[] =>
      [...rowRange(first, first + units)].sort((a, b) => {
        const [p, q] = [values[a]!, values[b]!];
        return Number(Number.isNaN(p)) - Number(Number.isNaN(q)) || q - p || a - b;
      });
    for (const row of [...inOrder(0, 11), ...inOrder(11, 30)]) {
      const at = await dataOf(view.page.locator('[data-heatmap="selectivity"]'));
      assert.deepEqual([at.site, Number(at.unit)], row < 11 ? ['conv2d_1', row] : ['dense_1', row - 11]);
      if (!Number.isNaN(values[row])) {
        const seen = await view.pixel('selectivity', Number(at.focusX), Number(at.focusY));
        assert.equal(seen, colour(values[row]!));
      }
      await view.page.keyboard.press('ArrowRight');
    }
  });

  it('keeps the units in a range of a distribution, and deletes them', async () => {
    const state = study();
    await show(state);
    const bar = view.page.locator('canvas[data-brush="selectivity"]');
    const box = (await bar.boundingBox())!;
    await view.page.mouse.move(box.x + 0.4 * box.width, box.y + 30);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 0.6 * box.width, box.y + 30, { steps: 3 });
    await view.page.mouse.move(box.x + 0.75 * box.width, box.y + 30);
    await view.page.mouse.up();
    await view.settled();
    const values = state.table.columns.selectivity;
    const kept = [...values.keys()].filter((row) => values[row]! >= 0.4 && values[row]! <= 0.75);
    const filter = (): Locator => view.page.locator('[data-filter]');
    assert.match((await filter().textContent()) ?? '', new RegExp(`^${kept.length} of 41 neurons`));
    await view.page.locator('canvas[data-measure="accuracy_drop"]').focus();
    await view.page.keyboard.press('Control+Home');
    const drops = state.table.columns.accuracy_drop;
    const colour = colourOf(diverging(themeOf()), domainOf(drops));
    for (let row = 0; row < 41; row++) {
      const { focusX, focusY } = await dataOf(view.page.locator('[data-heatmap="accuracy_drop"]'));
      const seen = await view.pixel('accuracy_drop', Number(focusX), Number(focusY));
      const plain = colour(drops[row]!);
      assert.equal(seen, kept.includes(row) ? plain : fade(plain, themeOf().background), `row ${row}`);
      await view.page.keyboard.press('ArrowRight');
    }
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    assert.equal((await cell()).row, String(kept[0]), 'the matrix shows only what is kept');
    await filter().getByText(`Delete These ${kept.length}`).click();
    const units = kept.map((row) =>
      row < 11 ? { site: 'conv2d_1', unit: row } : { site: 'dense_1', unit: row - 11 },
    );
    assert.deepEqual((await view.postedOf('setDeletion')).at(-1)?.units, units);
    const saved = await view.saved();
    await view.page.context().close();
    await show(state, { saved });
    assert.match((await filter().textContent()) ?? '', new RegExp(`^${kept.length} of 41 neurons`));
    await filter().getByTitle('Keep all neurons again').click();
    await filter().waitFor({ state: 'detached' });
  });

  it('takes a range from the keyboard', async () => {
    const state = study();
    await show(state);
    const least = view.page.getByRole('slider', { name: 'Least Selectivity to keep' });
    await least.focus();
    for (let i = 0; i < 5; i++) await view.page.keyboard.press('Shift+ArrowRight');
    await view.page.keyboard.press('ArrowLeft');
    await view.settled();
    assert.equal(await least.getAttribute('aria-valuenow'), '0.49');
    const kept = state.table.columns.selectivity.filter((one) => one >= 0.49).length;
    const filter = view.page.locator('[data-filter]');
    assert.match(
      (await filter.textContent()) ?? '',
      new RegExp(`^${kept} of 41.*Selectivity: 0.490 or more`),
    );
    await view.page.keyboard.press('Escape');
    await filter.waitFor({ state: 'detached' });
  });

  it('pans by a drag without selecting, both pictures together, on canvases no larger than their windows', async () => {
    await show(study(LARGE), { height: 700 });
    const canvas = view.page.locator('canvas[data-measure="accuracy_drop"]');
    const tops = (): Promise<number[]> =>
      view.page
        .locator('.pictures .grid-window')
        .evaluateAll((all) => all.map((element) => element.scrollTop));
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    assert.ok(box.height <= 440, `${box.height}`);
    await view.page.mouse.move(box.x + 100, box.y + 200);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 100, box.y + 150, { steps: 4 });
    await view.page.mouse.up();
    await view.settled();
    assert.deepEqual(await tops(), [50, 50]);
    assert.deepEqual(await view.postedOf('select'), []);
    // The name of the site stays in view, and is not a cell.
    await canvas.click({ position: { x: 30, y: 8 } });
    await canvas.focus();
    await view.page.keyboard.press('Control+End');
    await view.settled();
    const last = await dataOf(view.page.locator('[data-heatmap="accuracy_drop"]'));
    assert.deepEqual([last.site, last.unit], ['dense_1', '2999']);
    assert.ok(Number(last.focusY) > 0 && Number(last.focusY) < box.height);
  });
});
