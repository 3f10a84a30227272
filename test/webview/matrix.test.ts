import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { colourOf, diverging, domainFromZero, domainOf, sequential } from '../../src/pictures/colourScale';
import { clusterRows } from '../../src/pictures/gridClusters';
import { rowRange } from '../../src/pictures/gridOrder';
import { benchForEach, type Opening, type View } from './browser';
import { choose, dataOf, LARGE, slice, SMALL, study, themeOf, type Study } from './grids';
import { syntheticStudy } from './syntheticStudy';

describe('units and classes in the heatmaps view', function () {
  this.timeout(90_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: Study, opening: Opening = {}): Promise<void> {
    view = await bench.open('study', { height: 1500, saved: { tab: 'heatmaps' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }
  const cell = (): Promise<Record<string, string>> => dataOf(view.page.locator('.matrix-picture'));
  const readout = (): Promise<string | null> => view.page.locator('#readout-matrix').textContent();
  const matrix = (): Locator => view.page.locator('canvas[data-measure="matrix"]');
  /** The colour under the keyboard's cell of the matrix. */
  async function cellColour(): Promise<string> {
    const { focusX, focusY } = await cell();
    return view.pixel('matrix', Number(focusX), Number(focusY));
  }

  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
    it(`has the colour of each cell at several heights of rows, ${theme}`, async () => {
      const state = study();
      await show(state, { theme, ratio: theme === 'light' ? 1.5 : 1 });
      const { class_drop } = state.table;
      const colour = colourOf(diverging(themeOf(theme)), domainOf(class_drop));
      await matrix().focus();
      const heights = new Set<string>();
      for (const zoom of ['0', '+', '-', '-']) {
        await view.page.keyboard.press(zoom);
        await view.page.keyboard.press('Control+Home');
        for (let step = 0; step < 14; step++) {
          await view.settled();
          const at = await cell();
          heights.add(at.rowHeight!);
          const value = class_drop[Number(at.row) * 10 + Number(at.class)]!;
          assert.equal(Number(at.value), value);
          assert.equal(await cellColour(), colour(value), `row ${at.row}, class ${at.class}`);
          await view.page.keyboard.press(step % 3 === 0 ? 'ArrowRight' : 'ArrowDown');
        }
      }
      assert.ok(heights.size >= 2, [...heights].join(' '));
    });
  }

  it('says the cell under the cursor, selects and deletes its unit', async () => {
    const state = study();
    state.table.class_drop[16 * 10 + 7] = 0.032;
    state.table.class_drop[16 * 10 + 8] = -0.0051;
    state.table.class_drop[16 * 10 + 9] = NaN;
    await show(state);
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    for (let i = 0; i < 16; i++) await view.page.keyboard.press('ArrowDown');
    for (let i = 0; i < 7; i++) await view.page.keyboard.press('ArrowRight');
    assert.match((await readout()) ?? '', /^dense_1 #5, class 7: recall lost 3\.2 points/);
    await view.page.keyboard.press('Enter');
    await view.page.keyboard.press('Delete');
    await view.page.keyboard.press('ArrowRight');
    assert.match((await readout()) ?? '', /^dense_1 #5, class 8: recall gained 0\.5 points/);
    await view.page.keyboard.press('End');
    assert.match((await readout()) ?? '', /^dense_1 #5, class 9: not known/);
    const unit = { site: 'dense_1', unit: 5 };
    assert.deepEqual(await view.postedOf('select'), [{ type: 'select', unit }]);
    const told = await view.posted();
    assert.ok(told.some(({ type }) => type === 'delete' || type === 'setDeletion'));
    assert.deepEqual((await view.postedOf('hover')).at(-1), { type: 'hover', unit });
    const tooltip = view.page.locator('.tooltip');
    assert.match((await tooltip.textContent()) ?? '', /dense_1 #5Class9/);
    await view.page.keyboard.press('Escape');
    await tooltip.waitFor({ state: 'detached' });
  });

  it('finds the cell under the pointer, and selects by a click', async () => {
    await show(study());
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowRight');
    const { focusX, focusY } = await cell();
    await view.page.keyboard.press('Escape');
    const position = { x: Number(focusX), y: Number(focusY) };
    await matrix().hover({ position });
    assert.match((await view.page.locator('.tooltip').textContent()) ?? '', /^conv2d_1 #1Class1Recall lost/);
    await matrix().click({ position });
    assert.deepEqual((await view.postedOf('select')).at(-1)?.unit, { site: 'conv2d_1', unit: 1 });
    const header = { x: Number(focusX), y: 6 };
    await matrix().click({ position: header });
    assert.equal((await view.postedOf('select')).length, 1);
  });

  it('shows means of the classes, raw and by each unit’s own largest', async () => {
    const state = study();
    await show(state);
    await choose(view, '[data-picture="matrix"]', 'Cells', 'Class means');
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    await view.page.keyboard.press('ArrowDown');
    const { class_mean } = state.table;
    const scale = sequential(themeOf());
    assert.equal(await cellColour(), colourOf(scale, domainFromZero(class_mean))(class_mean[10]!));
    assert.match((await readout()) ?? '', /^conv2d_1 #1, class 0: mean activation /);
    await choose(view, '[data-picture="matrix"]', 'Cells', 'Class means, each neuron by its own largest');
    const largest = Math.max(...class_mean.subarray(10, 20));
    assert.equal(Number((await cell()).value), class_mean[10]! * (1 / largest));
    assert.equal(await cellColour(), colourOf(scale, [0, 1])(class_mean[10]! / largest));
  });

  it('says where a run has no means of the classes', async () => {
    const state = syntheticStudy({ sites: SMALL });
    state.table.class_mean.fill(NaN);
    await show(state, { saved: { tab: 'heatmaps', matrix: { value: 'class_mean' } } });
    assert.match((await view.page.locator('.matrix').textContent()) ?? '', /This run has no means/);
    assert.equal(await matrix().count(), 0);
  });

  it('sorts rows by a measure or a class, of one site or all', async () => {
    const state = study();
    await show(state);
    const drops = state.table.columns.accuracy_drop;
    const best = (from: number, key: (row: number) => number): number =>
      [...rowRange(from, 41)].reduce((most, row) => (key(row) > key(most) ? row : most), from);
    await choose(view, '[data-picture="matrix"]', 'Rows', 'Importance');
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    assert.equal(
      Number((await cell()).row),
      best(0, (row) => drops[row]!),
    );
    await choose(view, '[data-picture="matrix"]', 'Site', 'dense_1');
    await choose(view, '[data-picture="matrix"]', 'Rows', 'Class 4');
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    assert.equal(
      Number((await cell()).row),
      best(11, (row) => state.table.class_drop[row * 10 + 4]!),
    );
    assert.match((await view.page.locator('.matrix-status').textContent()) ?? '', /^30 of 41 neurons$/);
  });

  it('puts like rows side by side on request', async () => {
    const state = study();
    await show(state);
    await choose(view, '[data-picture="matrix"]', 'Rows', 'Like ones together');
    await view.page.locator('.matrix-status', { hasText: /^41 neurons$/ }).waitFor();
    const work = clusterRows(rowRange(0, 41), state.table.class_drop, 10);
    let step = work.next();
    while (step.done !== true) step = work.next();
    assert.notDeepEqual([...step.value], [...rowRange(0, 41)]);
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    for (const row of step.value) {
      assert.equal(Number((await cell()).row), row);
      await view.page.keyboard.press('ArrowDown');
    }
  });

  it('shows what stands out among rows lower than a pixel, and zooms to it about the pointer', async () => {
    const state = study(LARGE);
    const { class_drop } = state.table;
    class_drop.fill(0.001);
    class_drop[2222 * 10 + 3] = 0.5;
    await show(state, { height: 900 });
    await matrix().focus();
    const { rowHeight } = await cell();
    assert.ok(Number(rowHeight) < 1, rowHeight);
    const box = (await matrix().boundingBox())!;
    assert.ok(box.height <= 560);
    const x = Number((await cell()).focusX);
    await view.page.keyboard.press('ArrowRight');
    const width = Number((await cell()).focusX) - x;
    const y = 24 + 2222.5 * Number(rowHeight);
    const wanted = colourOf(diverging(themeOf()), domainOf(class_drop))(0.5);
    const seen = await Promise.all([-1, 0, 1].map((dy) => view.pixel('matrix', x + 3 * width, y + dy)));
    assert.ok(seen.includes(wanted), seen.join(' '));
    const at = y + seen.indexOf(wanted) - 1;
    await matrix().hover({ position: { x: x + 3 * width, y: at } });
    assert.match(
      (await view.page.locator('.tooltip').textContent()) ?? '',
      /^dense_1 #1222Class3Recall lost50\.00/,
    );
    await view.page.keyboard.down('Control');
    for (let i = 0; i < 12; i++) await view.page.mouse.wheel(0, -100);
    await view.page.keyboard.up('Control');
    await view.settled();
    assert.ok(Number((await cell()).rowHeight) >= 4, (await cell()).rowHeight);
    assert.deepEqual(await matrix().evaluate((canvas) => [canvas.clientHeight, canvas.clientWidth]), [
      box.height,
      box.width,
    ]);
  });

  it('follows rows that stream in', async () => {
    const state = study(LARGE, 1);
    await show(state);
    const part = slice(study(LARGE, 2).table, 1000, 500);
    part.class_drop[7 * 10 + 2] = 0.9;
    await view.deliver({ type: 'units', from: 1000, rows: part });
    const merged = new Float64Array(state.table.class_drop);
    merged.set(part.class_drop, 10_000);
    const wanted = colourOf(diverging(themeOf()), domainOf(merged))(0.9);
    const { rowHeight, focusX } = await cell();
    const y = 24 + 1007.5 * Number(rowHeight);
    await matrix().focus();
    await view.page.keyboard.press('Control+Home');
    await view.page.keyboard.press('ArrowRight');
    const width = Number((await cell()).focusX) - Number(focusX);
    const x = Number(focusX) + 2 * width;
    const seen = await Promise.all([-1, 0, 1].map((dy) => view.pixel('matrix', x, y + dy)));
    assert.ok(seen.includes(wanted), seen.join(' '));
  });

  it('is copied, and saved as a picture', async () => {
    const state = study(LARGE);
    await show(state);
    await view.page.getByRole('button', { name: 'What each class loses as a table' }).click();
    await view.page.locator('[data-picture="matrix"] .table-row').first().waitFor();
    await view.page.getByRole('button', { name: 'What each class loses as a table' }).click();
    for (const title of ['What each class loses', 'Importance']) {
      await view.page.getByRole('button', { name: `Save ${title} as a picture` }).click();
      await view.page.getByRole('menuitem', { name: 'SVG' }).click();
    }
    await view.page.waitForFunction(
      () =>
        window.editor.posted.filter((one) => (one as { type: string }).type === 'savePicture').length === 2,
    );
    const names = await view.page.evaluate(() =>
      (window.editor.posted as { type: string; name: string; content: Uint8Array }[])
        .filter(({ type }) => type === 'savePicture')
        .map(({ name, content }) => [name, new TextDecoder().decode(content)]),
    );
    assert.deepEqual(
      names.map(([name]) => name),
      ['matrix', 'heatmap-1'],
    );
    for (const [, svg] of names) assert.match(svg!, /^<svg .*<\/svg>$/s);
    // 4,000 rows are an image.
    assert.match(names[0]![1]!, /<image /);
  });
});
