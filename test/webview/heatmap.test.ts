import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { colourOf, diverging, domainOf, sequential } from '../../src/pictures/colourScale';
import { paperTheme, type PictureTheme } from '../../src/pictures/theme';
import type { SiteInfo } from '../../src/protocol/study';
import { emptyUnitTable, UNIT_COLUMNS, type UnitTable } from '../../src/protocol/units';
import { NOTHING_DELETED, type StudyState } from '../../src/protocol/webview';
import { type Bench, benchForEach, type View } from './browser';
import { syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

const SITES: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 11, shape: [5, 5, 11], kind: 'convolution' },
  { name: 'dense_1', units: 30, shape: [30], kind: 'dense' },
];
const UNITS = 41;

type Measure = 'accuracy_drop' | 'selectivity';

/** The keyboard's cell as the page tells it. */
interface Place {
  readonly site: string;
  readonly unit: number;
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly readout: string;
}

function pictureTheme(name: keyof typeof THEMES): PictureTheme {
  const { variables } = THEMES[name];
  return { ...paperTheme, kind: name, background: variables['editor-background'] ?? '' };
}

/** The colour that a value must have on screen. */
function expectedColour(
  theme: keyof typeof THEMES,
  measure: Measure,
  values: Float64Array,
): (value: number) => string {
  return measure === 'selectivity'
    ? colourOf(sequential(pictureTheme(theme)), [0, 1])
    : colourOf(diverging(pictureTheme(theme)), domainOf(values));
}

function smallStudy(rounds = 4): ReturnType<typeof syntheticStudy> {
  const state = syntheticStudy({ sites: SITES, rounds });
  const { columns } = state.table;
  // Every kind of value, whatever the random figures are.
  const drops = [0.0312, -0.0087, 0, NaN, 0.0001, -0.0312, 0.014, -0.0001];
  drops.forEach((drop, row) => (columns.accuracy_drop[row] = drop));
  const selectivities = [0, 1, 0.5, NaN, 0.25, 0.75, 0.999, 0.001];
  selectivities.forEach((value, row) => (columns.selectivity[row] = value));
  return state;
}

async function placeOf(view: View, measure: Measure): Promise<Place> {
  return view.page.locator(`[data-heatmap="${measure}"]`).evaluate((figure) => {
    const { site, unit, value, focusX, focusY } = figure.dataset;
    return {
      site: site ?? '',
      unit: Number(unit),
      value: Number(value),
      x: Number(focusX),
      y: Number(focusY),
      readout: figure.querySelector('.readout')?.textContent ?? '',
    };
  });
}

/** Is the colour of the focus left of a point, within a cell's width? */
async function hasRing(view: View, measure: Measure, x: number, y: number): Promise<boolean> {
  return view.page.evaluate(
    ({ measure, x, y }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-rings="${measure}"]`);
      const { data } = canvas!.getContext('2d')!.getImageData(Math.floor(x) - 20, Math.floor(y), 20, 1);
      for (let at = 0; at < data.length; at += 4) {
        // #0078d4
        if (data[at + 3]! > 200 && data[at]! < 20 && data[at + 2]! > 190) return true;
      }
      return false;
    },
    { measure, x, y },
  );
}

/** Rows `from` … of a table, as the engine sends them. */
function slice(table: UnitTable, from: number, rows: number): UnitTable {
  const part = emptyUnitTable(rows, table.classes);
  for (const name of UNIT_COLUMNS) part.columns[name].set(table.columns[name].slice(from, from + rows));
  part.class_drop.set(table.class_drop.slice(from * table.classes, (from + rows) * table.classes));
  return part;
}

describe('heatmaps of the study panel', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'heatmaps' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }

  async function focus(measure: Measure): Promise<void> {
    await view.page.locator(`canvas[data-measure="${measure}"]`).focus();
    await view.page.keyboard.press('Control+Home');
  }

  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
    for (const measure of ['accuracy_drop', 'selectivity'] as const) {
      it(`shows each unit's ${measure} as its colour, in ${theme}`, async () => {
        const state = smallStudy();
        await show(state, { theme, ratio: theme === 'dark' ? 1.5 : 1 });
        const values = state.table.columns[measure];
        const colour = expectedColour(theme, measure, values);
        await focus(measure);
        for (let row = 0; row < UNITS; row++) {
          const place = await placeOf(view, measure);
          const [site, unit] = row < 11 ? ['conv2d_1', row] : ['dense_1', row - 11];
          assert.deepEqual([place.site, place.unit], [site, unit]);
          assert.ok(Object.is(place.value, values[row]), `row ${row}: ${place.value} is not ${values[row]}`);
          const seen = await view.pixel(measure, place.x, place.y);
          if (Number.isNaN(place.value)) {
            // No value has no colour: only the stroke of an empty cell may run through its centre.
            const beside = await view.pixel(measure, place.x - 3, place.y - 3);
            assert.equal(beside, 'none');
          } else assert.equal(seen, colour(place.value), `row ${row}, ${place.value}`);
          await view.page.keyboard.press('ArrowRight');
        }
      });
    }
  }

  it('follows the rows that stream in', async () => {
    const before = smallStudy(1);
    await show(before);
    const after = smallStudy(2);
    after.table.columns.accuracy_drop.set([0.021, 0.018, -0.03], 11);
    await focus('accuracy_drop');
    await view.page.keyboard.press('PageDown');
    const first = await placeOf(view, 'accuracy_drop');
    const seenBefore = await view.pixel('accuracy_drop', first.x, first.y);
    await view.deliver(
      { type: 'units', from: 11, rows: slice(after.table, 11, 30) },
      { type: 'units', from: 0, rows: slice(after.table, 0, 11) },
      { type: 'change', change: { record: after.record, progress: after.progress } },
    );
    const values = after.table.columns.accuracy_drop;
    const colour = expectedColour('dark', 'accuracy_drop', values);
    assert.notEqual(await view.pixel('accuracy_drop', first.x, first.y), seenBefore);
    for (let row = 11; row < 16; row++) {
      const place = await placeOf(view, 'accuracy_drop');
      assert.equal(place.value, values[row]);
      assert.equal(await view.pixel('accuracy_drop', place.x, place.y), colour(place.value));
      await view.page.keyboard.press('ArrowRight');
    }
    assert.match((await placeOf(view, 'accuracy_drop')).readout, /provisional: 1,024 of 3,500 samples/);
  });

  it('is drawn anew when the theme changes', async () => {
    const state = smallStudy();
    await show(state, { theme: 'dark' });
    await focus('selectivity');
    await view.setTheme('light');
    const place = await placeOf(view, 'selectivity');
    const colour = expectedColour('light', 'selectivity', state.table.columns.selectivity);
    assert.equal(await view.pixel('selectivity', place.x, place.y), colour(place.value));
  });

  it('takes the whole width again when the panel is resized', async () => {
    await show(syntheticStudy(), { width: 1200 });
    const canvas = view.page.locator('canvas[data-measure="accuracy_drop"]');
    const wide = await canvas.evaluate((element) => element.clientWidth);
    await view.page.setViewportSize({ width: 420, height: 900 });
    await view.settled();
    const narrow = await canvas.evaluate((element) => element.clientWidth);
    assert.ok(narrow < wide && narrow <= 420, `${wide} → ${narrow}`);
    assert.deepEqual(await view.cutTexts(), []);
  });

  it('selects the clicked unit, everywhere', async () => {
    await show(smallStudy());
    await focus('accuracy_drop');
    for (let i = 0; i < 6; i++) await view.page.keyboard.press('ArrowRight');
    const { x, y } = await placeOf(view, 'accuracy_drop');
    await view.page.locator('canvas[data-measure="accuracy_drop"]').click({ position: { x, y } });
    assert.deepEqual(await view.postedOf('select'), [
      { type: 'select', unit: { site: 'conv2d_1', unit: 6 } },
    ]);
    await view.settled();
    for (const measure of ['accuracy_drop', 'selectivity'] as const) {
      assert.ok(await hasRing(view, measure, x, y), `no ring in ${measure}`);
    }
    assert.match((await view.page.locator('[data-dock="selection"]').textContent()) ?? '', /conv2d_1 #6/);
    await view.page.getByRole('tab', { name: 'Table' }).click();
    const row = view.page.locator('.table-row[aria-selected="true"]');
    assert.match((await row.textContent()) ?? '', /^conv2d_1#61\.40/);
  });

  it('is walked through by keyboard, and says where it is', async () => {
    const state = smallStudy();
    await show(state);
    await focus('accuracy_drop');
    const at = async (): Promise<string> => {
      const { site, unit } = await placeOf(view, 'accuracy_drop');
      return `${site} ${unit}`;
    };
    for (const [key, expected] of [
      ['ArrowRight', 'conv2d_1 1'],
      ['ArrowLeft', 'conv2d_1 0'],
      ['ArrowDown', 'dense_1 0'],
      ['ArrowRight', 'dense_1 1'],
      ['PageUp', 'conv2d_1 0'],
      ['End', 'conv2d_1 10'],
      ['Home', 'conv2d_1 0'],
      ['Control+End', 'dense_1 29'],
      ['Control+Home', 'conv2d_1 0'],
    ] as const) {
      await view.page.keyboard.press(key);
      assert.equal(await at(), expected, `after ${key}`);
    }
    const { readout } = await placeOf(view, 'accuracy_drop');
    assert.match(readout, /^conv2d_1 #0; Importance 3\.12 points; 95 % interval /);
    await view.page.keyboard.press('Enter');
    await view.page.keyboard.press('Delete');
    const told = (await view.posted()).filter(({ type }) => type === 'select' || type === 'delete');
    assert.deepEqual(told, [
      { type: 'select', unit: { site: 'conv2d_1', unit: 0 } },
      { type: 'delete', unit: { site: 'conv2d_1', unit: 0 }, deleted: true },
    ]);
    await view.deliver({
      type: 'change',
      change: {
        deletion: { ...NOTHING_DELETED, deleted: [{ site: 'conv2d_1', unit: 0 }], problem: null },
      },
    });
    assert.match((await placeOf(view, 'accuracy_drop')).readout, /; deleted$/);
    await view.page.keyboard.press('Delete');
    assert.equal((await view.postedOf('delete')).at(-1)?.deleted, false);
  });

  it('shows the numbers of the unit under the pointer', async () => {
    await show(smallStudy());
    await focus('selectivity');
    await view.page.keyboard.press('ArrowRight');
    const { x, y } = await placeOf(view, 'selectivity');
    await view.page.keyboard.press('Escape');
    await view.page.locator('canvas[data-measure="selectivity"]').hover({ position: { x, y } });
    const tooltip = view.page.locator('.tooltip');
    const text = (await tooltip.textContent()) ?? '';
    assert.match(text, /^conv2d_1 #1/);
    assert.match(text, /Importance−0\.87 points/);
    assert.match(text, /Selectivity1\.000/);
    const box = await tooltip.boundingBox();
    assert.ok(
      box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= 1200 && box.y + box.height <= 900,
    );
    await view.page.mouse.move(5, 5);
    await tooltip.waitFor({ state: 'detached' });
  });

  it('zooms by key, wheel and button, and remembers it', async () => {
    await show(smallStudy());
    const canvas = (): Locator => view.page.locator('canvas[data-measure="accuracy_drop"]');
    const height = (): Promise<number> => canvas().evaluate((element) => element.clientHeight);
    const usual = await height();
    await canvas().focus();
    await view.page.keyboard.press('+');
    await view.settled();
    const larger = await height();
    assert.ok(larger > usual, `${usual} → ${larger}`);
    await view.page.getByTitle('Smaller cells').click();
    await view.settled();
    assert.equal(await height(), usual);
    await canvas().hover({ position: { x: 40, y: 40 } });
    await view.page.keyboard.down('Control');
    await view.page.mouse.wheel(0, -100);
    await view.page.keyboard.up('Control');
    await view.settled();
    assert.equal(await height(), larger);
    const saved = await view.saved();
    await view.page.context().close();
    await show(smallStudy(), { saved });
    assert.equal(await height(), larger);
  });
});
