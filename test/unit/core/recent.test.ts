import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Recent } from '../../../src/core/recent';

describe('what was used last', () => {
  it('lets the least recently used go when it becomes too much', () => {
    const recent = new Recent<number>(10);
    recent.set('a', 1, 4);
    recent.set('b', 2, 4);
    assert.equal(recent.get('a'), 1);
    recent.set('c', 3, 4);
    assert.deepEqual([recent.get('a'), recent.get('b'), recent.get('c')], [1, undefined, 3]);
  });

  it('keeps the newest even when it alone is too much, and forgets a replaced weight', () => {
    const recent = new Recent<string>(10);
    recent.set('large', 'x', 50);
    assert.equal(recent.get('large'), 'x');
    recent.set('large', 'y', 3);
    recent.set('other', 'z', 7);
    assert.deepEqual([recent.get('large'), recent.get('other')], ['y', 'z']);
    recent.set('third', 'w', 1);
    assert.deepEqual([recent.get('large'), recent.get('other'), recent.get('third')], [undefined, 'z', 'w']);
  });

  it('is what a list in the order of use, cut at the limit, would be', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), weight: fc.option(fc.nat(6)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const recent = new Recent<number>(12);
        let list: { key: string; value: number; weight: number }[] = [];
        for (const [value, { key, weight }] of steps.entries()) {
          const entry = list.find((other) => other.key === key);
          const others = list.filter((other) => other.key !== key);
          if (weight === null) {
            assert.equal(recent.get(key), entry?.value);
            if (entry !== undefined) list = [...others, entry];
            continue;
          }
          recent.set(key, value, weight);
          list = [...others, { key, value, weight }];
          while (list.length > 1 && list.reduce((sum, other) => sum + other.weight, 0) > 12) list.shift();
        }
        for (const key of ['a', 'b', 'c', 'd', 'e']) {
          assert.equal(recent.get(key), list.find((other) => other.key === key)?.value);
        }
      }),
    );
  });
});
