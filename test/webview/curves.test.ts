import assert from 'node:assert/strict';
import { readAt } from '../../src/pictures/curveAxes';
import { curveColour } from '../../src/pictures/curves';
import { paperTheme } from '../../src/pictures/theme';
import { meanCurves } from '../../src/protocol/meanCurves';
import type { CurveRun, CurvesState, StudyState } from '../../src/protocol/webview';
import { benchForEach, textOf, type Opening, type View } from './browser';
import { realCurves } from './realCurves';
import { curveRun, noiseRun } from './syntheticCurves';
import { syntheticStudy } from './syntheticStudy';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const state = (curves: Partial<CurvesState>): StudyState => ({
  ...syntheticStudy(),
  curves: { runs: [], measuring: null, problem: null, ...curves },
});

describe('curves', function () {
  this.timeout(120_000);
  let view: View;
  const bench = benchForEach(() => view);

  const open = async (curves: Partial<CurvesState>, opening: Opening = {}): Promise<void> => {
    view = await bench.open('study', { height: 1200, ...opening, saved: opening.saved ?? { tab: 'curves' } });
    await view.deliver({ type: 'snapshot', state: state(curves) });
  };
  const picture = (id = 'cumulative-curves'): string => `[data-curves="${id}"]`;
  const canvas = (id?: string): string => `${picture(id)} canvas`;
  const press = async (key: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await view.page.keyboard.press(key);
    await view.settled();
  };
  /** What stands at the cursor in the legend, by the line's name. */
  const readings = (id?: string): Promise<Record<string, string>> =>
    view.page
      .locator(`${picture(id)} [data-line]`)
      .evaluateAll((entries) =>
        Object.fromEntries(
          entries.map((entry) => [
            (entry as HTMLElement).dataset['line'] ?? '',
            entry.querySelector('.curve-value')?.textContent ?? '',
          ]),
        ),
      );
  const area = async (id?: string): Promise<[number, number, number, number]> => {
    const text = (await view.page.locator(picture(id)).getAttribute('data-area')) ?? '';
    return text.split(' ').map(Number) as [number, number, number, number];
  };
  /** Colour of a canvas at a point in its CSS pixels; `#000000` where nothing is drawn. */
  const pixel = (x: number, y: number, id?: string): Promise<string> =>
    view.page.locator(canvas(id)).evaluate(
      (element, at) => {
        const drawn = element as HTMLCanvasElement;
        const one = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        if (one === null) throw new Error('no canvas');
        const ratio = drawn.width / drawn.clientWidth;
        one.drawImage(drawn, -Math.floor(at.x * ratio), -Math.floor(at.y * ratio));
        const bytes = [...one.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        return `#${bytes.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      },
      { x, y },
    );
  const choose = async (label: string, option: string): Promise<void> => {
    await view.page.locator(`${picture()} vscode-dropdown[aria-label="${label}"]`).click();
    await view.page
      .locator(`${picture()} vscode-dropdown[aria-label="${label}"] vscode-option`, { hasText: option })
      .click();
    await view.settled();
  };

  it('say what they are where there are none, and ask for them', async () => {
    await open({});
    assert.match(await textOf(view, '.curves-view'), /No curves yet.*Measure Curves.*Measure Noise/);
    await view.page.locator('vscode-button', { hasText: 'Measure Curves' }).click();
    await view.page.locator('vscode-button', { hasText: 'Measure Noise' }).click();
    await view.page.locator('vscode-button', { hasText: 'Add Another Run' }).click();
    assert.deepEqual(await view.postedOf('measure'), [
      { type: 'measure', experiment: 'curves' },
      { type: 'measure', experiment: 'noise' },
    ]);
    assert.equal((await view.postedOf('addCurves')).length, 1);
  });

  it('show how far the measuring is, cancel it, and say what went wrong', async () => {
    const progress = { phase: 'measuring', fraction: 0.4, round: 4, rounds: 13, seconds_left: 12 } as const;
    await open({ measuring: { experiment: 'curves', progress } });
    assert.match(await textOf(view, '.running'), /Measuring curves curve 5 of 13 12 s left/);
    assert.equal(await view.page.locator('[role=progressbar]').getAttribute('aria-valuenow'), '40');
    await view.page.locator('vscode-button', { hasText: 'Cancel' }).click();
    assert.equal((await view.postedOf('cancelMeasuring')).length, 1);
    await view.deliver({
      type: 'change',
      change: { curves: { runs: [], measuring: null, problem: 'The data is gone.' } },
    });
    assert.equal(await textOf(view, '.banner-error'), 'The data is gone.');
    const stopped = curveRun({ change: { status: 'cancelled' } });
    await view.deliver({
      type: 'change',
      change: { curves: { runs: [stopped], measuring: null, problem: null } },
    });
    await view.page.locator('vscode-button', { hasText: 'Continue' }).click();
    assert.equal((await view.postedOf('measure')).length, 1);
  });

  it('are read at the pointer and by the arrow keys: every line, as it was measured', async () => {
    const run = curveRun({ orders: ['random', 'importance'] });
    await open({ runs: [run] });
    const means = meanCurves(run.experiment.name === 'curves' ? run.experiment.rows : []);
    const expected = (at: number): Record<string, string> =>
      Object.fromEntries(
        means.map((mean) => [
          mean.direction === ''
            ? 'random, mean of 5'
            : `importance, ${mean.direction === 'ascending' ? 'least' : 'most'} first`,
          percent(
            readAt(
              mean.fractions.map((x, i) => [x, mean.accuracy.mean[i]!]),
              at,
            )!,
          ),
        ]),
      );
    const fractions = means[0]!.fractions;
    const [x, y, w, h] = await area();
    const box = (await view.page.locator(canvas()).boundingBox())!;
    await view.page.mouse.move(box.x + x + (fractions[7]! + 0.01) * w, box.y + y + h / 2);
    await view.settled();
    assert.deepEqual(await readings(), expected(fractions[7]!));
    assert.equal(Number(await view.page.locator(picture()).getAttribute('data-at')), fractions[7]);
    // The dot of the line drawn last has that line's colour, and nothing lies over it.
    const last = means.at(-1)!.accuracy.mean[7]!;
    const dot = await pixel(x + fractions[7]! * w, y + (1 - last) * h);
    assert.equal(dot, curveColour(1, { ...paperTheme, kind: 'dark' }));
    await view.page.mouse.move(5, 5);
    await view.page.locator(canvas()).focus();
    await press('ArrowRight', 2);
    assert.deepEqual(await readings(), expected(fractions[9]!));
    await press('End');
    assert.deepEqual(await readings(), expected(1));
    assert.match(
      await textOf(view, '#readout-cumulative-curves'),
      /^100 % deleted\. random, mean of 5: 11\.4 %; importance/,
    );
    await press('Home');
    assert.deepEqual(await readings(), expected(0));
  });

  it('have their areas and chance in the legend', async () => {
    const run = curveRun({ orders: ['random', 'importance'], directions: ['descending'] });
    await open({ runs: [run] });
    const [random, importance] = run.record.curves!.summary;
    const entries = await view.page.locator('[data-line]').allTextContents();
    assert.ok(entries[0]!.includes(`${random!.auc.toFixed(3)} ± ${random!.auc_sd!.toFixed(3)}`), entries[0]);
    assert.ok(entries[0]!.includes(random!.auc_relative!.toFixed(3)));
    assert.ok(entries[1]!.includes(importance!.auc.toFixed(3)) && !entries[1]!.includes('±'), entries[1]);
    assert.equal(await textOf(view, '.curve-level'), 'chance: always the largest class 11.4 %');
  });

  it('are switched off and on in the legend, by click and by key, also after a reload', async () => {
    const runs = [curveRun({ orders: ['random', 'importance'] })];
    await open({ runs });
    const entry = view.page.locator('[data-line="random, mean of 5"]');
    await entry.click();
    await view.settled();
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    assert.equal((await readings())['random, mean of 5'], 'hidden');
    const saved = await view.saved();
    await view.page.context().close();
    await open({ runs }, { saved });
    assert.equal((await readings())['random, mean of 5'], 'hidden');
    await view.page.locator('[data-line="random, mean of 5"]').focus();
    await press('Enter');
    assert.match((await readings())['random, mean of 5'] ?? '', /%/);
  });

  it('show what is chosen: orders, direction, sites, loss, repeats, and the axis from chance', async () => {
    await open({ runs: [curveRun({ orders: ['random', 'importance', 'selectivity'], each: true })] });
    const names = async (): Promise<string[]> => Object.keys(await readings());
    assert.equal((await names()).length, 5);
    await view.page.locator(`${picture()} vscode-checkbox`, { hasText: 'selectivity' }).click();
    await view.settled();
    assert.equal((await names()).length, 3);
    await choose('Direction', 'Most first');
    assert.deepEqual(await names(), ['random, mean of 5', 'importance, most first']);
    await choose('Sites', 'Each by itself');
    assert.deepEqual(
      (await names()).map((name) => name.split(',')[0]),
      ['conv2d_1', 'conv2d_1', 'dense_1', 'dense_1', 'dense_2', 'dense_2'],
    );
    await choose('Sites', 'dense_1');
    assert.equal((await names()).length, 2);
    await choose('Spread', 'Each repeat');
    await choose('Show', 'Loss');
    assert.ok(Object.values(await readings()).every((value) => /^\d\.\d{3}$/.test(value)));
    assert.equal(await view.page.locator('.curve-level').count(), 0, 'chance is an accuracy');
    await choose('Show', 'Accuracy');
    const [x, y, w, h] = await area();
    const level = async (share: number): Promise<boolean> => {
      // The dashed line of chance: some of a few pixels along it are not ground.
      const seen = await Promise.all(
        [...Array(12).keys()].map((i) => pixel(x + w * 0.8 + i, y + (1 - share) * h)),
      );
      return seen.some((colour) => colour !== '#000000');
    };
    const lower = (0.1137 - 0.1) / 0.9;
    assert.deepEqual([await level(0.1137), await level(lower)], [true, false]);
    await choose('Axis from', 'Chance');
    assert.ok(await level(lower));
  });

  it('of several runs stand under their names; added ones are taken away again', async () => {
    const added = curveRun({
      directory: '/runs/other',
      title: 'memorizes · train.npz',
      own: false,
      frailty: 2,
    });
    await open({ runs: [added, curveRun(), noiseRun()] });
    assert.deepEqual(await view.page.locator(`${picture()} .curve-run`).allTextContents(), [
      'generalizes · test.npz',
      'memorizes · train.npz',
    ]);
    assert.match(
      await textOf(view, '#readout-cumulative-curves'),
      /memorizes · train\.npz, random, mean of 5: /,
    );
    const strokes = await view.page
      .locator(`${picture()} [data-line] line`)
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('stroke')));
    const colour = (index: number): string => curveColour(index, { ...paperTheme, kind: 'dark' });
    assert.deepEqual(
      strokes,
      [colour(0), colour(1)],
      'the own run keeps its colour, also beside an older one',
    );
    await view.page.locator('vscode-button[aria-label^="Take memorizes"]').click();
    assert.deepEqual(await view.postedOf('removeCurves'), [
      { type: 'removeCurves', directory: '/runs/other' },
    ]);
  });

  it('are a table of all points, and a picture in a file', async () => {
    const run = curveRun({ orderings: 3 });
    await open({ runs: [run, noiseRun({ repeats: 2 })] });
    await view.page
      .locator('[data-picture="cumulative-curves"] vscode-button[aria-label*="as a table"]')
      .click();
    await view.settled();
    assert.equal(await view.page.locator('[role=grid]').getAttribute('aria-rowcount'), String(3 * 21 + 1));
    await view.page
      .locator('[data-picture="noise-curves"] vscode-button[aria-label*="as a picture"]')
      .click();
    await view.page.getByRole('menuitem', { name: 'SVG' }).click();
    await view.settled();
    const [saved] = await view.postedOf('savePicture');
    assert.equal(saved?.name, 'noise-curves');
    const svg = Buffer.from(Object.values(saved.content)).toString();
    assert.match(
      svg,
      /<svg [\s\S]*Noise in all neurons at once[\s\S]*mean of 2[\s\S]*chance: the largest class, 11\.4 %/,
    );
  });

  it('say in other views that a run of curves has no single neurons, and begin with the curves', async () => {
    view = await bench.open('study');
    const run = curveRun();
    await view.deliver({ type: 'snapshot', state: { ...state({ runs: [run] }), record: run.record } });
    assert.equal(await view.page.locator('#tab-curves').getAttribute('aria-selected'), 'true');
    await view.page.locator('#tab-heatmaps').click();
    assert.match(await textOf(view, '#tab-panel'), /measured no single neurons/);
    await view.page.locator('vscode-button', { hasText: 'Show Curves' }).click();
    assert.equal(await view.page.locator(canvas()).count(), 1);
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    it(`fit every width in ${theme}, with 1, 4 and 12 lines`, async () => {
      const orders = ['random', 'importance', 'selectivity', 'l1'] as const;
      const cases: readonly (readonly CurveRun[])[] = [
        [curveRun(), noiseRun()],
        [curveRun({ orders: ['random', 'importance', 'selectivity'], directions: ['descending'] })],
        [
          curveRun({ orders: [...orders] }),
          curveRun({ directory: '/b', title: 'memorizes · train.npz', orders: orders.slice(0, 3) }),
        ],
      ];
      await open({ runs: cases[0]! }, { theme });
      for (const [i, runs] of cases.entries()) {
        await view.deliver({ type: 'snapshot', state: state({ runs }) });
        for (const width of [400, 960, 1600]) {
          await view.page.setViewportSize({ width, height: 1200 });
          await view.settled();
          assert.deepEqual(await view.cutTexts(), [], `${width}`);
          if (i !== 1 && theme !== 'hc-light') await view.screenshot(`curves-${theme}-${width}-${i}`);
        }
      }
    });
  }

  it('of the sample are those that the command line measured; the memorizing network falls first', async () => {
    const quick = ['--samples', '400', '--orders', '3', '--points', '10'];
    const runs = [
      await realCurves('generalizes', 'curves', quick),
      await realCurves('memorizes', 'curves', quick),
      await realCurves('generalizes', 'noise', ['--samples', '400', '--repeats', '2']),
    ];
    await open({ runs }, { width: 1600 });
    const areas = runs.slice(0, 2).map(({ record }) => record.curves!.summary[0]!.auc);
    assert.ok(areas[0]! > areas[1]!, areas.join());
    const shown = await view.page.locator(`${picture()} .curve-area`).allTextContents();
    assert.deepEqual(
      shown.map((text) => text.slice(0, 5)),
      areas.map((auc) => auc.toFixed(3)),
    );
    await view.page.locator(canvas('noise-curves')).focus();
    await press('End');
    const last = runs[2]!.record.noise!.summary.at(-1)!.accuracy;
    assert.deepEqual(await readings('noise-curves'), { 'mean of 2': percent(last) });
    await view.screenshot('curves-sample');
  });
});
