import assert from 'node:assert/strict';
import type { CurvePoint } from '../../../src/protocol/curves';
import type { StoredRun } from '../../../src/protocol/engine';
import { Failure } from '../../../src/protocol/failure';
import { colourOf, diverging, domainOf } from '../../../src/pictures/colourScale';
import { paperTheme } from '../../../src/pictures/theme';
import { runPicture } from '../../../src/runs/runPicture';
import { exampleRecord, exampleRun } from '../../support/exampleRun';
import { cellsOf, xmlElements } from '../../support/xml';

/** A run of curves of both sites apart, with two random orderings. */
function curvesRun(): StoredRun {
  const rows = ['conv_1', 'odd, "name" <b>&'].flatMap((sites) =>
    [0, 1].flatMap((repeat) =>
      [0, 0.5, 1].map((fraction): CurvePoint => ({
        model: 'net',
        data: 'test',
        sites,
        operator: 'zero',
        order: 'random',
        direction: '',
        repeat,
        units_ablated: 4 * fraction,
        fraction,
        accuracy: 1 - fraction * 0.9,
        loss: fraction,
      })),
    ),
  );
  const options = {
    orders: ['random'],
    directions: [],
    orderings: 2,
    points: 2,
    each: true,
    train: null,
  } as const;
  const record = exampleRecord({
    curves: {
      options,
      ranked_on: 0,
      measured_on: 300,
      train_measured_on: null,
      train: null,
      ordering_seeds: [1, 2],
      greedy: [],
      summary: [],
    },
  });
  return { ...exampleRun(), record, experiment: { name: 'curves', rows } };
}

describe('pictures of a run as SVG documents', () => {
  it('have a cell for every unit: importance, selectivity where it is known', () => {
    const run = exampleRun();
    const { accuracy_drop, selectivity } = run.table.columns;
    const known = (values: Float64Array): number => values.filter((value) => !Number.isNaN(value)).length;
    assert.equal(cellsOf(runPicture(run)), known(accuracy_drop));
    assert.equal(cellsOf(runPicture(run, 'selectivity')), known(selectivity));
    assert.ok(known(selectivity) < known(accuracy_drop));
    assert.equal(runPicture(run), runPicture(run, 'importance'));
  });

  it('show on the map every unit in the colour of its importance, and in the scatter plot a point each', () => {
    const run = exampleRun();
    const { accuracy_drop, selectivity, dead } = run.table.columns;
    const colour = colourOf(diverging(paperTheme), domainOf(accuracy_drop));
    const used = new Set(xmlElements(runPicture(run, 'map')).map(({ attributes }) => attributes['fill']));
    for (const [row, drop] of accuracy_drop.entries()) {
      if (dead[row] !== 1) assert.ok(used.has(colour(drop)), `unit ${row}`);
    }
    const points = xmlElements(runPicture(run, 'scatter')).filter(({ name }) => name === 'circle');
    const placed = selectivity.filter((value, row) => !Number.isNaN(value) && dead[row] !== 1).length;
    assert.equal(points.length, placed + run.record.sites.length);
  });

  it('hold all curves of a run, those of each set of sites under the others', () => {
    const elements = xmlElements(runPicture(curvesRun()));
    const titles = runPicture(curvesRun()).match(/odd, &quot;name&quot; &lt;b&gt;&amp;/g);
    assert.ok(titles);
    const lines = elements.filter(
      ({ name, attributes }) => name === 'polyline' && attributes['fill'] === 'none',
    );
    assert.ok(lines.filter(({ attributes }) => attributes['points']!.split(' ').length === 3).length >= 2);
    assert.equal(elements.filter(({ name }) => name === 'svg').length, 1);
  });

  it('are refused with those that the run has', () => {
    assert.throws(
      () => runPicture(exampleRun(), 'noise'),
      new Failure(
        'The run 20261123-134014-generalizes has no picture noise; it has importance, selectivity, map, scatter.',
      ),
    );
    const { record, ...rest } = curvesRun();
    const empty = { record, ...rest, experiment: { name: 'curves', rows: [] } } as const;
    assert.throws(() => runPicture(empty), /has no picture: export it as csv, json or html/);
  });
});
