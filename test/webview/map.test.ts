import assert from 'node:assert/strict';
import { colourOf, diverging, domainOf, sequential } from '../../src/pictures/colourScale';
import { rectOf } from '../../src/pictures/networkMapLayout';
import { paperTheme, type PictureTheme } from '../../src/pictures/theme';
import type { UnitDetails } from '../../src/protocol/details';
import type { SiteInfo } from '../../src/protocol/study';
import { UNIT_COLUMNS } from '../../src/protocol/units';
import type { StudyState } from '../../src/protocol/webview';
import { type Bench, benchForEach, textOf, type View } from './browser';
import { MapPage, unitOf, type Study } from './mapPage';
import { syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

const dense = (name: string, units: number): SiteInfo => ({ name, units, shape: [units], kind: 'dense' });

function pictureTheme(name: keyof typeof THEMES): PictureTheme {
  return { ...paperTheme, kind: name, background: THEMES[name].variables['editor-background'] ?? '' };
}

describe('network map of the study panel', function () {
  this.timeout(60_000);
  let view: View;
  let map: MapPage;
  const bench = benchForEach(() => view);

  async function show(study: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'map' }, width: 1400, ...opening });
    map = new MapPage(view);
    await view.deliver({ type: 'snapshot', state: study });
  }

  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
    it(`shades every neuron by its importance, in ${theme}`, async () => {
      const study = syntheticStudy();
      await show(study, { theme, ratio: theme === 'dark' ? 2 : 1 });
      const { accuracy_drop: drops, dead } = study.table.columns;
      const colour = colourOf(diverging(pictureTheme(theme)), domainOf(drops));
      for (let row = 0; row < drops.length; row += 5) {
        if (dead[row] !== 1) assert.equal(await map.colourAt(study, row), colour(drops[row]!), `row ${row}`);
      }
      assert.deepEqual(await view.cutTexts(), []);
      await view.screenshot(`map-${theme}`);
    });
  }

  it('is shaded by what the user chooses, also after a reload', async () => {
    const study = syntheticStudy();
    await show(study, { saved: { tab: 'map', map: { measure: 'selectivity' } } });
    const { selectivity, dead } = study.table.columns;
    const colour = colourOf(sequential(pictureTheme('dark')), [0, 1]);
    for (const row of [0, 30, 31, 100, 200]) {
      if (dead[row] !== 1)
        assert.equal(await map.colourAt(study, row), colour(selectivity[row]!), `row ${row}`);
    }
    await view.page.locator('.frame-controls vscode-dropdown').first().click();
    await view.page.getByRole('option', { name: 'Mean activation' }).click();
    await view.settled();
    assert.deepEqual(((await view.saved()) as { map: unknown }).map, {
      measure: 'mean_activation',
      selecting: false,
    });
    assert.match(
      (await view.page.locator('.map-legend canvas').getAttribute('aria-label')) ?? '',
      /Mean activation, from 0/,
    );
  });

  it('draws what the selected neuron is connected with', async () => {
    const study = syntheticStudy();
    const unit = unitOf(study, 60);
    const details: UnitDetails = {
      unit,
      samples: 3500,
      class_means: new Float64Array(10),
      histogram: { edges: new Float64Array(2), counts: new Float64Array(10) },
      most: [],
      least: [],
      incoming: [{ unit: { site: 'conv2d_1', unit: 3 }, weight: 1, strength: 1 }],
      outgoing: [{ unit: { site: 'dense_2', unit: 20 }, weight: -1, strength: 1 }],
      to_classes: null,
    };
    await show({ ...study, selection: unit, unit: { unit, details, problem: null } });
    const layout = await map.layoutOf(study);
    const [from, to] = [rectOf(layout, 3), rectOf(layout, 152 + 20)];
    const scale = diverging(pictureTheme('dark'));
    assert.equal(await map.pixel('marks', from.x + from.w + 2, from.y + from.h / 2), scale.colour(1));
    assert.equal(await map.pixel('marks', to.x - 2, to.y + to.h / 2), scale.colour(-1));
    assert.match(await textOf(view, '.map-keys'), /positive weight negative weight/);
    await view.screenshot('map-connections');
    await view.deliver({ type: 'change', change: { selection: null, unit: null } });
    assert.equal(await map.pixel('marks', from.x + from.w + 2, from.y + from.h / 2), 'none');
  });

  it('fills in as rows come, what is missing outlined', async () => {
    const study = syntheticStudy();
    const { table } = study;
    await show({ ...study, table: null });
    await view.deliver({ type: 'units', from: 0, rows: { ...table, ...part(table, 0, 40), rows: 40 } });
    const colour = colourOf(
      diverging(pictureTheme('dark')),
      domainOf(table.columns.accuracy_drop.slice(0, 40)),
    );
    const alive = [0, 1, 2, 3, 4].find((row) => table.columns.dead[row] !== 1)!;
    assert.equal(await map.colourAt(study, alive), colour(table.columns.accuracy_drop[alive]!));
    assert.equal(await map.colourAt(study, 50), 'none');
    const { x, y, w, h } = rectOf(await map.layoutOf(study), 50);
    assert.notEqual(await map.pixel('network', x + w - 1, y + h / 2), 'none');
    assert.match(await textOf(view, '.map-keys'), /no value/);
  });

  for (const width of [400, 960, 2400]) {
    it(`fits ${width} pixels, with few sites and with many`, async () => {
      const study = syntheticStudy();
      await show(study, { width });
      assert.equal((await map.layoutOf(study)).bands.length, 1);
      assert.deepEqual(await view.cutTexts(), []);
      const many = syntheticStudy({
        sites: Array.from({ length: 24 }, (_, i) => dense(`block_${i}_dense`, 32 << (i % 5))),
      });
      await view.deliver({ type: 'snapshot', state: many });
      const layout = await map.layoutOf(many);
      assert.ok(width > 2000 || layout.bands.length > 1);
      const height = await view.page.locator('.map-network').evaluate((canvas) => canvas.clientHeight);
      assert.equal(height, layout.height);
      const { accuracy_drop: drops, dead, within_noise: noise } = many.table.columns;
      const colour = colourOf(diverging(pictureTheme('dark')), domainOf(drops));
      // Of a muted neuron among pixels the colour is mixed with the ground.
      const clear = [...drops.keys()].filter((row) => dead[row] !== 1 && noise[row] !== 1);
      const rows = clear.filter((_, i) => i % 40 === 0);
      assert.ok(rows.length >= 5);
      for (const row of rows) {
        assert.equal(await map.colourAt(many, row), colour(drops[row]!), `row ${row}`);
      }
      await map.click(many, 1500);
      assert.deepEqual((await view.postedOf('delete'))[0]?.unit, unitOf(many, 1500));
      assert.deepEqual(await view.cutTexts(), []);
      await view.screenshot(`map-many-${width}`);
    });
  }

  it('opens 100,000 neurons and redraws only the marks while one points', async () => {
    const study = syntheticStudy({ sites: [dense('wide', 60_000), dense('wider', 40_000)] });
    await show({ ...study, table: null });
    // Made in the page: so many figures take a minute to get there.
    await view.page.evaluate(
      ({ names, units }) => {
        const columns = Object.fromEntries(
          names.map((name) => [
            name,
            Float64Array.from({ length: units }, (_, row) => ((row % 97) - 48) / 1000),
          ]),
        );
        columns.dead!.fill(0);
        columns.within_noise!.fill(0);
        const byClass = new Float64Array(10 * units);
        const rows = { rows: units, classes: 10, columns, class_drop: byClass, class_mean: byClass };
        window.postMessage({ type: 'units', from: 0, rows });
      },
      { names: UNIT_COLUMNS, units: 100_000 },
    );
    await view.page.waitForFunction(() => document.querySelector('.map-network') !== null);
    await view.settled();
    const layout = await map.layoutOf(study);
    assert.deepEqual(
      layout.columns.map(({ look }) => look),
      ['density', 'density'],
    );
    await view.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.map-network')!;
      const context = canvas.getContext('2d')!;
      const clear = context.clearRect.bind(context);
      canvas.dataset.painted = '0';
      context.clearRect = (...rect) => {
        canvas.dataset.painted = String(Number(canvas.dataset.painted) + 1);
        clear(...rect);
      };
    });
    const painted = (): Promise<string | null> =>
      view.page.locator('.map-network').getAttribute('data-painted');
    const { x, y } = await map.placeOf(study, 30_000);
    await view.page.mouse.move(x, y, { steps: 20 });
    await view.settled();
    assert.equal(await textOf(view, '.tooltip-name'), 'wide #30000');
    assert.equal(await painted(), '0');
    await view.page.mouse.click(x, y);
    await view.settled();
    assert.equal(await painted(), '1');
    assert.deepEqual((await view.postedOf('delete'))[0]?.unit, { site: 'wide', unit: 30_000 });
    await map.press('ArrowRight');
    assert.match(await map.readout(), /^wide #30001 of 60,000; /);
  });

  it('is saved as a picture and copied as a table', async () => {
    const study = syntheticStudy();
    await show(study);
    await view.page.getByRole('button', { name: 'Save The network as a picture' }).click();
    await view.page.getByRole('menuitem', { name: 'SVG' }).click();
    await view.page.waitForFunction(() =>
      window.editor.posted.some((one) => (one as { type: string }).type === 'savePicture'),
    );
    const svg = await view.page.evaluate(() => {
      const one = window.editor.posted.find((posted) => (posted as { type: string }).type === 'savePicture');
      return new TextDecoder().decode((one as { content: Uint8Array }).content);
    });
    for (const text of ['The network', 'dense_1', '28 × 28', 'Accuracy points lost'])
      assert.ok(svg.includes(text), text);
    assert.ok((svg.match(/<circle/g) ?? []).length >= 180);
    await view.page
      .locator('[data-picture="network-map"]')
      .getByRole('button', { name: 'The network as a table' })
      .click();
    await view.settled();
    assert.match(await textOf(view, '[data-picture="network-map"]'), /conv2d_1/);
  });
});

/** The first rows of a table's columns. */
function part(
  table: Study['table'],
  from: number,
  to: number,
): Pick<Study['table'], 'columns' | 'class_drop' | 'class_mean'> {
  const { classes } = table;
  return {
    columns: Object.fromEntries(
      UNIT_COLUMNS.map((name) => [name, table.columns[name].slice(from, to)]),
    ) as Study['table']['columns'],
    class_drop: table.class_drop.slice(from * classes, to * classes),
    class_mean: table.class_mean.slice(from * classes, to * classes),
  };
}
