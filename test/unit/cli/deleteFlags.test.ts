import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deletedUnits, parseDeleteFlag, unitsText } from '../../../src/cli/deleteFlags';
import { Failure } from '../../../src/protocol/failure';
import type { SiteInfo, UnitRef } from '../../../src/protocol/study';

const site = (name: string, units: number): SiteInfo => ({ name, units, shape: [units], kind: 'dense' });
const sites = [site('conv', 4), site('block/relu:0', 12), site('one', 1)];
const units = (...flags: string[]): UnitRef[] =>
  deletedUnits(flags.map(parseDeleteFlag), sites, '/m/model.json');

describe('the flag --delete', () => {
  it('names units, ranges with both ends, or all units of a site', () => {
    assert.deepEqual(parseDeleteFlag('dense_1:3,7,9'), { site: 'dense_1', units: [[3, 3], [7, 7], [9, 9]] }); // prettier-ignore
    assert.deepEqual(parseDeleteFlag(' a b : 3 - 9 , 2 '), { site: 'a b', units: [[3, 9], [2, 2]] }); // prettier-ignore
    assert.deepEqual(parseDeleteFlag('x:all'), { site: 'x', units: 'all' });
    assert.deepEqual(parseDeleteFlag('block/relu:0:4'), { site: 'block/relu:0', units: [[4, 4]] });
  });

  it('refuses what is neither, and says what to give', () => {
    for (const text of ['dense_1', ':3', 'dense_1:', '']) {
      assert.throws(() => parseDeleteFlag(text), /^Error: Give <site>:<units>, such as dense_1:3,7-9/, text);
    }
    for (const text of ['a:b', 'a:1,', 'a:-1', 'a:1.5', 'a:1-', 'a:1--2', 'a:all,1']) {
      assert.throws(() => parseDeleteFlag(text), /is no number of a unit and no range/, text);
    }
    assert.throws(() => parseDeleteFlag('a:9-3'), /The range 9-3 is empty/);
  });

  it('gives each unit once, in the order of the sites', () => {
    assert.deepEqual(units('block/relu:0:3,1-2,2', 'conv:3', 'block/relu:0:1'), [
      { site: 'conv', unit: 3 },
      ...[1, 2, 3].map((unit) => ({ site: 'block/relu:0', unit })),
    ]);
    assert.equal(units('conv:all', 'one:all').length, 5);
  });

  it('names what there is when a site or unit is not', () => {
    const failure = (text: string, message: string): void => {
      assert.throws(
        () => units(text),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.message, message);
          return true;
        },
      );
    };
    failure('cnv:1', 'model.json has no site cnv; its sites are conv, block/relu:0, one.');
    failure('conv:4', 'conv has no unit 4; its units are 0 to 3.');
    failure('conv:2-9', 'conv has no unit 4; its units are 0 to 3.');
    failure('one:1', 'one has no unit 1; its one unit is 0.');
    // However long the range, nothing is listed that is not there.
    failure('conv:0-9007199254740991', 'conv has no unit 4; its units are 0 to 3.');
  });

  it('is written back as it can be given again', () => {
    assert.equal(unitsText(units('block/relu:0:9,3-5,7', 'conv:all')), 'conv:0-3 block/relu:0:3-5,7,9');
    const some = fc.uniqueArray(fc.nat(11), { minLength: 1 });
    fc.assert(
      fc.property(some, (list) => {
        const given = units(`block/relu:0:${list.join()}`);
        assert.equal(given.length, list.length);
        assert.deepEqual(units(unitsText(given)), given);
      }),
    );
  });
});
