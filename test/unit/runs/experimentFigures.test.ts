import assert from 'node:assert/strict';
import { courseFigure } from '../../../src/runs/experimentCourse';
import { panelsFigure } from '../../../src/runs/experimentPanels';
import { settingText } from '../../../src/runs/experimentSettings';
import { publishedFigures, settingsFigures } from '../../../src/runs/experimentTables';
import { findingsHeadline } from '../../../src/runs/findingsText';
import { madeCurve, madeNetwork, withAreas } from '../core/findings/madeNetworks';

/** The attributes of all elements of a kind. */
function elements(svg: string, kind: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${kind} ([^>]*)/>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries<string>(
      [...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    ),
  );
}

describe('the picture of all networks', () => {
  const groups = [
    { name: 'true labels', values: [0.78, 0.8, 0.79], reference: 0.735 },
    { name: 'all corrupted', values: [0.45], reference: null },
  ];
  const svg = panelsFigure('AUC', [{ label: 'AUC', groups }]).text;

  it('has a dot a network, the higher the larger its area', () => {
    const dots = elements(svg, 'circle').filter(({ r }) => r === '3.5');
    const heights = dots.map(({ cy }) => Number(cy));
    assert.equal(heights.length, 4);
    assert.deepEqual(
      [...heights].sort((a, b) => a - b),
      [heights[1], heights[2], heights[0], heights[3]],
    );
    assert.equal(new Set(dots.slice(0, 3).map(({ fill }) => fill)).size, 1);
    assert.notEqual(dots[0]!['fill'], dots[3]!['fill']);
  });

  it('has an interval only where there are several networks, and the published figure as a square', () => {
    const means = elements(svg, 'line').filter((line) => line['stroke-width'] === '2.5');
    assert.equal(means.length, 1);
    const middle = elements(svg, 'circle').find(({ cy, r }) => r === '3.5' && cy === means[0]!['y1']);
    assert.ok(middle !== undefined, 'the mean of .78, .79 and .80 is at .79');
    assert.equal(elements(svg, 'rect').filter(({ fill }) => fill === 'none').length, 1);
    assert.ok(!svg.includes('NaN'));
  });
});

describe('the picture of a training', () => {
  it('draws the mean over networks at every epoch, with a band', () => {
    const networks = [1, 2, 3].flatMap((seed) =>
      [1, 2, 4].map((epochs) =>
        madeNetwork({
          seed,
          epochs,
          auc: 0.2 * epochs,
          test_loss: 1 / epochs + seed / 100,
          train_loss: 1 / epochs,
        }),
      ),
    );
    const svg = courseFigure(networks)!.picture.text;
    const lines = elements(svg, 'polyline').filter((line) => line['points']!.split(' ').length === 3);
    assert.equal(lines.length, 5, 'AUC, two accuracies, two losses');
    const auc = lines[0]!['points']!.split(' ').map((point) => Number(point.split(',')[1]));
    assert.ok(auc[0]! > auc[1]! && auc[1]! > auc[2]!);
    assert.equal(elements(svg, 'polygon').length, 5);
    assert.equal(courseFigure(networks.filter(({ trained }) => trained.epochs === 1)), null);
  });
});

describe('the tables of an experiment', () => {
  const networks = [
    ...withAreas('0', [0.78, 0.79, 0.8]).map((one) => ({ ...one, curve: madeCurve([1, 0.8, 0]) })),
    madeNetwork({ setting: '1', included: false, auc: 0.9 }),
  ];

  it('give intervals over networks apart from the spread over orderings, and leave out who is left out', () => {
    const { rows } = settingsFigures('memorization', networks);
    assert.deepEqual(rows[0], [
      'true labels',
      '3',
      '0',
      '100.00 %',
      '90.00 %',
      '0.790 (0.765 … 0.815)',
      '0.020',
      '–',
    ]);
    assert.deepEqual(rows[1]!.slice(0, 6), ['100 % corrupted', '0', '1', '–', '–', '–']);
  });

  it('stand beside the published figures, and only of corrupted labels', () => {
    const table = publishedFigures('memorization', networks)!;
    assert.deepEqual(table.rows[0]!.slice(0, 5), [
      'true labels',
      '0.790 / 0.735',
      '0.020 / 0.034',
      '0.960 / 0.994',
      '0.800 / 0.839',
    ]);
    assert.equal(publishedFigures('dropout', networks), null);
  });

  it('name settings in words', () => {
    assert.equal(settingText('dropout', '0.2 random'), 'dropout 0.2, random labels');
    assert.equal(settingText('dropout', '0 true'), 'no dropout, true labels');
    assert.equal(settingText('batchnorm', 'without'), 'without batch norm');
    assert.equal(settingText('memorization', '0.2'), '20 % corrupted');
    assert.equal(settingText('operators', 'mean'), 'mean');
  });
});

describe('the first line of an experiment', () => {
  it('counts what holds, what does not, and what cannot be told', () => {
    const made = (holds: boolean | null) => ({ claim: '', expected: '', measured: '', holds });
    assert.equal(
      findingsHeadline([true, true, false, null].map(made)),
      '2 of 4 expectations from the paper hold here, 1 does not, 1 cannot be told.',
    );
    assert.equal(findingsHeadline([true].map(made)), '1 of 1 expectations from the paper holds here.');
  });
});
