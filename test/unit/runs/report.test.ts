import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colourOf, diverging, domainOf } from '../../../src/pictures/colourScale';
import { paperTheme } from '../../../src/pictures/theme';
import type { StoredRun } from '../../../src/protocol/engine';
import { emptyUnitTable } from '../../../src/protocol/units';
import { reportHtml, writeReport } from '../../../src/runs/report';
import { RunWriter } from '../../../src/runs/runWriter';
import { count, decimal, percent, points } from '../../../src/runs/reportMarkup';
import { layerSummary, topUnits } from '../../../src/runs/summary';
import { exampleRecord, exampleRun } from '../../support/exampleRun';

function unmeasured(): StoredRun {
  const record = exampleRecord({
    status: 'running',
    headline: null,
    rounds: { samples: [60, 240], done: 0 },
  });
  return { record, table: emptyUnitTable(17, 3) };
}

describe('the summary of a run', () => {
  it('ranks units by importance, then loss increase, and leaves out what was not measured', () => {
    const run = exampleRun();
    const { accuracy_drop, loss_increase } = run.table.columns;
    accuracy_drop.fill(0);
    loss_increase.fill(0);
    accuracy_drop[4] = 0.01;
    accuracy_drop[13] = 0.02;
    accuracy_drop[2] = 0.01;
    loss_increase[2] = 0.5;
    accuracy_drop[7] = NaN;
    const top = topUnits(run, 4).map((unit) => `${unit.site} ${unit.unit} ${unit.row}`);
    assert.deepEqual(top, ['odd, "name" <b>& 1 13', 'conv_1 2 2', 'conv_1 4 4', 'conv_1 0 0']);
    assert.equal(topUnits(run, 100).length, 16);
  });

  it('counts each site by its own units', () => {
    const run = exampleRun();
    const { columns } = run.table;
    columns.accuracy_drop.set([
      0.1,
      0.2,
      0.3,
      0.4,
      0.5,
      0.6,
      0.7,
      0.8,
      0.9,
      1,
      NaN,
      NaN,
      -0.1,
      0,
      0.1,
      0.3,
      0.2,
    ]);
    columns.dead.fill(0).set([1, 1], 11);
    columns.within_noise.fill(0).set([1, 1, 1], 12);
    columns.selectivity.fill(NaN, 12);
    const [first, second] = layerSummary(run);
    assert.ok(first && second);
    const { worst: firstWorst, ...firstRest } = first;
    const { worst: secondWorst, ...secondRest } = second;
    const counts = { measured: 10, dead: 1, within_noise: 0, median_drop: 0.55 };
    assert.deepEqual(
      { ...firstRest, median_drop: Number(firstRest.median_drop?.toFixed(10)) },
      { site: 'conv_1', kind: 'convolution', units: 12, ...counts, median_selectivity: 6 / 17 },
    );
    assert.deepEqual(secondRest, {
      site: 'odd, "name" <b>&',
      kind: 'dense',
      units: 5,
      measured: 5,
      dead: 1,
      within_noise: 3,
      median_drop: 0.1,
      median_selectivity: null,
    });
    assert.deepEqual([firstWorst?.unit, secondWorst?.unit], [9, 3]);
  });

  it('is null, not 0, where nothing was measured', () => {
    for (const layer of layerSummary(unmeasured())) {
      assert.equal(layer.measured, 0);
      assert.deepEqual(
        [layer.dead, layer.within_noise, layer.worst, layer.median_drop, layer.median_selectivity],
        [null, null, null, null, null],
      );
    }
    assert.deepEqual(topUnits(unmeasured(), 10), []);
  });
});

describe('the report', () => {
  it('writes numbers as people read them', () => {
    assert.equal(points(0.0123), '1.23');
    assert.equal(points(-0.0123), '−1.23');
    assert.equal(points(-0.0000001), '0.00');
    assert.equal(points(NaN), '–');
    assert.equal(percent(0.98765), '98.77 %');
    assert.equal(percent(null), '–');
    assert.equal(decimal(-3.2e-6), '−3.2e−6');
    assert.equal(decimal(0), '0.0000');
    assert.equal(count(1234567).replaceAll('\u202f', ' '), '1 234 567');
    assert.equal(count(null), '–');
  });

  it('needs nothing from elsewhere and runs no script', () => {
    const page = reportHtml(exampleRun());
    assert.ok(page.startsWith('<!doctype html>'));
    assert.doesNotMatch(page, /<script|<link|<img|<iframe|\bsrc=|\bhref=|@import|url\(/);
    const urls = page.match(/https?:\/\/[^\s"'<]+/g) ?? [];
    assert.deepEqual([...new Set(urls)], ['http://www.w3.org/2000/svg']);
  });

  it('says what was measured, on what, with what, and how sure it is', () => {
    const run = exampleRun();
    const page = reportHtml(run);
    const { record } = run;
    assert.ok(record.headline);
    const expected = [
      'Deleting the worst single neuron, conv_1 #3, costs 2.33 points; 1 of 17 never fires.',
      'a'.repeat(64),
      'b'.repeat(64),
      'c'.repeat(64),
      'TensorFlow 2.21.0',
      'oneDNN on',
      'Bonett and Price',
      'class selectivity index',
      '97.00 %',
      '4 pairs of unit and sample',
      'lstm_1 (recurrent layers are not measured yet)',
      'Neuron Deletion 0.1.0',
    ];
    for (const text of expected) assert.ok(page.includes(text), text);
    const best = topUnits(run, 1)[0];
    assert.ok(
      best && page.includes(`${best.site}\u00a0#${best.unit}`) && page.includes(points(best.accuracy_drop)),
    );
    assert.equal(page.match(/<svg /g)?.length, 2);
  });

  it('shows every unit in the colour of its value', () => {
    const run = exampleRun();
    const page = reportHtml(run);
    const values = run.table.columns.accuracy_drop;
    const colour = colourOf(diverging(paperTheme), domainOf(values));
    const importance = page.slice(page.indexOf('<svg '), page.indexOf('</svg>'));
    const fills = [...importance.matchAll(/<rect [^>]*fill="(#[0-9a-f]{6})"/g)].map((match) => match[1]);
    assert.deepEqual(fills.slice(1, 18), Array.from(values, colour));
  });

  it('escapes everything that comes from model and data', () => {
    const evil = '<script>alert("x")</script>&\'';
    const record = exampleRecord({
      classes: [evil, 'b', 'c'],
      sites: [
        { name: evil, units: 12, shape: [12], kind: evil },
        { name: 'x', units: 5, shape: [5], kind: 'dense' },
      ],
      excluded: [{ name: evil, reason: evil }],
      error: evil,
      status: 'failed',
      id: evil,
    });
    const run = exampleRun();
    const page = reportHtml({
      table: run.table,
      record: {
        ...record,
        model: { ...record.model, path: `/a/${evil}/model.json`, format: evil },
        data: { ...record.data, path: `/d/${evil}`, labels_path: evil },
        baseline: {
          ...record.baseline,
          per_class: record.baseline.per_class.map((one) => ({ ...one, class: evil })),
        },
        headline: { text: evil, worst: null, dead: 0, units: 17 },
        backend: { ...record.backend, fallback: evil },
      },
    });
    assert.doesNotMatch(page, /<script/);
    assert.ok(page.includes('&lt;script&gt;alert(&quot;x&quot;)'));
  });

  it('says what one should know of labels and classes', () => {
    const record = exampleRecord({ notes: ['The labels run from 1 to 3.', 'Skewed towards <cat>.'] });
    const page = reportHtml({ ...exampleRun(), record });
    assert.match(page, /<p>The labels run from 1 to 3\.<\/p>/);
    assert.match(page, /<p>Skewed towards &lt;cat&gt;\.<\/p>/);
    assert.match(page, /<code>0\.\.1<\/code> \(x \/ 255\)/);
  });

  it('says of an unfinished run that it is one, and shows nothing where nothing was measured', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    try {
      const file = join(folder, 'report.html');
      const run = join(folder, 'run');
      await (await RunWriter.create(run, unmeasured().record)).close();
      await writeReport(run, file);
      const page = await readFile(file, 'utf8');
      assert.ok(page.includes('0 of 2 rounds are done'));
      assert.ok(page.includes('No unit has been measured'));
      assert.doesNotMatch(page, /NaN|undefined|null/);
      await assert.rejects(writeReport(run, join(folder, 'no', 'report.html')), { name: 'Failure' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
