import assert from 'node:assert/strict';
import { Control } from '../../../../src/core/control';
import type { Site } from '../../../../src/core/network/sites';
import { searchUnits, type SearchNetwork } from '../../../../src/core/prune/search';
import { Cancelled } from '../../../../src/protocol/failure';
import type { UnitRef } from '../../../../src/protocol/study';

const never = new AbortController().signal;
const unnoticed = (): Promise<void> => Promise.resolve();

/** Units that each cost something, and more beside one another: `[site, unit, cost in thousandths of the accuracy]`. */
function network(
  costs: Readonly<Record<string, readonly number[]>>,
  together = 0,
  error = 0,
): SearchNetwork & { sweeps: number } {
  const sites = Object.entries(costs).map(
    ([name, list]) => ({ name, units: list.length }) as unknown as Site,
  );
  const lossOf = (deleted: readonly UnitRef[]): number => {
    const own = deleted.reduce((sum, { site, unit }) => sum + costs[site]![unit]!, 0);
    const costly = deleted.filter(({ site, unit }) => costs[site]![unit]! > 0).length;
    return (own + together * costly * Math.max(0, costly - 1)) / 1000;
  };
  const result = {
    sites,
    sweeps: 0,
    importance: (deleted: readonly UnitRef[]) => {
      result.sweeps += 1;
      const drops = sites.flatMap(({ name, units }) =>
        Array.from(
          { length: units },
          (_, unit) => lossOf([...deleted, { site: name, unit }]) - lossOf(deleted),
        ),
      );
      return Promise.resolve({ loss_increase: drops, accuracy_drop: drops });
    },
    accuracy: (deleted: readonly UnitRef[]) => Promise.resolve({ accuracy: 1 - lossOf(deleted), error }),
  };
  return result;
}

const names = (units: readonly UnitRef[]): string[] => units.map(({ site, unit }) => `${site}${unit}`);

describe('the search for units that can go', () => {
  it('takes those without effect first, then the least important, and stops at the accuracy', async () => {
    const costs = { a: [5, 0, 1, 20], b: [0, 2, 30, 3] };
    const found: [number, number][] = [];
    const deleted = await searchUnits(network(costs), 0.99, new Control(never), (units, accuracy) => {
      found.push([units.length, accuracy]);
      return Promise.resolve();
    });
    assert.deepEqual(names(deleted), ['a1', 'b0', 'a2', 'b1', 'b3']);
    assert.deepEqual(found[0], [0, 1]);
    assert.equal(found.at(-1)![0], 5);
    for (const [, accuracy] of found) assert.ok(accuracy >= 0.99, `${accuracy}`);
  });

  it('finds by halving what fits, where units cost more together than alone', async () => {
    const costs = { a: Array.from({ length: 40 }, () => 0.01) };
    const deleted = await searchUnits(network(costs, 0.1), 0.99, new Control(never), unnoticed);
    // n · (n − 1) · 0.1 thousandths: 10 fit, 11 do not.
    assert.equal(deleted.length, 10);
  });

  it('stops where the lower bound of the accuracy is below, 1.645 standard errors lower', async () => {
    const costs = { a: Array.from({ length: 40 }, () => 1) };
    const count = async (error: number): Promise<number> =>
      (await searchUnits(network(costs, 0, error), 0.9795, new Control(never), unnoticed)).length;
    assert.equal(await count(0), 20);
    assert.equal(await count(0.003), 15);
  });

  it('sweeps far less often than there are units', async () => {
    const studied = network({ a: Array.from({ length: 500 }, (_, unit) => 0.001 * unit) });
    const deleted = await searchUnits(studied, 0.95, new Control(never), unnoticed);
    assert.ok(deleted.length > 290 && deleted.length <= 317, `${deleted.length}`);
    assert.ok(studied.sweeps <= 12, `${studied.sweeps} sweeps`);
  });

  it('gives none where each costs too much, and all where none costs anything', async () => {
    const search = (costs: readonly number[]): Promise<readonly UnitRef[]> =>
      searchUnits(network({ a: costs }), 0.99, new Control(never), unnoticed);
    assert.deepEqual(await search([20, 30]), []);
    assert.equal((await search([0, 0, 0])).length, 3);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const search = searchUnits(network({ a: [0, 1, 2] }), 0.5, new Control(controller.signal), () => {
      controller.abort();
      return Promise.resolve();
    });
    await assert.rejects(search, Cancelled);
  });
});
