import assert from 'node:assert/strict';
import fc from 'fast-check';
import { grownRows } from '../../../src/host/commands/grownRows';

/** Rows are texts: `#…` is a heading; what follows `:` is known later and tells no rows apart. */
const grow = (before: readonly string[], now: readonly string[]): string[] =>
  grownRows(
    before,
    now,
    '#since',
    (row) => row.split(':')[0] ?? '',
    (row) => row.startsWith('#'),
  );

describe('rows of a list that is being filled', () => {
  it('come as they are while nothing is shown', () => {
    assert.deepEqual(grow([], ['#fits', 'a', 'browse']), ['#fits', 'a', 'browse']);
  });

  it('stay where they are; what is found later stands below, under a heading of its own', () => {
    const shown = grow([], ['#fits', 'b', 'browse']);
    const more = grow(shown, ['#fits', 'a', 'b', 'c', 'browse']);
    assert.deepEqual(more, ['#fits', 'b', 'browse', '#since', 'a', 'c']);
    const all = grow(more, ['#fits', '0', 'a', 'b', 'c', '#not', 'x', 'browse']);
    assert.deepEqual(all, ['#fits', 'b', 'browse', '#since', 'a', 'c', '0', '#not', 'x']);
  });

  it('say more of a row in its place', () => {
    assert.deepEqual(grow(['#last', 'a'], ['#last', 'a:10 samples', 'b']), [
      '#last',
      'a:10 samples',
      '#since',
      'b',
    ]);
  });

  it('never move, whatever comes', () => {
    const lists = fc.array(fc.uniqueArray(fc.constantFrom('#p', 'a', 'b', 'c', 'd', '#q', 'e', 'f')));
    fc.assert(
      fc.property(lists, (all) => {
        let shown: string[] = [];
        for (const now of all) {
          const next = grow(shown, now);
          assert.deepEqual(next.slice(0, shown.length), shown);
          assert.ok(now.every((row) => next.includes(row)));
          assert.equal(new Set(next).size, next.length);
          shown = next;
        }
      }),
    );
  });
});
