import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { runCorrelations } from '../../../src/core/measures/relations';
import type { RunCorrelations } from '../../../src/protocol/correlations';
import { readCorrelations, writeCorrelations } from '../../../src/runs/correlationsFile';
import { exportRun } from '../../../src/runs/exportRun';
import { readRun } from '../../../src/runs/readRun';
import { reportHtml } from '../../../src/runs/report';
import { RunWriter } from '../../../src/runs/runWriter';
import { exampleRun } from '../../support/exampleRun';
import { normals } from '../../support/seeded';
import { temporaryFolder } from '../../support/temporaryFolder';

/** The example run, with importance that is noise in its first site and reliable in its second. */
function related(): { readonly run: ReturnType<typeof exampleRun>; readonly correlations: RunCorrelations } {
  const run = exampleRun();
  const { columns, rows } = run.table;
  const noise = normals(2 * rows, 3);
  columns.accuracy_drop.set(normals(rows, 1));
  columns.selectivity.set(normals(rows, 20));
  columns.selectivity_valid.fill(1);
  columns.l1_norm.set(columns.accuracy_drop);
  columns.active_fraction.fill(1);
  const figure = (row: number, half: 0 | 1): number =>
    row < 12 ? noise[2 * row + half]! : columns.accuracy_drop[row]!;
  const { sites, seed } = run.record;
  return { run, correlations: runCorrelations(sites, run.table, { accuracy_drop: figure }, seed) };
}

/** The cells of a measure's line, in the n-th table of its kind. */
function lineOf(page: string, table: number, measure: string): string[] {
  const start = page.split('Each measure against importance')[table + 1]!;
  const line = start.slice(start.indexOf(`>${measure}<`)).split('</tr>')[0]!;
  return [...line.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map((match) => match[1]!.trim());
}

describe('relations of measures in a run directory', () => {
  const folder = temporaryFolder();

  it('are read back as they were written, exported, and null where there are none', async () => {
    const { run, correlations } = related();
    const directory = folder.path('run');
    const writer = await RunWriter.create(directory, run.record);
    await writer.writeUnits(run.record, run.table);
    await writer.close();
    const json = async (): Promise<unknown> => {
      await exportRun(directory, 'json', folder.path('run.json'));
      const whole = JSON.parse(await readFile(folder.path('run.json'), 'utf8')) as { relations: unknown };
      return whole.relations;
    };
    assert.equal(await readCorrelations(directory), null);
    assert.equal(await json(), null);
    await writeCorrelations(directory, correlations);
    assert.deepEqual(await readCorrelations(directory), correlations);
    assert.deepEqual((await readRun(directory)).correlations, correlations);
    assert.deepEqual(await json(), correlations);
  });

  it('are refused in a sentence where the file is damaged', async () => {
    const file = folder.path('correlations.json');
    for (const text of ['{"format": ', '{"format": "other", "version": 1, "sites": []}', 'null']) {
      await writeFile(file, text);
      await assert.rejects(readCorrelations(folder.path('')), { name: 'Failure', file });
    }
  });
});

describe('relations of measures in the report', () => {
  it('stand beside the reliability of importance, in figures and in words', () => {
    const { run, correlations } = related();
    const page = reportHtml({ ...run, correlations });
    assert.ok(page.includes('How the measures relate'));
    assert.equal(page.match(/Reliability of importance/g)?.length, 2);
    assert.equal(page.match(/<b>too few samples to tell<\/b>/g)?.length, 1);
    assert.match(page, /Reliability of importance: <b>1\.00<\/b>/);
    assert.deepEqual(lineOf(page, 0, 'L1 norm of weights'), [
      '1.00',
      '1.00 … 1.00',
      '12',
      'rises with importance',
    ]);
    assert.equal(lineOf(page, 0, 'Selectivity')[3], 'too few samples to tell');
    assert.equal(lineOf(page, 1, 'Selectivity')[3], 'no relation seen');
    assert.deepEqual(lineOf(page, 1, 'Active fraction'), ['–', '–', '5', 'does not vary']);
    assert.ok(!page.includes('>First-order estimate<'), 'a measure that was not computed is not shown');
    assert.doesNotMatch(page, /NaN|undefined|null|<script|\burl\(/);
  });

  it('are left out where the run has none', () => {
    assert.ok(!reportHtml(exampleRun()).includes('How the measures relate'));
  });
});
