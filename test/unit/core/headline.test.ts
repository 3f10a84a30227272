import assert from 'node:assert/strict';
import { headlineOf } from '../../../src/core/measures/headline';
import { emptyUnitTable } from '../../../src/protocol/units';

const sites = [
  { name: 'dense_1', units: 2, shape: [2], kind: 'dense' },
  { name: 'dense_2', units: 2, shape: [2], kind: 'dense' },
];

function headline(drops: readonly (readonly [number, number])[], dead: readonly number[]): string {
  const table = emptyUnitTable(4, 2);
  table.columns.dead.set(dead);
  return headlineOf(sites, table, (row, half) => drops[row]![half]).text;
}

describe('headline', () => {
  it('chooses the worst unit on one half and gives its figure on the other', () => {
    const text = headline(
      [
        [0.01, 0.9],
        [0.02, 0.5],
        [0.03, 0.0051],
        [0, 0.7],
      ],
      [1, 0, 0, 0],
    );
    assert.equal(
      text,
      'Deleting the worst single neuron, dense_2 #0, costs 0.51 points; 1 of 4 never fires.',
    );
  });

  it('says so when nothing is lost, or something is won', () => {
    const none = [0, 0] as const;
    assert.match(headline([none, none, none, none], [0, 0, 0, 0]), /changes nothing; all 4 fire\.$/);
    assert.match(headline([[0.1, -0.01], none, none, none], [0, 0, 0, 0]), /#0, gains 1\.00 points;/);
  });

  it('names no neuron where none can be told from noise', () => {
    const table = emptyUnitTable(4, 2);
    table.columns.dead.fill(0);
    table.columns.within_noise.fill(1);
    const { text, worst } = headlineOf(sites, table, (row) => (row === 1 ? 0.01 : 0));
    assert.equal(text, 'No single neuron’s deletion stands out from noise; all 4 fire.');
    assert.equal(worst, null);
  });

  it('does without figures before anything is measured', () => {
    const open = [NaN, NaN] as const;
    assert.equal(
      headline([open, open, open, open], [0, 0, 1, 1]),
      'Nothing is deleted yet; 2 of 4 never fire.',
    );
  });
});
