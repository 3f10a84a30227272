import assert from 'node:assert/strict';
import { decode } from 'fast-png';
import type { Locator } from 'playwright-core';
import type { ComparedPart, ComparedRun, CompareState } from '../../src/protocol/compareState';
import { benchForEach, textOf, type View } from './browser';
import { realComparison } from './realComparison';
import { THEMES } from './themes';

describe('comparison of two real runs', function () {
  this.timeout(180_000);
  let state: CompareState;
  let view: View;
  const bench = benchForEach(() => view);
  before(async () => {
    const { state: read } = await realComparison();
    state = { ...read, measuring: null, problem: null };
  });

  const open = async (opening: Parameters<typeof bench.open>[1] = {}, shown = state): Promise<void> => {
    view = await bench.open('compare', opening);
    await view.deliver({ type: 'comparison', state: shown });
  };
  const fact = async (id: string): Promise<string[]> =>
    view.page.locator(`tr[data-fact="${id}"] td`).allTextContents();
  const parts = (): readonly [ComparedPart, ComparedPart] => {
    const [first, second] = state.parts ?? [];
    assert.ok(first !== undefined && second !== undefined && state.parts?.length === 2);
    return [first, second];
  };
  const runs = (): readonly [ComparedRun, ComparedRun] => {
    const [first, second] = parts();
    assert.ok(first.run !== null && second.run !== null);
    return [first.run, second.run];
  };
  const withRuns = (...changed: readonly ComparedRun[]): CompareState => ({
    ...state,
    parts: parts().map((part, i) => ({ ...part, run: changed[i] ?? null })),
  });
  /** The comparison with another record of its second run. */
  const withSecond = (change: (run: ComparedRun) => Partial<ComparedRun['record']>): CompareState => {
    const [first, second] = runs();
    return withRuns(first, { ...second, record: { ...second.record, ...change(second) } });
  };

  it('lays the figures of both side by side, with their differences', async () => {
    await open();
    const [first, second] = runs();
    const [a, b] = [first.record.baseline.accuracy, second.record.baseline.accuracy];
    const text = (share: number): string => `${(100 * share).toFixed(2)} %`;
    const [one, other, difference] = await fact('accuracy');
    assert.deepEqual([one, other], [text(a), text(b)]);
    const points = Number(difference?.replace('−', '-').replace(' points', ''));
    assert.ok(Math.abs(points - 100 * (b - a)) < 0.006, difference);
    const dead = (run: ComparedRun): number => run.columns.dead.reduce((sum, value) => sum + value, 0);
    assert.deepEqual((await fact('dead')).slice(0, 2), [String(dead(first)), String(dead(second))]);
    const mean = (run: ComparedRun): number =>
      run.columns.accuracy_drop.reduce((sum, value) => sum + value, 0) / run.columns.accuracy_drop.length;
    assert.deepEqual(
      (await fact('mean')).slice(0, 2),
      [first, second].map((run) => `${(100 * mean(run)).toFixed(3)} points`),
    );
    const auc = (run: ComparedRun): string | undefined =>
      run.curves?.record.curves?.summary[0]?.auc.toFixed(3);
    assert.deepEqual((await fact('auc')).slice(0, 2), [auc(first), auc(second)]);
    const worst = second.record.headline?.worst;
    assert.ok(worst);
    assert.equal(
      (await fact('worst'))[1],
      `${(100 * worst.accuracy_drop).toFixed(2)} points (${worst.site} #${worst.unit})`,
    );
    assert.deepEqual(await fact('preprocessing'), ['x / 255', 'x / 255', '']);
  });

  it('warns of what makes the comparison unfair, and only of that', async () => {
    await open();
    const warnings = (): Promise<string[]> => view.page.locator('.compare-unfair li').allTextContents();
    assert.deepEqual(await warnings(), ['The labels differ: what counts as right is not the same.']);
    const [first] = runs();
    const same = { data: first.record.data, spec: first.record.spec };
    await view.deliver({ type: 'comparison', state: withSecond(() => same) });
    assert.equal(await view.page.locator('.compare-unfair').count(), 0);
    await view.deliver({
      type: 'comparison',
      state: withSecond(({ record }) => ({
        ...same,
        spec: { ...same.spec, operator: 'mean' },
        preprocessing: { ...record.preprocessing, chosen: 'none' },
        baseline: { ...record.baseline, samples: 17 },
        status: 'cancelled',
        rounds: { samples: [9, 8], done: 1 },
      })),
    });
    const found = (await warnings()).join('\n');
    for (const expected of [
      /1,000 samples, the other on 17/,
      /preprocessing differs/,
      /zero and mean/,
      /1 of 2 rounds/,
    ]) {
      assert.match(found, expected);
    }
    const other = { ...first.record.data, sha256: 'other' };
    await view.deliver({ type: 'comparison', state: withSecond(() => ({ ...same, data: other })) });
    assert.match((await warnings()).join(), /The data differ/);
  });

  it('draws both distributions on one axis; the choice outlives a reload', async () => {
    await open();
    const canvas = (): Locator => view.page.locator('[data-picture="distribution"] canvas');
    assert.equal(await canvas().getAttribute('data-curves'), '2');
    const image = (): Promise<string> =>
      canvas().evaluate((element: HTMLCanvasElement) => element.toDataURL());
    const histogram = await image();
    const choose = async (label: string, option: string): Promise<void> => {
      await view.page.locator(`vscode-dropdown[aria-label="${label}"]`).click();
      await view.page.locator('vscode-option:visible', { hasText: option }).click();
      await view.settled();
    };
    await choose('As', 'Cumulative');
    const cumulative = await image();
    assert.notEqual(cumulative, histogram);
    await choose('Measure', 'Selectivity');
    assert.notEqual(await image(), cumulative);
    const saved = await view.saved();
    assert.deepEqual(saved, { distribution: { measure: 'selectivity', form: 'cumulative' } });
    const before = await image();
    await view.page.context().close();
    await open({ saved });
    assert.equal(await image(), before);
  });

  it('gives distributions and recalls as tables, too', async () => {
    await open();
    const table = async (picture: string): Promise<string[][]> => {
      const frame = view.page.locator(`[data-picture="${picture}"]`);
      await frame.locator('vscode-button:has(.codicon-table)').click();
      await view.settled();
      return frame
        .locator('.table-row')
        .evaluateAll((rows) =>
          rows.map((row) => [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent)),
        );
    };
    const [first, second] = runs();
    const spread = await table('distribution');
    const total = (column: number): number => spread.reduce((sum, row) => sum + Number(row[column]), 0);
    assert.equal(spread.length, 24);
    assert.deepEqual([total(2), total(3)], [first.columns.dead.length, second.columns.dead.length]);
    const recalls = await table('recalls');
    assert.deepEqual(
      recalls.map(([name, one, other]) => [name, one, other]),
      first.record.baseline.per_class.map(({ class: name, recall }, i) => [
        name,
        (100 * (recall ?? NaN)).toFixed(2),
        (100 * (second.record.baseline.per_class[i]?.recall ?? NaN)).toFixed(2),
      ]),
    );
  });

  it('shows the curves of both on one plot, or says of which there are none', async () => {
    await open();
    const lines = view.page.locator('[data-picture="compared-curves"] [data-line]');
    assert.equal(await lines.count(), 2);
    const [first, second] = runs();
    const one = withRuns(first, { ...second, curves: null });
    await view.deliver({ type: 'comparison', state: one });
    assert.equal(await lines.count(), 1);
    assert.match(
      await textOf(view, '[data-picture="compared-curves"]'),
      /No curves are measured of memorizes/,
    );
    assert.equal((await fact('auc'))[1], '–');
    const none = withRuns({ ...first, curves: null }, { ...second, curves: null });
    await view.deliver({ type: 'comparison', state: none });
    assert.match(await textOf(view, 'main'), /No curves are measured yet/);
    assert.equal(await view.page.locator('tr[data-fact="auc"]').count(), 0);
  });

  it('draws noise of both in the colours of the runs, and says of which there is none', async () => {
    await open();
    const lines = view.page.locator('[data-picture="compared-noise"] [data-line]');
    assert.equal(await lines.count(), 2);
    const colours = (picture: string): Promise<(string | null)[]> =>
      view.page.locator(picture).evaluateAll((found) => found.map((line) => line.getAttribute('stroke')));
    const own = await colours('.compare-run .compare-swatch line');
    assert.equal(new Set(own).size, 2);
    assert.deepEqual(await colours('[data-picture="compared-noise"] button .curve-swatch line'), own);
    const [first, second] = runs();
    // Only of the second, which keeps its colour.
    await view.deliver({
      type: 'comparison',
      state: withRuns({ ...first, noise: null, curves: null }, second),
    });
    for (const picture of ['compared-noise', 'compared-curves']) {
      const button = `[data-picture="${picture}"] button .curve-swatch line`;
      assert.deepEqual(await colours(button), own.slice(1), picture);
    }
    assert.match(
      await textOf(view, '[data-picture="compared-noise"]'),
      /No noise is measured of generalizes · train\.npz yet/,
    );
  });

  it('lays more than two side by side, each with its colour; of two chosen ones the recalls', async () => {
    const [first, second] = parts();
    const [one, other] = runs();
    const third = { ...second, name: 'third', run: { ...other, directory: '/third', title: 'third' } };
    const three: CompareState = { ...state, parts: [first, second, third] };
    await open({}, three);
    assert.equal(await view.page.locator('.compare-run').count(), 3);
    const accuracies = [one, other, other].map(({ record }) => record.baseline.accuracy);
    assert.deepEqual(
      await fact('accuracy'),
      accuracies.map((share) => `${(100 * share).toFixed(2)} %`),
    );
    for (const picture of ['compared-curves', 'compared-noise']) {
      const lines = view.page.locator(`[data-picture="${picture}"] [data-line]`);
      assert.equal(await lines.count(), 3, picture);
    }
    const spread = view.page.locator('[data-picture="distribution"] canvas');
    assert.equal(await spread.getAttribute('data-curves'), '3');
    const explanation = (): Promise<string> => textOf(view, '[data-picture="recalls"] .frame-title p');
    assert.match(await explanation(), /From generalizes · train\.npz to memorizes · train\.npz/);
    await view.page.locator('[data-picture="recalls"] vscode-dropdown[aria-label="To"]').click();
    await view.page.locator('vscode-option:visible', { hasText: 'third' }).click();
    await view.settled();
    assert.match(await explanation(), /From generalizes · train\.npz to third/);
  });

  it('swaps the runs, opens one, and saves pictures', async () => {
    await open();
    const names = (): Promise<string[]> => view.page.locator('.compare-open').allTextContents();
    const [first, second] = runs();
    assert.deepEqual(await names(), [first.title, second.title]);
    const [a, b] = await fact('accuracy');
    await view.page.locator('vscode-button[aria-label="Swap the two"]').click();
    await view.settled();
    assert.deepEqual(await names(), [second.title, first.title]);
    assert.deepEqual((await fact('accuracy')).slice(0, 2), [b, a]);
    await view.page.locator('.compare-open').first().click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'openRun', directory: second.directory });
    const frame = view.page.locator('[data-picture="distribution"]');
    await frame.locator('vscode-button:has(.codicon-save)').click();
    await frame.getByRole('menuitem', { name: 'PNG' }).click();
    await view.page.waitForFunction(() => window.editor.posted.length > 2);
    const size = await view.page.evaluate(() => {
      const message = window.editor.posted.at(-1) as { content: Uint8Array; name: string; format: string };
      return { name: message.name, format: message.format, bytes: [...message.content] };
    });
    assert.deepEqual([size.name, size.format], ['distribution', 'png']);
    assert.equal(decode(Uint8Array.from(size.bytes)).width, 2 * 784);
  });

  it('shows a problem in place of the runs, and nothing it was not told', async () => {
    view = await bench.open('compare');
    assert.match(await textOf(view, 'main'), /Reading the runs/);
    const problem = 'x <b>is</b> no run.';
    const refused: CompareState = { parts: null, verdict: null, measuring: null, problem };
    await view.deliver({ type: 'comparison', state: refused });
    assert.equal(await textOf(view, '[role="alert"]'), 'x <b>is</b> no run.');
    assert.equal(await view.page.locator('#root b').count(), 0);
    await view.page.evaluate(() => window.editor.deliver({ type: 'comparison', state: { parts: [1, 2] } }));
    await view.settled();
    assert.equal(await textOf(view, '[role="alert"]'), 'x <b>is</b> no run.');
  });

  it('cuts nothing in any theme and width, also with long names', async () => {
    const [first, second] = runs();
    const title =
      'a-network-with-a-name-that-does-not-end-soon-and-has-no-blanks · validation-data-of-2026.npz';
    const shown = withRuns({ ...first, title }, second);
    await open({}, shown);
    for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
      await view.setTheme(theme);
      for (const width of [400, 960, 1600, 3000]) {
        await view.page.setViewportSize({ width, height: 900 });
        await view.settled();
        assert.deepEqual(await view.cutTexts(), [], `${theme} ${width}`);
        if (width !== 3000) await view.screenshot(`compare-${theme}-${width}`);
      }
    }
  });
});
