import assert from 'node:assert/strict';
import { rectOf } from '../../src/pictures/networkMapLayout';
import type { StudyState } from '../../src/protocol/webview';
import { type Bench, benchForEach, textOf, type View } from './browser';
import { MapPage, unitOf } from './mapPage';
import { syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

describe('pointer and keyboard on the network map', function () {
  this.timeout(60_000);
  let view: View;
  let map: MapPage;
  const bench = benchForEach(() => view);

  async function show(study: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'map' }, width: 1400, ...opening });
    map = new MapPage(view);
    await view.deliver({ type: 'snapshot', state: study });
  }

  it('deletes with a click, shows it before the host answers, and restores with the next', async () => {
    const study = syntheticStudy();
    await show(study);
    const before = await map.colourAt(study, 40);
    const { x, y, w } = rectOf(await map.layoutOf(study), 40);
    await map.click(study, 40);
    assert.deepEqual(await view.postedOf('delete'), [
      { type: 'delete', unit: unitOf(study, 40), deleted: true },
    ]);
    assert.deepEqual((await view.postedOf('select')).at(-1)?.unit, unitOf(study, 40));
    // Two strokes in the colour of text cross in the middle.
    assert.equal(await map.colourAt(study, 40), THEMES.dark.variables.foreground);
    assert.match(await map.pixel('network', x + w / 2, y + 2), /^#(..)\1\1$/);
    assert.match(await textOf(view, '.map-keys'), /deleted/);
    await map.click(study, 40);
    assert.equal((await view.postedOf('delete'))[1]?.deleted, false);
    assert.equal(await map.colourAt(study, 40), before);
  });

  it('asks to save the model without what is deleted, from the bar and the dock, and only then', async () => {
    const study = syntheticStudy();
    const asked = async (): Promise<number> => (await view.postedOf('saveWithout')).length;
    const button = (place: string): ReturnType<View['page']['locator']> =>
      view.page.locator(`${place} vscode-button`, { hasText: 'Save Model Without These' });
    await show(study);
    assert.equal(await button('.deletion-bar').getAttribute('disabled'), '');
    const deletion = { ...study.deletion, deleted: [unitOf(study, 40)] };
    await view.deliver({ type: 'change', change: { deletion } });
    await button('.deletion-bar').click();
    assert.equal(await asked(), 1);
    await view.page.locator('#tab-table').click();
    await button('.dock').click();
    assert.equal(await asked(), 2);
  });

  it('takes back what the host does not accept', async () => {
    const study = syntheticStudy();
    await show(study);
    const before = await map.colourAt(study, 40);
    await map.click(study, 40);
    await view.deliver({ type: 'change', change: { deletion: study.deletion } });
    assert.equal(await map.colourAt(study, 40), before);
  });

  it('selects without deleting: Ctrl, Shift, the right button, and the switch', async () => {
    const study = syntheticStudy();
    await show(study);
    await map.click(study, 3, ['Control']);
    await map.click(study, 40, ['Shift']);
    const { x, y } = await map.placeOf(study, 60);
    await view.page.mouse.click(x, y, { button: 'right' });
    await view.page.getByRole('button', { name: 'Clicks select and do not delete' }).click();
    await map.click(study, 70);
    const selected = (await view.postedOf('select')).map(({ unit }) => unit);
    assert.deepEqual(
      selected,
      [3, 40, 60, 70].map((row) => unitOf(study, row)),
    );
    assert.deepEqual(await view.postedOf('delete'), []);
    const ring = rectOf(await map.layoutOf(study), 70);
    assert.equal(
      await map.pixel('marks', ring.x + ring.w / 2, ring.y - 2),
      THEMES.dark.variables.focusBorder,
    );
  });

  it('takes many with a drag and asks what to do with them', async () => {
    const study = syntheticStudy();
    await show({ ...study, deletion: { ...study.deletion, deleted: [unitOf(study, 24)] } });
    const layout = await map.layoutOf(study);
    const { columns } = layout.columns[1]!;
    const square = [24, 25, 24 + columns, 25 + columns];
    await map.drag(study, 24, 25 + columns);
    assert.deepEqual(await view.postedOf('delete'), []);
    assert.equal(await textOf(view, '.take-bar'), 'Delete 3 Restore 1 Cancel');
    // The bar stays where the window changes its size.
    await view.page.setViewportSize({ width: 1300, height: 800 });
    await view.settled();
    await view.screenshot('map-drag');
    await view.page.locator('.take-bar vscode-button', { hasText: 'Delete 3' }).click();
    const [posted] = await view.postedOf('setDeletion');
    assert.deepEqual(
      posted?.units,
      square.map((row) => unitOf(study, row)),
    );
    assert.equal(await view.page.locator('.take-bar').count(), 0);
    // The map has the keyboard again.
    assert.equal(await view.page.evaluate(() => document.activeElement?.className), 'map-marks');

    await map.drag(study, 24, 25);
    await view.page.locator('.take-bar vscode-button', { hasText: 'Restore 2' }).click();
    const units = (await view.postedOf('setDeletion')).at(-1)?.units;
    assert.deepEqual(
      units,
      square.slice(2).map((row) => unitOf(study, row)),
    );
  });

  it('obeys Delete, Enter and Escape after a drag, and deletes at once with Alt', async () => {
    const study = syntheticStudy();
    await show(study);
    await map.drag(study, 24, 26);
    await map.press('Escape');
    assert.equal(await view.page.locator('.take-bar').count(), 0);
    assert.deepEqual(await view.postedOf('setDeletion'), []);
    await map.drag(study, 24, 26);
    await map.press('Delete');
    await map.drag(study, 30, 31);
    await map.press('Enter');
    await map.drag(study, 0, 1, 'Alt');
    assert.equal(await view.page.locator('.take-bar').count(), 0);
    const sets = (await view.postedOf('setDeletion')).map(({ units }) => units);
    const rows = [
      [24, 25, 26],
      [24, 25, 26, 30, 31],
      [24, 25, 26, 30, 31, 0, 1],
    ];
    assert.deepEqual(
      sets,
      rows.map((set) => set.map((row) => unitOf(study, row))),
    );
    assert.deepEqual(await view.postedOf('delete'), []);
  });

  it('is worked by keyboard and says where one is', async () => {
    const study = syntheticStudy();
    await show(study);
    const { columns } = (await map.layoutOf(study)).columns[0]!;
    await map.press('ArrowDown');
    assert.match(await map.readout(), new RegExp(`^conv2d_1 #${columns} of 24; Importance [−\\d.]+ points`));
    await map.press('PageDown');
    assert.match(await map.readout(), /^dense_1 #0 of 128; /);
    await map.press('End');
    assert.match(await map.readout(), /^dense_1 #127 of 128; /);
    await map.press('Control+End', 'ArrowRight');
    assert.match(await map.readout(), /^dense_2 #63 of 64; /);
    await map.press('Control+Home', 'Enter');
    assert.match(await map.readout(), /^conv2d_1 #0 of 24; .*; deleted; selected$/);
    await map.press(' ', 'Delete', 's');
    assert.deepEqual(
      (await view.postedOf('delete')).map(({ deleted }) => deleted),
      [true, false, true],
    );
    assert.deepEqual((await view.postedOf('select')).at(-1)?.unit, unitOf(study, 0));
    const hovers = await view.postedOf('hover');
    assert.deepEqual(hovers[0]?.unit, unitOf(study, columns));
  });

  it('takes a range with Shift and arrows', async () => {
    const study = syntheticStudy();
    await show(study);
    const { columns } = (await map.layoutOf(study)).columns[1]!;
    await map.press('PageDown', 'Shift+ArrowRight', 'Shift+ArrowDown');
    assert.equal(await textOf(view, '.take-bar'), 'Delete 4 Cancel');
    assert.match(await map.readout(), /4 neurons taken: Delete deletes them, Escape lets them go$/);
    await map.press('Shift+ArrowLeft');
    assert.equal(await textOf(view, '.take-bar'), 'Delete 2 Cancel');
    await map.press('Shift+ArrowRight', 'Delete');
    const rows = [24, 25, 24 + columns, 25 + columns];
    assert.deepEqual(
      (await view.postedOf('setDeletion'))[0]?.units,
      rows.map((row) => unitOf(study, row)),
    );
    await map.press('Shift+ArrowDown', 'ArrowDown');
    assert.equal(await view.page.locator('.take-bar').count(), 0);
  });

  it('tells a neuron’s figures, a site’s figures, and shares the hover', async () => {
    const study = syntheticStudy();
    await show(study);
    const { x, y } = await map.placeOf(study, 40);
    await view.page.mouse.move(x, y);
    await view.settled();
    assert.equal(await textOf(view, '.tooltip-name'), 'dense_1 #16');
    assert.deepEqual((await view.postedOf('hover')).at(-1)?.unit, unitOf(study, 40));
    const ring = rectOf(await map.layoutOf(study), 40);
    assert.notEqual(await map.pixel('marks', ring.x + ring.w / 2, ring.y - 1), 'none');
    const head = (await map.layoutOf(study)).columns[1]!;
    await view.page.mouse.move(
      x - (ring.x + ring.w / 2) + head.left + head.width / 2,
      y - (ring.y + ring.h / 2) + 12,
    );
    await view.settled();
    assert.match(await textOf(view, '.tooltip'), /^dense_1 Kind dense Neurons 128 Output shape 128/);
    await view.page.mouse.move(5, 5);
    await view.settled();
    assert.equal(await view.page.locator('.tooltip').count(), 0);
    assert.equal((await view.postedOf('hover')).at(-1)?.unit, null);
    await view.deliver({ type: 'hover', unit: unitOf(study, 40) });
    assert.notEqual(await map.pixel('marks', ring.x + ring.w / 2, ring.y - 1), 'none');
  });
});
