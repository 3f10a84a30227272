import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { emptyUnitTable, UNIT_COLUMNS } from '../../../src/protocol/units';
import { exportRun } from '../../../src/runs/exportRun';
import { readRun } from '../../../src/runs/readRun';
import { newRunDirectory, runDirectoryName } from '../../../src/runs/runDirectory';
import { listRuns } from '../../../src/runs/runRecord';
import { RunWriter } from '../../../src/runs/runWriter';
import { exampleRecord, exampleRun } from '../../support/exampleRun';

const HEADER =
  'site,unit,n,baseline_correct,ablated_correct,flips_to_wrong,flips_to_right,accuracy_drop,drop_low,drop_high,' +
  'loss_increase,max_class_drop,max_class,class_drop_0,class_drop_1,class_drop_2,selectivity,preferred_class,' +
  'mutual_information,l1_norm,mean_activation,active_fraction,dead,operator,within_noise,selectivity_valid,' +
  'mutual_information_corrected,first_order,first_order_abs,duplicate_of';

describe('a run directory', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'runs-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const time = new Date('2026-11-23T13:40:14.987Z');

  async function write(directory: string): Promise<void> {
    const { record, table } = exampleRun();
    const writer = await RunWriter.create(directory, record);
    await writer.writeUnits(record, table);
    await writer.close();
  }

  it('is read back as it was written', async () => {
    const run = join(folder, 'run');
    await write(run);
    const { record, table } = await readRun(run);
    const expected = exampleRun();
    assert.deepEqual(record, expected.record);
    for (const name of UNIT_COLUMNS)
      assert.deepEqual(table.columns[name], expected.table.columns[name], name);
    assert.deepEqual(table.class_drop, expected.table.class_drop);
    assert.deepEqual(table.class_mean, expected.table.class_mean);
    assert.deepEqual((await readdir(run)).sort(), [
      'class_means.arrow',
      'class_means.csv',
      'pieces.arrows',
      'run.json',
      'units.arrow',
      'units.csv',
    ]);
  });

  it('has class means in a file of their own, none of them in older runs', async () => {
    const run = join(folder, 'run');
    await write(run);
    const text = await readFile(join(run, 'class_means.csv'), 'utf8');
    assert.equal(text.slice(0, text.indexOf('\n')), 'site,unit,class_mean_0,class_mean_1,class_mean_2');
    const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
    assert.equal(rows.length, 17);
    const { table } = exampleRun();
    rows.forEach((row, at) => {
      assert.equal(`${row['site']}#${row['unit']}`, at < 12 ? `conv_1#${at}` : `odd, "name" <b>&#${at - 12}`);
      assert.equal(Number(row['class_mean_0']), table.class_mean[at * 3]);
      assert.equal(Number(row['class_mean_1']), table.class_mean[at * 3 + 1]);
      assert.equal(row['class_mean_2'], '');
    });
    await rm(join(run, 'class_means.arrow'));
    const older = await readRun(run);
    assert.deepEqual(older.table.class_mean, emptyUnitTable(17, 3).class_mean);
    assert.deepEqual(older.table.class_drop, table.class_drop);
  });

  it('writes class means once a session, also when it goes on', async () => {
    const run = join(folder, 'run');
    const { record, table } = exampleRun();
    await write(run);
    const changed = { ...table, class_mean: table.class_mean.map((mean) => mean + 1) };
    const { writer } = await RunWriter.resume(run);
    await writer.writeUnits(record, changed);
    await rm(join(run, 'class_means.csv'));
    await writer.writeUnits(record, table);
    await writer.close();
    assert.deepEqual((await readRun(run)).table.class_mean, changed.class_mean);
    assert.ok(!(await readdir(run)).includes('class_means.csv'));
  });

  it('has an empty table before its first round', async () => {
    const run = join(folder, 'run');
    const writer = await RunWriter.create(run, exampleRecord({ status: 'running' }));
    await writer.close();
    assert.deepEqual((await readRun(run)).table, emptyUnitTable(17, 3));
  });

  it('holds units.csv with exactly the published columns and every number exact', async () => {
    const run = join(folder, 'run');
    await write(run);
    const text = await readFile(join(run, 'units.csv'), 'utf8');
    assert.equal(text.slice(0, text.indexOf('\n')), HEADER);
    const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
    const { table } = exampleRun();
    assert.equal(rows.length, 17);
    assert.deepEqual(rows.map((row) => `${row['site']}#${row['unit']}`).slice(11, 13), [
      'conv_1#11',
      'odd, "name" <b>&#0',
    ]);
    rows.forEach((row, i) => {
      for (const name of UNIT_COLUMNS) {
        const value = table.columns[name][i] ?? NaN;
        if (['dead', 'within_noise', 'selectivity_valid'].includes(name))
          assert.equal(row[name], Number.isNaN(value) ? '' : String(value === 1), name);
        else if (Number.isNaN(value)) assert.equal(row[name], '', name);
        else assert.equal(Number(row[name]), value, name);
      }
      assert.equal(row['class_drop_2'], '');
      assert.equal(Number(row['class_drop_1']), table.class_drop[i * 3 + 1]);
      assert.equal(row['operator'], 'zero');
      assert.match(row['n'] ?? '', /^\d+$/);
    });
  });

  it('is kept out of git in a workspace, and nothing is added to a folder elsewhere', async () => {
    await write(newRunDirectory(folder, '/x/model.json', time));
    assert.equal(await readFile(join(folder, '.neuron-deletion', '.gitignore'), 'utf8'), '*\n');
    await write(join(folder, 'elsewhere', 'out', 'here'));
    assert.deepEqual(await readdir(join(folder, 'elsewhere')), ['out']);
  });

  it('is named after time and model, and never after one that exists', async () => {
    assert.equal(runDirectoryName(time, '/a/generalizes/model.json'), '20261123-134014-generalizes');
    assert.equal(runDirectoryName(time, '/a/my net (2).keras'), '20261123-134014-my-net-2');
    assert.equal(runDirectoryName(time, '/model.json'), '20261123-134014-model');
    const first = newRunDirectory(folder, '/a/b/model.json', time);
    await mkdir(first, { recursive: true });
    assert.equal(newRunDirectory(folder, '/a/b/model.json', time), `${first}-2`);
  });

  it('is listed newest first, a broken one with its problem', async () => {
    assert.deepEqual(await listRuns(folder), []);
    for (const [name, created] of [
      ['a', '2026-01-01T00:00:00.000Z'],
      ['b', '2026-03-01T00:00:00.000Z'],
      ['c', '2026-02-01T00:00:00.000Z'],
    ] as const) {
      const writer = await RunWriter.create(
        join(folder, '.neuron-deletion/runs', name),
        exampleRecord({ id: name, created }),
      );
      await writer.close();
    }
    const broken = join(folder, '.neuron-deletion/runs/d');
    await mkdir(broken);
    await writeFile(join(broken, 'run.json'), '{"format": "neuron-del');
    await writeFile(join(folder, '.neuron-deletion/runs/file.txt'), 'not a run');
    const runs = await listRuns(folder);
    assert.deepEqual(
      runs.map((run) => run.record?.id ?? run.problem),
      [
        'b',
        'c',
        'a',
        `${join(broken, 'run.json')} is damaged, it is not JSON: delete this run's folder or restore the file.`,
      ],
    );
  });

  it('is exported as CSV and as JSON', async () => {
    const run = exampleRun();
    const directory = join(folder, 'run');
    await write(directory);
    await exportRun(directory, 'csv', join(folder, 'out.csv'));
    assert.ok((await readFile(join(folder, 'out.csv'), 'utf8')).startsWith(HEADER));
    await exportRun(directory, 'json', join(folder, 'out.json'));
    const json = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8')) as {
      record: unknown;
      units: Record<string, unknown>[];
      class_means: Record<string, unknown>[];
    };
    assert.deepEqual(json.record, run.record);
    assert.deepEqual(Object.keys(json.units[0] ?? {}).join(','), HEADER);
    assert.equal(json.units[5]?.['selectivity'], null);
    assert.equal(json.units[0]?.['dead'], true);
    assert.equal(json.units[1]?.['loss_increase'], 1e-7 / 3);
    assert.equal(json.class_means.length, 17);
    assert.deepEqual(json.class_means[4], {
      site: 'conv_1',
      unit: 4,
      class_mean_0: 4 / 3,
      class_mean_1: 4 / 3 - 1,
      class_mean_2: null,
    });
  });

  describe('says in one sentence', () => {
    const one = (pattern: RegExp): { name: string; message: RegExp } => ({
      name: 'Failure',
      message: pattern,
    });

    it('that there is a run already', async () => {
      await write(join(folder, 'run'));
      await assert.rejects(
        RunWriter.create(join(folder, 'run'), exampleRecord()),
        one(/already holds a run/),
      );
    });

    it('that a folder cannot be made', async () => {
      await writeFile(join(folder, 'file'), '');
      await assert.rejects(
        RunWriter.create(join(folder, 'file', 'run'), exampleRecord()),
        one(/a file stands where a folder/),
      );
      await write(join(folder, 'run'));
      await assert.rejects(
        exportRun(join(folder, 'run'), 'csv', join(folder, 'none', 'x.csv')),
        one(/x\.csv.*does not exist/),
      );
    });

    it('that the disk is full, and leaves what was there', async () => {
      const run = join(folder, 'run');
      const { record, table } = exampleRun();
      const writer = await RunWriter.create(run, record);
      const before = await readFile(join(run, 'run.json'), 'utf8');
      await symlink('/dev/full', join(run, 'run.json.tmp'));
      await assert.rejects(
        writer.writeRecord({ ...record, status: 'failed' }),
        one(/disk is full.*run\.json/),
      );
      await symlink('/dev/full', join(run, 'units.arrow.tmp'));
      await assert.rejects(writer.writeUnits(record, table), one(/disk is full.*units\.arrow/));
      await writer.close();
      assert.equal(await readFile(join(run, 'run.json'), 'utf8'), before);
      assert.deepEqual((await readdir(run)).sort(), ['pieces.arrows', 'run.json']);
      const other = join(folder, 'other');
      await mkdir(other);
      await symlink('/dev/full', join(other, 'pieces.arrows'));
      await assert.rejects(RunWriter.create(other, record), one(/disk is full.*pieces\.arrows/));
    });

    it('what is wrong with run.json', async () => {
      const run = join(folder, 'run');
      await assert.rejects(readRun(run), one(/holds no run/));
      await mkdir(run);
      const file = join(run, 'run.json');
      const cases: readonly (readonly [string, RegExp])[] = [
        ['', /is damaged, it is not JSON/],
        ['[]', /is not the record of a run/],
        [JSON.stringify({ ...exampleRecord(), version: 2 }), /another version \(run format 2/],
        [JSON.stringify({ ...exampleRecord(), sites: [{ name: 'x' }] }), /is damaged at "sites"/],
        [JSON.stringify({ ...exampleRecord(), baseline: null }), /is damaged at "baseline"/],
      ];
      for (const [text, message] of cases) {
        await writeFile(file, text);
        await assert.rejects(readRun(run), one(message));
      }
    });

    it('what is wrong with units.arrow', async () => {
      const run = join(folder, 'run');
      await write(run);
      const file = join(run, 'units.arrow');
      const bytes = await readFile(file);
      for (const damaged of [bytes.subarray(0, bytes.length >> 1), Buffer.from('hello'), Buffer.alloc(0)]) {
        await writeFile(file, damaged);
        await assert.rejects(readRun(run), one(/units\.arrow/));
      }
      await writeFile(file, bytes);
      const [first, second] = exampleRecord().sites;
      assert.ok(first && second);
      const others = [[first], [second, first], [{ ...first, name: 'x' }, second]];
      for (const sites of others) {
        await writeFile(join(run, 'run.json'), JSON.stringify(exampleRecord({ sites })));
        await assert.rejects(readRun(run), one(/does not belong to the run\.json/));
      }
    });
  });
});
