import assert from 'node:assert/strict';
import type { StudyState } from '../../src/protocol/webview';
import { type Bench, benchForEach, type View } from './browser';
import { syntheticStudy } from './syntheticStudy';

describe('table of all neurons', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function show(state: StudyState, opening: Parameters<Bench['open']>[1] = {}): Promise<void> {
    view = await bench.open('study', { saved: { tab: 'table' }, ...opening });
    await view.deliver({ type: 'snapshot', state });
  }

  /** Values of one column of the rows on screen, top to bottom. */
  async function column(index: number): Promise<string[]> {
    return view.page.locator('.table-row').evaluateAll(
      (rows, at) =>
        rows
          .map((row) => ({
            place: Number(row.getAttribute('aria-rowindex')),
            text: row.children[at]?.textContent ?? '',
          }))
          .sort((p, q) => p.place - q.place)
          .map((cell) => cell.text),
      index,
    );
  }

  it('sorts the table both ways, what is unknown last', async () => {
    const state = syntheticStudy();
    await show(state, { height: 1400 });
    const numbers = async (at: number): Promise<number[]> =>
      (await column(at)).map((cell) => Number(cell.replace('−', '-')));
    const importance = await numbers(2);
    assert.ok(importance.length > 10 && importance.length < 60, `${importance.length} rows exist`);
    assert.deepEqual(
      importance,
      [...importance].sort((p, q) => q - p),
    );
    assert.equal(importance[0], Number((Math.max(...state.table.columns.accuracy_drop) * 100).toFixed(2)));
    const head = view.page.getByRole('columnheader', { name: 'Selectivity' });
    assert.equal(await head.getAttribute('aria-sort'), 'none');
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    const falling = await numbers(9);
    assert.deepEqual(
      falling,
      [...falling].sort((p, q) => q - p),
    );
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.equal((await numbers(9))[0], 0);
    await view.page
      .locator('.table-scroller')
      .evaluate((element) => (element.scrollTop = element.scrollHeight));
    await view.settled();
    assert.equal((await column(9)).at(-1), '–');
  });

  for (const [name, measure, decimals] of [
    ['Information', 'mutual_information_corrected', 3],
    ['First order', 'first_order', 4],
    ['L1 norm', 'l1_norm', null],
  ] as const) {
    it(`shows ${name} of each neuron, and sorts by it`, async () => {
      const state = syntheticStudy();
      await show(state);
      const head = view.page.getByRole('columnheader', { name });
      const at = await head.evaluate((cell) => [...(cell.parentElement?.children ?? [])].indexOf(cell));
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'descending');
      const shown = (await column(at)).map((cell) => Number(cell.replace('−', '-')));
      const expected = [...state.table.columns[measure]].sort((p, q) => q - p).slice(0, shown.length);
      assert.ok(shown.length > 10 && new Set(shown).size > 5);
      shown.forEach((value, row) => {
        const figure = expected[row] ?? NaN;
        const rounding = decimals === null ? 0.0005 * Math.abs(figure) : 0.5 * 10 ** -decimals;
        assert.ok(Math.abs(value - figure) <= rounding * 1.001, `${value} for ${figure}`);
      });
    });
  }

  it('names the neuron that another goes along with', async () => {
    await show(syntheticStudy());
    const head = view.page.getByRole('columnheader', { name: 'Duplicate of' });
    const at = await head.evaluate((cell) => [...(cell.parentElement?.children ?? [])].indexOf(cell));
    await head.getByRole('button').click();
    const [first, ...others] = await column(at);
    assert.equal(first, '#4');
    assert.deepEqual([...new Set(others)], ['–']);
    assert.deepEqual([(await column(0))[0], (await column(1))[0]], ['conv2d_1', '#9']);
  });

  it('fades out where there are more columns, left and right', async () => {
    const fades = async (): Promise<number[]> =>
      view.page
        .locator('.table-body')
        .evaluate((body) =>
          ['::before', '::after'].map((side) => Number(getComputedStyle(body, side).opacity)),
        );
    const scroll = async (left: number): Promise<void> => {
      await view.page.locator('.table-scroller').evaluate((table, to) => (table.scrollLeft = to), left);
      await view.settled();
    };
    await show(syntheticStudy(), { width: 960 });
    assert.deepEqual(await fades(), [0, 1]);
    await scroll(300);
    assert.deepEqual(await fades(), [1, 1]);
    await scroll(1e5);
    assert.deepEqual(await fades(), [1, 0]);
    await view.page.emulateMedia({ reducedMotion: 'reduce' });
    await scroll(0);
    assert.deepEqual(await fades(), [0, 1], 'with reduced motion');
    await view.page.setViewportSize({ width: 3000, height: 900 });
    await view.settled();
    assert.deepEqual(await fades(), [0, 0], 'all columns are in view');
  });

  it('moves through the table by keyboard and keeps the selected row in view', async () => {
    await show(syntheticStudy());
    const scroller = view.page.locator('.table-scroller');
    await scroller.focus();
    await view.page.keyboard.press('Home');
    for (let i = 0; i < 40; i++) await view.page.keyboard.press('ArrowDown');
    await view.settled();
    assert.equal((await view.postedOf('select')).length, 41);
    const row = view.page.locator('.table-row[aria-selected="true"]');
    assert.equal(await row.getAttribute('aria-rowindex'), '42');
    const inside = await row.evaluate((element) => {
      const outer = element.closest('.table-scroller')?.getBoundingClientRect();
      const inner = element.getBoundingClientRect();
      return outer !== undefined && inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    assert.ok(inside);
    await view.page.keyboard.press('Delete');
    assert.equal((await view.postedOf('delete')).length, 1);
  });

  it('filters rows by their text, whatever its case', async () => {
    const state = syntheticStudy();
    await show(state);
    const field = view.page.locator('.twin-filter input');
    await field.fill('DENSE_2');
    await view.settled();
    assert.equal(await view.page.locator('.twin-filter [role="status"]').innerText(), '64 of 216 rows');
    assert.deepEqual([...new Set(await column(0))], ['dense_2']);
    await field.fill('nothing has this');
    await view.settled();
    assert.equal(await view.page.locator('.table-row').count(), 0);
    assert.equal(await view.page.locator('.twin-filter [role="status"]').innerText(), '0 of 216 rows');
    await field.fill('');
    await view.settled();
    assert.equal(await view.page.locator('.twin-filter [role="status"]').innerText(), '216 rows');
  });

  it('is as it was after a reload', async () => {
    await show(syntheticStudy());
    await view.page.getByRole('columnheader', { name: 'Selectivity' }).getByRole('button').click();
    await view.page.locator('.twin-filter input').fill('dense_1');
    await view.settled();
    const before = await column(1);
    const saved = await view.saved();
    await view.page.context().close();
    await show(syntheticStudy(), { saved });
    assert.deepEqual(await column(1), before);
  });

  it('copies the table as tab-separated text, in its order and full precision', async () => {
    const state = syntheticStudy();
    await show(state);
    await view.page.getByText('Copy Table').click();
    await view.page.getByText('Copied').first().waitFor();
    const lines = (await view.page.evaluate(() => navigator.clipboard.readText())).split('\n');
    assert.equal(lines.length, 217);
    assert.match(lines[0] ?? '', /^site\tunit\taccuracy_drop\tdrop_low\tdrop_high\t/);
    assert.equal(Number(lines[1]?.split('\t')[2]), Math.max(...state.table.columns.accuracy_drop));
    const head = lines[0]?.split('\t') ?? [];
    const rowOf = (line: string): number => {
      const [site = '', unit = ''] = line.split('\t');
      return (
        ['conv2d_1', 'dense_1', 'dense_2'].indexOf(site) * 24 + (site === 'dense_2' ? 104 : 0) + Number(unit)
      );
    };
    for (const measure of [
      'drop_low',
      'drop_high',
      'mutual_information_corrected',
      'l1_norm',
      'first_order',
    ] as const) {
      const at = head.indexOf(measure);
      for (const line of lines.slice(1)) {
        assert.equal(Number(line.split('\t')[at]), state.table.columns[measure][rowOf(line)], measure);
      }
    }
    const duplicates = lines
      .slice(1)
      .map((line) => [rowOf(line), line.split('\t')[head.indexOf('duplicate_of')]]);
    assert.deepEqual(
      duplicates.filter(([, of]) => of !== ''),
      [[9, '4']],
    );
  });
});
