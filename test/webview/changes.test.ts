import assert from 'node:assert/strict';
import { colourOf } from '../../src/pictures/colourScale';
import { confusionScale, confusionValues } from '../../src/pictures/confusion';
import { paperTheme } from '../../src/pictures/theme';
import type { Evaluation } from '../../src/protocol/run';
import type { UnitRef } from '../../src/protocol/study';
import { NOTHING_DELETED, type DeletionState } from '../../src/protocol/webview';
import { benchForEach, textOf, type View } from './browser';
import { syntheticEvaluation, withClasses } from './syntheticDeletion';
import { syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

const study = syntheticStudy();
const deleted: readonly UnitRef[] = [
  { site: 'dense_1', unit: 4 },
  { site: 'dense_2', unit: 17 },
];
const evaluation = syntheticEvaluation(study.record, deleted);

function deletion(change: Partial<DeletionState>): DeletionState {
  return { ...NOTHING_DELETED, deleted, evaluation, canUndo: true, ...change };
}

describe('what a deletion changes', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  const show = async (
    change: DeletionState,
    opening: Parameters<typeof bench.open>[1] = {},
  ): Promise<void> => {
    view = await bench.open('study', {
      width: 1400,
      ...opening,
      saved: { tab: 'map', ...Object(opening.saved) },
    });
    await view.deliver({ type: 'snapshot', state: { ...study, deletion: change } });
  };
  const text = (selector: string): Promise<string> => textOf(view, selector);
  const picture = (id: string): string => `[data-picture="${id}"]`;
  const press = async (id: string, ...keys: readonly string[]): Promise<void> => {
    const canvas = view.page.locator(`${picture(id)} canvas`);
    await canvas.focus();
    for (const key of keys) await canvas.press(key);
    await view.settled();
  };
  const data = async (id: string, name: string): Promise<string | null> =>
    view.page.locator(`${picture(id)} .cell-canvas`).getAttribute(`data-${name}`);
  /** Colours of a picture at points in CSS pixels of its canvas. */
  const colours = (id: string, points: readonly (readonly [number, number])[]): Promise<string[]> =>
    view.page.locator(`${picture(id)} canvas`).evaluate((canvas: HTMLCanvasElement, all) => {
      const ratio = canvas.width / canvas.clientWidth;
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true });
      context?.drawImage(canvas, 0, 0);
      return all.map(([x, y]) => {
        const pixel = context?.getImageData(x * ratio, y * ratio, 1, 1).data ?? [];
        const bytes = [...pixel].slice(0, 3).map((byte) => byte.toString(16).padStart(2, '0'));
        return `#${bytes.join('')}`;
      });
    }, points);

  it('invites to delete while nothing is, and shows the network as it is', async () => {
    const asItIs = syntheticEvaluation(study.record, []);
    await show({ ...NOTHING_DELETED, evaluation: asItIs });
    assert.match(await text('.outcome'), /Nothing is deleted Accuracy 98\.11 %.*Click neurons in the map/);
    await press('confusion', 'ArrowDown', 'ArrowRight');
    const count = asItIs.confusion!.before[11]!;
    assert.equal(await text(`${picture('confusion')} .cell-readout`), `1 taken for 1: ${count} samples`);
    assert.equal(await view.page.locator(`${picture('confusion')} vscode-dropdown`).count(), 0);
    await press('recall', 'End');
    assert.match(await text(`${picture('recall')} .cell-readout`), /^9: 97\.\d %$/);
    await press('examples');
    assert.match(
      await text(`${picture('examples')} .cell-readout`),
      /^Sample 100, true \d: \d with \d+\.\d %$/,
    );
  });

  it('says what waits for the analysis to end, where nothing was measured yet', async () => {
    view = await bench.open('study', { saved: { tab: 'map' } });
    await view.deliver({ type: 'snapshot', state: syntheticStudy({ rounds: 2 }) });
    assert.match(await text(picture('confusion')), /comes when the analysis is done/);
    assert.match(await text('.outcome'), /Nothing is deleted/);
    const problem = 'The data is gone.';
    await view.deliver({ type: 'snapshot', state: { ...study, deletion: { ...NOTHING_DELETED, problem } } });
    assert.match(await text(picture('confusion')), /The data is gone\./);
  });

  it('says accuracy, loss and flips before and after', async () => {
    await show(deletion({}));
    const { accuracy, before, loss } = evaluation;
    const percent = (share: number): string => (share * 100).toFixed(2);
    const said = await text('.outcome');
    assert.match(said, /^Without 2 neurons/);
    assert.ok(said.includes(`${percent(before.accuracy)} % ${percent(accuracy)} %`), said);
    assert.ok(said.includes(`−${((before.accuracy - accuracy) * 100).toFixed(2)} points`), said);
    assert.ok(said.includes(`0.0634 to ${loss.toFixed(4)} nats`), said);
    assert.ok(said.includes(`Now wrong ${evaluation.flips_to_wrong.toLocaleString('en-US')}`), said);
  });

  it('draws every cell of the matrix in its colour, and reads it out', async () => {
    await show(deletion({}), { theme: 'light' });
    const theme = { ...paperTheme, background: THEMES.light.variables['editor-background'] ?? '' };
    await press('confusion', 'ArrowRight', 'ArrowRight', 'ArrowDown');
    assert.deepEqual([await data('confusion', 'true'), await data('confusion', 'predicted')], ['1', '2']);
    const { before, after } = evaluation.confusion!;
    assert.equal(await data('confusion', 'before'), String(before[12]));
    assert.equal(await data('confusion', 'after'), String(after[12]));
    const change = after[12]! - before[12]!;
    assert.equal(
      await text(`${picture('confusion')} .cell-readout`),
      `1 taken for 2: ${before[12]} samples before, ${after[12]} after (${change > 0 ? '+' : ''}${change})`,
    );
    for (const mode of ['Difference', 'Before', 'After'] as const) {
      await view.page.locator(`${picture('confusion')} vscode-dropdown`).click();
      await view.page.locator(`${picture('confusion')} vscode-option`, { hasText: mode }).click();
      await view.settled();
      const id = mode.toLowerCase() as 'difference' | 'before' | 'after';
      const { shades, domain } = confusionValues(evaluation.confusion!, 10, id);
      const colour = colourOf(confusionScale(id, theme), domain);
      await press('confusion', 'Control+Home');
      const left = Number(await data('confusion', 'focus-x'));
      const top = Number(await data('confusion', 'focus-y'));
      await press('confusion', 'ArrowRight', 'ArrowDown');
      const pitch = Number(await data('confusion', 'focus-x')) - left;
      assert.equal(Number(await data('confusion', 'focus-y')) - top, pitch);
      // In the corners, where no numbers are.
      const corner = (at: number): [number, number] => [
        left + (at % 10) * pitch - pitch / 2 + 5,
        top + Math.floor(at / 10) * pitch - pitch / 2 + 5,
      ];
      const drawn = await colours(
        'confusion',
        Array.from(shades, (_, at) => corner(at)),
      );
      assert.deepEqual(drawn, Array.from(shades, (shade) => colour(shade)), mode); // prettier-ignore
    }
    assert.equal(((await view.saved()) as { confusion?: string }).confusion, 'after');
  });

  it('shows those that flipped, and their probabilities in words', async () => {
    await show(deletion({}));
    const first = evaluation.examples![0]!;
    await press('examples', 'Home');
    assert.deepEqual([await data('examples', 'index'), await data('examples', 'flip')], ['100', 'to_wrong']);
    assert.equal(await data('examples', 'before'), String(first.label));
    assert.notEqual(await data('examples', 'after'), String(first.label));
    assert.match(
      await text(`${picture('examples')} .cell-readout`),
      new RegExp(
        `^Sample 100, true ${first.label}, now wrong: ${first.label} with [\\d.]+ % before, \\d with`,
      ),
    );
    await press('examples', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    assert.match(await text(`${picture('examples')} .cell-readout`), /now right/);
    // The corner of the first input, which is black on a page that is not.
    assert.deepEqual(await colours('examples', [[15, 15]]), ['#000000']);
  });

  it('has every picture as a table, in full precision', async () => {
    await show(deletion({}));
    const copied = async (id: string): Promise<string[][]> => {
      await view.page.locator(`${picture(id)} vscode-button[aria-label^="Copy"]`).click();
      await view.settled();
      const text = await view.page.evaluate(() => navigator.clipboard.readText());
      return text.split('\n').map((line) => line.split('\t'));
    };
    const confusion = await copied('confusion');
    assert.deepEqual(confusion[0], ['true', 'predicted', 'before', 'after', 'difference']);
    const { before, after } = evaluation.confusion!;
    const rows = confusion.slice(1).map((row) => row.map(Number));
    assert.deepEqual(rows, [...before.keys()].map((at) => [Math.floor(at / 10), at % 10, before[at], after[at], after[at]! - before[at]!])); // prettier-ignore
    const recall = await copied('recall');
    assert.deepEqual(
      recall.slice(1).map((row) => Number(row[2])),
      evaluation.recalls,
    );
    const examples = await copied('examples');
    assert.deepEqual(
      examples.slice(1).map((row) => Number(row[6])),
      evaluation.examples!.map(({ after: probabilities, label }) => probabilities[label]),
    );
  });

  it('saves every picture, with its title', async () => {
    await show(deletion({}));
    for (const [id, title] of [
      ['confusion', 'Confusion matrix: Difference'],
      ['recall', 'Recall of each class'],
      ['examples', 'Examples'],
    ] as const) {
      // prettier-ignore
      await view.page.locator(`${picture(id)} .menu vscode-button`).click();
      await view.page.locator(`${picture(id)} [role=menuitem]`, { hasText: 'SVG' }).click();
      await view.settled();
      const saved = (await view.postedOf('savePicture')).at(-1);
      assert.equal(saved?.name, id);
      const svg = Buffer.from(Object.values(saved.content)).toString('utf8');
      assert.ok(svg.startsWith('<svg') && svg.includes(`>${title}<`), svg.slice(0, 300));
    }
  });

  it('keeps the last pictures, dimmed, while the next set is measured', async () => {
    await show(deletion({}));
    const height = await view.page.evaluate(() => document.documentElement.scrollHeight);
    await view.deliver({ type: 'change', change: { deletion: deletion({ evaluation: null }) } });
    assert.match(await text('.outcome'), /Measuring…/);
    assert.equal(await view.page.locator('.cell-canvas.stale').count(), 3);
    assert.equal(await view.page.evaluate(() => document.documentElement.scrollHeight), height);
    const problem = 'The data is gone.';
    await view.deliver({ type: 'change', change: { deletion: deletion({ evaluation: null, problem }) } });
    assert.match(await text('.outcome'), /The data is gone\./);
    await view.deliver({ type: 'change', change: { deletion: deletion({}) } });
    assert.equal(await view.page.locator('.stale').count(), 0);
  });

  it('shows the accuracy of one neuron at once, the rest when the engine has it', async () => {
    const one: Evaluation = { ...evaluation, confusion: null };
    const { examples: _, ...fromTable } = one;
    await show(deletion({ deleted: [deleted[0]!], evaluation: fromTable }));
    assert.match(await text('.outcome'), /^Without 1 neuron Accuracy/);
    assert.match(await text(picture('confusion')), /Measuring…/);
    assert.equal(await view.page.locator('.outcome .stale').count(), 0);
  });

  for (const [classes, width] of [
    [2, 400],
    [100, 400],
    [2, 1600],
    [100, 960],
  ] as const) {
    // prettier-ignore
    it(`cuts nothing with ${classes} classes in ${width} px`, async () => {
      const wide = withClasses(study, classes, (c) => `a class with a long name ${c}`);
      view = await bench.open('study', { width, saved: { tab: 'map' }, theme: 'hc-light' });
      const measured = syntheticEvaluation(wide.record, deleted, classes === 2 ? 'series' : 'values');
      await view.deliver({ type: 'snapshot', state: { ...wide, deletion: deletion({ evaluation: measured }) } });
      assert.deepEqual(await view.cutTexts(), []);
      await press('confusion', 'Control+End');
      assert.match(await text(`${picture('confusion')} .cell-readout`), new RegExp(`name ${classes - 1} taken`));
      await view.screenshot(`changes-${classes}-${width}`);
    });
  }

  describe('the bar above', () => {
    const button = (label: string): ReturnType<View['page']['locator']> =>
      view.page.locator('.deletion-bar vscode-button', { hasText: label });
    const choose = async (label: string, option: string): Promise<void> => {
      await view.page.locator(`.chooser vscode-dropdown[aria-label="${label}"]`).click();
      await view.page.locator(`.chooser vscode-dropdown[aria-label="${label}"] vscode-option`, { hasText: option }).click(); // prettier-ignore
      await view.settled();
    };
    const chosen = async (): Promise<readonly UnitRef[]> =>
      (await view.postedOf('setDeletion')).at(-1)?.units ?? [];

    it('takes back and does again, by buttons and keys, but not from a text field', async () => {
      await show(deletion({ canRedo: true }));
      await view.page.locator('vscode-button[aria-label^="Undo"]').click();
      await view.page.locator('vscode-button[aria-label^="Redo"]').click();
      await view.page.locator('.deletion-count').click();
      for (const keys of ['Control+z', 'Control+Shift+z', 'Control+y']) await view.page.keyboard.press(keys);
      const types = (await view.posted()).map(({ type }) => type).filter((type) => /undo|redo/.test(type));
      assert.deepEqual(types, ['undo', 'redo', 'undo', 'redo', 'redo']);
      await view.page.locator('.number-field').click();
      await view.page.keyboard.press('Control+z');
      assert.equal((await view.postedOf('undo')).length, 2);
      await button('Restore All').click();
      assert.equal((await view.postedOf('restoreAll')).length, 1);
    });

    it('has nothing to take back while nothing is deleted', async () => {
      await show(NOTHING_DELETED);
      for (const label of ['Undo', 'Redo']) {
        assert.notEqual(await view.page.locator(`vscode-button[aria-label^="${label}"]`).getAttribute('disabled'), null); // prettier-ignore
      }
      assert.match(await text('.deletion-count'), /^0 of 216 neurons deleted$/);
    });

    it('deletes the most important, of one site, and those of a class', async () => {
      await show(NOTHING_DELETED);
      const { accuracy_drop: drops, preferred_class: preferred } = study.table.columns;
      await choose('Choose', 'The most');
      await view.page.locator('.number-field').locator('input').fill('3');
      await button('Delete These').click();
      const largest = [...drops].sort((a, b) => b - a).slice(0, 3);
      const row = ({ site, unit }: UnitRef): number =>
        ({ conv2d_1: 0, dense_1: 24, dense_2: 152 })[site]! + unit;
      assert.deepEqual(
        (await chosen()).map((unit) => drops[row(unit)]),
        largest,
      );
      await button('All sites').click();
      await view.page.locator('.site-list vscode-checkbox', { hasText: 'dense_2' }).click();
      await button('Delete These').click();
      assert.deepEqual(
        (await chosen()).map(({ site }) => site),
        ['dense_2', 'dense_2', 'dense_2'],
      );
      assert.equal(drops[row((await chosen())[0]!)], Math.max(...drops.slice(152)));
      await choose('Choose', 'Only those of a class');
      await choose('most active on', '7');
      await button('Delete These').click();
      const expected = [...preferred.keys()].filter((at) => at >= 152 && preferred[at] === 7);
      assert.deepEqual((await chosen()).map(row), expected);
      assert.ok(expected.length > 0);
    });

    it('draws others at random, and refuses a count that is none', async () => {
      await show(NOTHING_DELETED, { saved: { choose: { which: 'random', count: '5', seed: 3 } } });
      await button('Delete These').click();
      const first = await chosen();
      await button('Another').click();
      const second = await chosen();
      assert.deepEqual([first.length, second.length], [5, 5]);
      assert.notDeepEqual(second, first);
      assert.equal(((await view.saved()) as { choose: { seed: number } }).choose.seed, 4);
      await view.page.locator('.number-field').locator('input').fill('x');
      await view.settled();
      await view.page.locator('.number-field').locator('input').press('Enter');
      assert.equal((await view.postedOf('setDeletion')).length, 2);
      assert.notEqual(await button('Delete These').getAttribute('disabled'), null);
    });

    it('keeps sets under names, applies and forgets them', async () => {
      view = await bench.open('study', { saved: { tab: 'map' } });
      const sets = [{ name: 'first <b>', units: [deleted[1]!] }];
      await view.deliver({ type: 'snapshot', state: { ...study, sets, deletion: deletion({}) } });
      await button('Sets').click();
      const field = view.page.locator('.set-new input');
      await field.fill('  stripes ');
      await field.press('Enter');
      assert.deepEqual(await view.postedOf('saveSet'), [{ type: 'saveSet', name: 'stripes' }]);
      assert.equal(await text('.set-apply'), 'first <b> 1 neuron');
      await view.page.locator('.set-apply').click();
      assert.deepEqual(await chosen(), [deleted[1]]);
      await view.page.locator('.set-list vscode-button').click();
      assert.deepEqual(await view.postedOf('removeSet'), [{ type: 'removeSet', name: 'first <b>' }]);
      await view.page.keyboard.press('Escape');
      assert.equal(await view.page.locator('.popover-panel').count(), 0);
    });
  });
});
