import assert from 'node:assert/strict';
import { emptyUnitTable, type UnitColumn, type UnitTable } from '../../../src/protocol/units';
import { randomUnits, rankedUnits, unitsOfClass } from '../../../webview/study/changes/chooseUnits';

function tableOf(columns: Partial<Record<UnitColumn, readonly number[]>>): UnitTable {
  const table = emptyUnitTable(Object.values(columns)[0]?.length ?? 0, 2);
  for (const [name, values] of Object.entries(columns)) table.columns[name as UnitColumn].set(values);
  return table;
}

/** Units of sites of those sizes. */
const units = (...sizes: number[]): { row: number; siteIndex: number }[] =>
  sizes.flatMap((size, siteIndex) => Array.from({ length: size }, () => siteIndex)).map((siteIndex, row) => ({ row, siteIndex })); // prettier-ignore

describe('choosing units', () => {
  const drops = [0.3, 0, NaN, -0.1, 0.3, 0];
  const losses = [0.1, 0.05, 0, 0, 0.2, 0.01];

  it('takes the most or the least of a measure, ties by loss, never one without a value', () => {
    const table = tableOf({ accuracy_drop: drops, loss_increase: losses });
    const ask = (which: 'most' | 'least', count: number): readonly number[] =>
      rankedUnits(table, units(6), { by: 'accuracy_drop', which, count });
    assert.deepEqual(ask('most', 3), [4, 0, 1]);
    assert.deepEqual(ask('least', 3), [3, 5, 1]);
    assert.deepEqual(ask('least', 99), [3, 5, 1, 0, 4]);
    assert.deepEqual(ask('most', 0), []);
  });

  it('goes by row where measures are equal, or the loss is not known', () => {
    const table = tableOf({ accuracy_drop: [0, 0, 0, 0] });
    assert.deepEqual(rankedUnits(table, units(4), { by: 'accuracy_drop', which: 'most', count: 2 }), [0, 1]);
  });

  it('chooses among the candidates only', () => {
    const table = tableOf({ accuracy_drop: drops, loss_increase: losses });
    const second = units(3, 3).filter(({ siteIndex }) => siteIndex === 1);
    assert.deepEqual(rankedUnits(table, second, { by: 'accuracy_drop', which: 'most', count: 1 }), [4]);
    assert.deepEqual([...randomUnits(second, 5, 1)].sort(), [3, 4, 5]);
  });

  it('compares weights and selectivity within their sites, loss across', () => {
    // The second site’s weights are all larger: its least is still among the least of all.
    const values = [1, 2, 3, 100, 200, 300];
    const table = tableOf({ l1_norm: values, loss_increase: values });
    const ask = (by: 'l1_norm' | 'loss_increase'): readonly number[] =>
      rankedUnits(table, units(3, 3), { by, which: 'least', count: 2 });
    assert.deepEqual([...ask('l1_norm')].sort(), [0, 3]);
    assert.deepEqual(ask('loss_increase'), [0, 1]);
  });

  it('draws at random without taking one twice, the same for the same seed', () => {
    const all = units(50);
    const drawn = randomUnits(all, 20, 7);
    assert.equal(new Set(drawn).size, 20);
    assert.ok(drawn.every((row) => row >= 0 && row < 50));
    assert.deepEqual(randomUnits(all, 20, 7), drawn);
    assert.notDeepEqual(randomUnits(all, 20, 8), drawn);
    assert.equal(randomUnits(all, 80, 7).length, 50);
  });

  it('draws every unit about equally often', () => {
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 4000; seed++)
      for (const row of randomUnits(units(10), 3, seed)) times[row]! += 1;
    // 1,200 each; five standard deviations are 145.
    for (const many of times) assert.ok(Math.abs(many - 1200) < 145, times.join());
  });

  it('takes exactly the units whose preferred class it is', () => {
    const table = tableOf({ preferred_class: [0, 1, -1, 1, NaN] });
    assert.deepEqual(unitsOfClass(table, units(5), 1), [1, 3]);
    assert.deepEqual(unitsOfClass(table, units(5), 2), []);
  });
});
