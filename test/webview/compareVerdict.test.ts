import assert from 'node:assert/strict';
import { verdictOf } from '../../src/core/measures/verdict';
import type { ComparedRobustness } from '../../src/protocol/compare';
import type { ComparedLine, ComparedPart, CompareState } from '../../src/protocol/compareState';
import { benchForEach, textOf, type View } from './browser';
import { realComparison } from './realComparison';

/** As it comes out of a message. */
function asSent(line: ComparedRobustness): ComparedLine {
  return JSON.parse(JSON.stringify(line)) as ComparedLine;
}

describe('what a comparison comes to', function () {
  this.timeout(180_000);
  let state: CompareState;
  let lines: readonly ComparedRobustness[];
  let view: View;
  const bench = benchForEach(() => view);
  before(async () => {
    const { state: read, lines: found } = await realComparison();
    state = { ...read, measuring: null, problem: null };
    lines = found.filter((line) => line !== null);
  });

  const open = async (opening: Parameters<typeof bench.open>[1] = {}, shown = state): Promise<void> => {
    view = await bench.open('compare', opening);
    await view.deliver({ type: 'comparison', state: shown });
  };
  const parts = (): readonly [ComparedPart, ComparedPart] => {
    const [first, second] = state.parts ?? [];
    assert.ok(first !== undefined && second !== undefined && state.parts?.length === 2);
    return [first, second];
  };

  it('gives the verdict in the words of the command line, and its limits', async () => {
    await open();
    const { verdict } = state;
    assert.equal(verdict?.kind, 'difference');
    assert.equal(verdict.fragile, 'memorizes');
    const box = view.page.locator('.compare-verdict');
    assert.equal(await box.getAttribute('data-verdict'), 'difference');
    const words = async (): Promise<string> =>
      (await box.locator('p').allTextContents()).join(' ').replaceAll('-', '−');
    const own = (text: string): string => text.replaceAll(/`(.*?)`/g, '“$1”').replaceAll('-', '−');
    assert.equal(await words(), own(verdict.text));
    const [part] = parts();
    const [first, second] = lines;
    assert.ok(first !== undefined && second !== undefined);
    // A copy, three of which one is between the others, and one at chance.
    const between = {
      ...first,
      model: 'between',
      auc_relative: (first.auc_relative + second.auc_relative) / 2,
    };
    const lost = { ...second, model: 'lost', auc_relative: NaN, orderings: [], half_fraction: NaN };
    for (const models of [
      [first, { ...first, model: 'copy' }],
      [first, between, second],
      [first, { ...second, half_fraction: NaN }],
      [first, lost],
      [{ ...lost, model: 'lost, too' }, lost],
    ]) {
      const shown = models.map((line) => ({ ...part, name: line.model, line: asSent(line) }));
      await view.deliver({
        type: 'comparison',
        state: { ...state, parts: shown, verdict: verdictOf(models) },
      });
      assert.equal(await words(), own(verdictOf(models).text));
    }
  });

  it('says the same of the two in the other order', async () => {
    await open();
    const before = await textOf(view, '.compare-verdict');
    await view.page.locator('vscode-button[aria-label="Swap the two"]').click();
    await view.settled();
    assert.equal(await textOf(view, '.compare-verdict'), before);
  });

  it('offers to measure what is missing, shows how far that is, and goes on with it', async () => {
    const [first, second] = parts();
    const missing: CompareState = {
      ...state,
      verdict: null,
      parts: [
        { ...first, missing: ['noise'] },
        { ...second, run: null, line: null, missing: ['units', 'curves', 'noise'] },
      ],
    };
    await open({}, missing);
    const box = view.page.locator('.compare-missing');
    assert.deepEqual(await box.locator('li').allTextContents(), [
      'generalizes: noise in all neurons',
      'memorizes: deleting every neuron by itself, deleting more and more neurons, noise in all neurons',
    ]);
    assert.equal(await view.page.locator('.compare-verdict').count(), 0);
    assert.equal(await view.page.locator('.compare-open').count(), 1, 'memorizes has no run to open');
    assert.equal(await view.page.locator('vscode-button[aria-label="Export this comparison"]').count(), 0);
    await box.locator('vscode-button', { hasText: 'Measure What Is Missing' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'measureMissing' });
    const progress = {
      phase: 'measuring',
      fraction: 0.42,
      round: 1,
      rounds: 10,
      seconds_left: 7,
    } as const;
    const measuring = { name: 'memorizes', kind: 'curves', done: 1, runs: 4, progress, waits: null } as const;
    await view.deliver({ type: 'measuring', measuring, problem: null });
    assert.match(
      await textOf(view, '.running'),
      /memorizes: deleting more and more neurons.*run 2 of 4.*7 s left/,
    );
    assert.equal(await view.page.locator('.running [role=progressbar]').getAttribute('aria-valuenow'), '42');
    assert.equal(await box.count(), 0);
    await view.page.locator('.running vscode-button', { hasText: 'Cancel' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'cancelMeasuring' });
    await view.deliver({ type: 'measuring', measuring: null, problem: 'The data file is gone.' });
    assert.equal(await textOf(view, '[role=alert]'), 'The data file is gone.');
    const stopped = { ...missing, parts: missing.parts!.map((part) => ({ ...part, begun: true })) };
    await view.deliver({ type: 'comparison', state: stopped });
    await box.locator('vscode-button', { hasText: 'Continue' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'measureMissing' });
  });

  it('exports the comparison once all is measured', async () => {
    await open();
    for (const [format, label] of [
      ['html', 'Report (HTML)'],
      ['csv', 'Table of the models (CSV)'],
      ['json', 'Everything (JSON)'],
    ] as const) {
      await view.page.locator('vscode-button[aria-label="Export this comparison"]').click();
      await view.page.getByRole('menuitem', { name: label }).click();
      assert.deepEqual((await view.posted()).at(-1), { type: 'exportComparison', format });
    }
  });
});
