import assert from 'node:assert/strict';
import { curveColour } from '../../src/pictures/curves';
import { paperTheme } from '../../src/pictures/theme';
import type { SiteInfo } from '../../src/protocol/study';
import type { StudyState } from '../../src/protocol/webview';
import { benchForEach, textOf, type Opening, type View } from './browser';
import { syntheticCorrelations, syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

const SITES: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 11, shape: [5, 5, 11], kind: 'convolution' },
  { name: 'dense_1', units: 30, shape: [30], kind: 'dense' },
];
const UNITS = 41;

/** The keyboard's point as the page tells it. */
interface Point {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

describe('scatter plots of the study panel', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: StudyState, opening: Opening = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'scatter' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }

  /** Few units, at places that do not meet. */
  function spread(): ReturnType<typeof syntheticStudy> {
    const state = syntheticStudy({ sites: SITES });
    const { columns } = state.table;
    for (let row = 0; row < UNITS; row++) {
      columns.selectivity[row] = ((row * 17) % UNITS) / UNITS;
      columns.accuracy_drop[row] = row / 1000 - 0.01;
      columns.dead[row] = 0;
      columns.within_noise[row] = 0;
      columns.selectivity_valid[row] = 1;
    }
    return state;
  }

  const marks = (plot: string) => view.page.locator(`[data-scatter="${plot}"] .scatter-marks`);

  async function point(plot = '1'): Promise<Point> {
    return view.page.locator(`#readout-${plot}`).evaluate((element) => ({
      row: Number(element.dataset['row']),
      x: Number(element.dataset['x']),
      y: Number(element.dataset['y']),
      text: element.textContent,
    }));
  }

  /** Colour of the points' canvas there, `#rrggbb`, as it is seen on the page. */
  async function colourAt(plot: string, x: number, y: number): Promise<string> {
    return view.page
      .locator(`[data-scatter="${plot}"] canvas`)
      .first()
      .evaluate(
        (element, at) => {
          const canvas = element as HTMLCanvasElement;
          const ratio = canvas.width / canvas.clientWidth;
          const one = new OffscreenCanvas(1, 1).getContext('2d');
          if (one === null) throw new Error('no canvas');
          one.fillStyle = getComputedStyle(document.body).getPropertyValue('--vscode-editor-background');
          one.fillRect(0, 0, 1, 1);
          one.drawImage(canvas, -Math.floor(at.x * ratio), -Math.floor(at.y * ratio));
          const [r = 0, g = 0, b = 0] = one.getImageData(0, 0, 1, 1).data;
          return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        },
        { x, y },
      );
  }

  function mixed(over: string, under: string, opacity: number): number[] {
    const parts = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const back = parts(under);
    return parts(over).map((part, i) => part * opacity + back[i]! * (1 - opacity));
  }

  for (const theme of ['light', 'hc-dark'] as const) {
    it(`puts every unit at its values, in its site's colour, in ${theme}`, async () => {
      const state = spread();
      await show(state, { theme, ratio: theme === 'light' ? 2 : 1 });
      await marks('1').focus();
      await view.page.keyboard.press('Home');
      const seen: Point[] = [];
      for (let i = 0; i < UNITS; i++) {
        const at = await point();
        seen.push(at);
        const colour = curveColour(at.row < 11 ? 0 : 1, { ...paperTheme, kind: theme });
        const background = THEMES[theme].variables['editor-background'] ?? '';
        const actual = mixed(await colourAt('1', at.x, at.y), '#000000', 1);
        mixed(colour, background, 0.85).forEach((part, k) =>
          // Lines of the axes may run under it.
          assert.ok(Math.abs(part - actual[k]!) <= 12, `row ${at.row}: ${actual.join()} is not ${colour}`),
        );
        await view.page.keyboard.press('PageDown');
      }
      assert.equal(new Set(seen.map(({ row }) => row)).size, UNITS, 'Page Down goes through all');
      // Both axes are linear: every place follows from two of them.
      const { selectivity, accuracy_drop } = state.table.columns;
      const [first, last] = [seen[0]!, seen.at(-1)!];
      for (const { row, x, y } of seen) {
        const along = (values: Float64Array): number =>
          (values[row]! - values[first.row]!) / (values[last.row]! - values[first.row]!);
        assert.ok(Math.abs(x - first.x - along(selectivity) * (last.x - first.x)) < 0.01);
        assert.ok(Math.abs(y - first.y - along(accuracy_drop) * (last.y - first.y)) < 0.01);
      }
      assert.match(seen[3]!.text, /^\w+ #\d+; Importance .* points; .*Selectivity 0\.0/);
    });
  }

  it('points at the nearest unit, selects it with a click, and follows what others point at', async () => {
    await show(spread());
    await marks('1').focus();
    await view.page.keyboard.press('Home');
    const at = await point();
    const box = await marks('1').boundingBox();
    assert.ok(box !== null);
    await view.page.mouse.move(box.x + at.x + 4, box.y + at.y - 5);
    await view.settled();
    const unit = { site: 'conv2d_1', unit: at.row };
    assert.deepEqual((await view.postedOf('hover')).at(-1)?.unit, unit);
    assert.match(await textOf(view, '.tooltip'), new RegExp(`^conv2d_1 #${at.row} `));
    await view.page.mouse.click(box.x + at.x + 4, box.y + at.y - 5);
    assert.deepEqual(await view.postedOf('select'), [{ type: 'select', unit }]);
    // Far from all: nothing.
    await view.page.mouse.move(box.x + 3, box.y + 3);
    await view.settled();
    assert.equal((await view.postedOf('hover')).at(-1)?.unit, null);
    assert.equal(await view.page.locator('.tooltip').count(), 0);
    const ringed = await marks('2').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await view.deliver({ type: 'hover', unit: { site: 'dense_1', unit: 3 } });
    assert.notEqual(await marks('2').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL()), ringed);
  });

  it('takes what a rectangle holds, to delete or restore it', async () => {
    const state = spread();
    const gone = { site: 'conv2d_1', unit: 0 };
    await show({ ...state, deletion: { ...state.deletion, deleted: [gone] } });
    const box = await marks('1').boundingBox();
    assert.ok(box !== null);
    await view.page.mouse.move(box.x + 1, box.y + 1);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 200, box.y + 100);
    await view.page.mouse.move(box.x + box.width - 1, box.y + box.height - 1);
    await view.page.mouse.up();
    assert.equal(await textOf(view, '.take-bar'), 'Delete 40 Restore 1 Cancel');
    await view.page.locator('.take-bar vscode-button').first().click();
    const [set] = await view.postedOf('setDeletion');
    assert.equal(set?.units.length, UNITS);
    assert.equal(await view.page.locator('.take-bar').count(), 0);
    // Escape lets go.
    await view.page.mouse.move(box.x + 100, box.y + 60);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 400, box.y + 200);
    await view.page.mouse.move(box.x + 500, box.y + 250);
    await view.page.mouse.up();
    assert.equal(await view.page.locator('.take-bar').count(), 1);
    await marks('1').focus();
    await view.page.keyboard.press('Escape');
    await view.settled();
    assert.equal(await view.page.locator('.take-bar').count(), 0);
    assert.equal((await view.postedOf('setDeletion')).length, 1);
  });

  it('goes by the arrow keys to the side that is asked for, and deletes', async () => {
    await show(spread());
    await marks('1').focus();
    await view.page.keyboard.press('Home');
    const home = await point();
    await view.page.keyboard.press('ArrowRight');
    const right = await point();
    assert.ok(right.x > home.x && Math.abs(right.y - home.y) <= right.x - home.x);
    await view.page.keyboard.press('ArrowUp');
    const up = await point();
    assert.ok(up.y < right.y && Math.abs(up.x - right.x) <= right.y - up.y);
    await view.page.keyboard.press('Delete');
    const [deletion] = await view.postedOf('delete');
    assert.equal(deletion?.deleted, true);
    assert.equal(deletion.unit.unit + (deletion.unit.site === 'dense_1' ? 11 : 0), up.row);
  });

  it('draws what is within noise paler, the dead as rings, and crosses the deleted', async () => {
    const state = spread();
    const { columns } = state.table;
    columns.within_noise[1] = 1;
    columns.dead[2] = 1;
    await show(state, { theme: 'light' });
    await marks('1').focus();
    const places = new Map<number, Point>();
    await view.page.keyboard.press('Home');
    for (let i = 0; i < UNITS; i++) {
      const at = await point();
      places.set(at.row, at);
      await view.page.keyboard.press('PageDown');
    }
    const centre = async (row: number): Promise<string> =>
      colourAt('1', places.get(row)!.x, places.get(row)!.y);
    const plain = await centre(0);
    assert.notEqual(await centre(1), plain);
    assert.equal(await centre(2), '#ffffff');
    assert.match(await textOf(view, '.scatter-keys'), /within noise never fires$/);
    await view.deliver({
      type: 'change',
      change: { deletion: { ...state.deletion, deleted: [{ site: 'conv2d_1', unit: 0 }] } },
    });
    assert.notEqual(await centre(0), plain);
    assert.match(await textOf(view, '.scatter-keys'), /deleted$/);
  });

  it('hides sites, shows them apart, and keeps what was chosen', async () => {
    await show(spread());
    await view.page.locator('.site-toggle').first().click();
    await view.settled();
    assert.match((await marks('1').getAttribute('aria-label')) ?? '', /, 30 neurons\./);
    await view.page.locator('vscode-checkbox', { hasText: 'One plot a site' }).click();
    await view.page.getByRole('button', { name: 'Show All' }).click();
    await view.settled();
    assert.equal(await view.page.locator('[data-picture="scatter-1"] .scatter-stage').count(), 2);
    const counted = await view.page
      .locator('[data-picture="scatter-1"] .scatter-marks')
      .evaluateAll((all) => all.map((one) => /, (\d+) neurons/.exec(one.ariaLabel ?? '')?.[1]));
    assert.deepEqual(counted, ['11', '30']);
    const { scatter } = (await view.saved()) as { scatter: { apart: boolean; hidden: string[] } };
    assert.deepEqual([scatter.apart, scatter.hidden], [true, []]);
  });

  it('says in words how two measures are related, and what it does not know', async () => {
    const state = spread();
    const told = { ...state, correlations: syntheticCorrelations(state) };
    await show(told);
    const { correlations } = told;
    const lines = (): Promise<string[]> =>
      view.page
        .locator('[data-picture="scatter-1"] .relations li')
        .evaluateAll((all) => all.map((one) => one.textContent));
    for (const [at, line] of (await lines()).entries()) {
      const site = correlations.sites[at]!;
      const rho = site.rho[site.measures.indexOf('accuracy_drop')]![site.measures.indexOf('selectivity')]!;
      assert.ok(line.startsWith(`${site.site}: `), line);
      assert.ok(line.includes(`ρ ${rho.toFixed(2).replace('-', '−')}, 95 % `), line);
    }
    const kept = { x: 'flips_to_wrong', y: 'accuracy_drop', xLog: false, yLog: false };
    await view.page.context().close();
    await show(told, {
      saved: { tab: 'scatter', scatter: { plots: [kept, { ...kept, y: 'selectivity' }] } },
    });
    assert.match((await lines())[0] ?? '', /not among the measures that a run compares$/);
    await view.deliver({ type: 'change', change: { correlations: null } });
    assert.match(await textOf(view, '.relations-none'), /is not known of this run/);
  });

  it('exchanges the axes, and leaves out on a log axis what is not above 0', async () => {
    const state = spread();
    for (let row = 0; row < UNITS; row++)
      state.table.columns.loss_increase[row] = row < 5 ? -0.1 : 0.01 * row;
    const kept = { x: 'selectivity', y: 'loss_increase', xLog: false, yLog: true };
    await show(state, { saved: { tab: 'scatter', scatter: { plots: [kept, kept] } } });
    assert.match(await textOf(view, '.scatter-without'), /^5 neurons have no place here: .* not above 0\./);
    await view.page.getByRole('button', { name: 'Exchange the axes' }).first().click();
    await view.settled();
    assert.equal(await textOf(view, '[data-picture="scatter-1"] h2'), 'Selectivity against Loss increase');
    assert.equal(await textOf(view, '[data-picture="scatter-2"] h2'), 'Loss increase against Selectivity');
    const { scatter } = (await view.saved()) as { scatter: { plots: { xLog: boolean; yLog: boolean }[] } };
    assert.deepEqual(
      scatter.plots.map(({ xLog, yLog }) => [xLog, yLog]),
      [
        [true, false],
        [false, true],
      ],
    );
  });

  it('is a table with the same units, and an SVG file', async () => {
    const state = spread();
    await show({ ...state, correlations: syntheticCorrelations(state) });
    await view.page.getByRole('button', { name: 'Save Importance against Selectivity as a picture' }).click();
    await view.page.getByRole('menuitem', { name: 'SVG' }).click();
    await view.settled();
    const [saved] = await view.postedOf('savePicture');
    assert.equal(saved?.name, 'scatter-1');
    const svg = new TextDecoder().decode(Uint8Array.from(Object.values(saved.content)));
    assert.equal(svg.match(/<circle /g)?.length, UNITS + 2, 'a disc a unit and one a site in the legend');
    assert.match(svg, />conv2d_1: [^<]+\(ρ /);
    await view.page.getByRole('button', { name: 'Importance against Selectivity as a table' }).click();
    await view.settled();
    assert.match(await textOf(view, '[data-picture="scatter-1"] [role=status] >> nth=1'), /41 rows/);
  });

  for (const width of [400, 960, 1600]) {
    it(`cuts nothing at ${width} px`, async () => {
      const state = syntheticStudy();
      await show({ ...state, correlations: syntheticCorrelations(state) }, { width });
      assert.deepEqual(await view.cutTexts(), []);
    });
  }
});
