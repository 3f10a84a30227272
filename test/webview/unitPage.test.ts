import assert from 'node:assert/strict';
import type { FromInspector, StudyState } from '../../src/protocol/webview';
import { benchForEach, textOf, type Opening, type View } from './browser';
import { syntheticDetails, syntheticInspector, syntheticStudy } from './syntheticStudy';

/** A neuron of the last site: it feeds the classes. */
const ROW = 24 + 128 + 17;
const UNIT = { site: 'dense_2', unit: 17 };

describe('page of a neuron', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  const study = syntheticStudy();
  const details = syntheticDetails(study, ROW);
  const selected: StudyState = {
    ...study,
    selection: UNIT,
    unit: { unit: UNIT, details, problem: null },
  };

  async function show(state: StudyState, opening: Opening = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'unit' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }

  async function inspect(opening: Opening = {}, problem: string | null = null): Promise<void> {
    view = await bench.open('inspector', opening);
    const state = { ...syntheticInspector(study, ROW, false), problem };
    await view.deliver({ type: 'state', state: { ...state, details: problem === null ? details : null } });
  }

  it('shows the figures with the share of the site that has less', async () => {
    await show(selected);
    assert.equal(await textOf(view, '.unit-view h2'), 'dense_2 #17');
    const { selectivity } = study.table.columns;
    const site = selectivity.slice(24 + 128);
    const less = site.filter((value) => value < selectivity[ROW]!).length / 64;
    const row = view.page.locator('.pairs > div', { hasText: 'Selectivity' });
    const cells = await row.evaluate((pair) => [...pair.querySelectorAll('dd')].map((dd) => dd.textContent));
    assert.deepEqual(cells, [selectivity[ROW]!.toFixed(3), `> ${Math.round(less * 100)} %`]);
    for (const id of ['accuracy_drop', 'max_class_drop', 'selectivity', 'mutual_information_corrected']) {
      assert.equal(await view.page.locator(`canvas[data-drawing="strip-${id}"]`).count(), 1, id);
    }
  });

  it('shows samples with label, prediction and activation, as hard pixels', async () => {
    await show(selected);
    const examples = view.page.locator('.examples').first().locator('li');
    assert.equal(await examples.count(), details.most.length);
    for (const [at, example] of details.most.entries()) {
      const text = (await examples.nth(at).innerText()).replace(/\s+/g, ' ');
      const wrong = example.predicted === example.label ? '' : ` → ${example.predicted}`;
      assert.equal(text, `${example.label}${wrong} ${example.activation.toFixed(3)}`);
    }
    // A picture's pixel is an even square: its corners have the colour of its middle.
    const { input } = details.most[0]!;
    assert.ok(input.kind === 'image');
    const side = 72 / 28;
    const seen = await examples
      .nth(0)
      .locator('canvas')
      .evaluate((element, unit) => {
        const context = (element as HTMLCanvasElement).getContext('2d');
        const line = context?.getImageData(0, Math.floor(10.5 * unit), 72, 1).data;
        return [0.3, 0.5, 0.7].map((part) => line?.[4 * Math.floor((10 + part) * unit)]);
      }, side);
    const expected = input.rgba[(10 * 28 + 10) * 4];
    assert.deepEqual(seen, [expected, expected, expected]);
  });

  it('lists what it is connected with: a click selects, pointing at it marks it everywhere', async () => {
    await show(selected);
    const buttons = view.page.locator('.connections').first().locator('button');
    assert.equal(await buttons.count(), details.incoming.length);
    const { unit } = details.incoming[2]!;
    await buttons.nth(2).hover();
    await view.settled();
    assert.deepEqual((await view.postedOf('hover')).at(-1)?.unit, unit);
    await view.deliver({ type: 'hover', unit: details.incoming[4]!.unit });
    assert.match((await buttons.nth(4).getAttribute('class')) ?? '', /hovered/);
    await buttons.nth(2).click();
    await view.settled();
    assert.deepEqual((await view.postedOf('select')).at(-1)?.unit, unit);
    assert.equal(await textOf(view, '.unit-view h2'), `${unit.site} #${unit.unit}`);
    // What the engine said was of another neuron.
    assert.equal(await view.page.locator('.examples').count(), 0);
    assert.match(await textOf(view, '.skeleton'), /Looking at its activations/);
  });

  it('says why there are no details', async () => {
    await show({ ...selected, unit: { unit: UNIT, details: null, problem: 'The data file is gone.' } });
    assert.equal(await textOf(view, '.details-problem'), 'The data file is gone.');
    assert.equal(await view.page.locator('.skeleton').count(), 0);
  });

  it('deletes, and steps to the next neuron', async () => {
    await show(selected);
    await view.page.locator('.unit-view vscode-checkbox').click();
    assert.deepEqual(await view.postedOf('delete'), [{ type: 'delete', unit: UNIT, deleted: true }]);
    await view.page.getByRole('button', { name: 'The next neuron' }).click();
    await view.settled();
    assert.equal(await textOf(view, '.unit-view h2'), 'dense_2 #18');
    assert.deepEqual((await view.postedOf('select')).at(-1)?.unit, { ...UNIT, unit: 18 });
  });

  it('begins where nothing is selected', async () => {
    await show(study);
    assert.match(await textOf(view, '.unit-none'), /^No neuron selected/);
    await view.page.locator('.unit-none vscode-button').click();
    await view.settled();
    assert.equal(await textOf(view, '.unit-view h2'), 'conv2d_1 #0');
  });

  it('has its pictures as tables and files', async () => {
    await show(selected);
    for (const [id, name] of [
      ['class-means', 'What it is to each class'],
      ['activations', 'Its activations'],
    ] as const) {
      await view.page.getByRole('button', { name: `Save ${name} as a picture` }).click();
      await view.page.getByRole('menuitem', { name: 'SVG' }).click();
      await view.settled();
      const saved = (await view.postedOf('savePicture')).at(-1);
      assert.equal(saved?.name, id);
      const svg = new TextDecoder().decode(Uint8Array.from(Object.values(saved.content)));
      assert.ok(svg.includes(`>dense_2 #17 · ${name}<`), svg.slice(0, 300));
      assert.doesNotMatch(svg, /NaN|undefined/);
      await view.page.getByRole('button', { name: `${name} as a table` }).click();
      await view.settled();
    }
    const rows = await view.page
      .locator('[role=grid]')
      .evaluateAll((all) => all.map((one) => one.ariaRowCount));
    assert.deepEqual(rows, ['11', String(10 * 24 + 1)]);
  });

  it('is in the side panel too, whose clicks tell the panel', async () => {
    await inspect({ width: 300 });
    assert.equal(await view.page.locator('.examples li').count(), 16);
    assert.equal(await view.page.locator('.bars').count(), 3, 'recall, means, weights');
    assert.equal(await view.page.locator('canvas[data-drawing="histogram"]').count(), 1);
    const first = view.page.locator('.connection').first();
    await first.hover();
    await first.click();
    const { unit } = details.incoming[0]!;
    const posted = (await view.posted()) as FromInspector[];
    assert.deepEqual(posted.slice(1), [
      { type: 'hover', unit },
      { type: 'select', unit },
    ]);
    await view.deliver({ type: 'hover', unit: details.incoming[3]!.unit });
    assert.match((await view.page.locator('.connection').nth(3).getAttribute('class')) ?? '', /hovered/);
  });

  for (const width of [400, 960, 1600]) {
    it(`cuts nothing at ${width} px`, async () => {
      await show(selected, { width, theme: width === 960 ? 'hc-light' : 'dark' });
      assert.deepEqual(await view.cutTexts(), []);
    });
  }

  for (const width of [200, 300, 410]) {
    it(`cuts nothing in a side panel of ${width} px`, async () => {
      await inspect({ width });
      assert.deepEqual(await view.cutTexts(), []);
    });
  }
});
