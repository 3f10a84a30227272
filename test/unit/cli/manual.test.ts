import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { commandLinePage } from '../../../scripts/commandLinePage';
import { PROGRESS, UNITS_CSV } from '../../../src/cli/manual/fields';
import { PAGES } from '../../../src/cli/manual/pages';
import { buildProgram, type Commands } from '../../../src/cli/program';
import { jsonView } from '../../../src/cli/progress';
import { resultJson } from '../../../src/cli/result';
import { evaluationJson } from '../../../src/runs/evaluationFiles';
import { fileColumns } from '../../../src/runs/unitColumns';
import { exampleRecord, exampleRun } from '../../support/exampleRun';
import { recorder } from '../../support/recorder';

describe('the manual of the command line', () => {
  let written = '';
  const program = buildProgram('1.0.0', {} as Commands, {
    ...recorder(),
    out: (text) => void (written += text),
  });
  const helpOf = (command: Command): string => {
    written = '';
    command.outputHelp();
    return written;
  };
  const names = program.commands.map((command) => command.name());

  it('has a page for every command, and for no other', () => {
    assert.deepEqual(Object.keys(PAGES).sort(), [...names].sort());
    for (const [name, { seeAlso, about }] of Object.entries(PAGES)) {
      assert.ok(about.length > 60, name);
      for (const other of seeAlso) assert.ok(names.includes(other) && other !== name, `${name}: ${other}`);
    }
  });

  for (const command of program.commands) {
    it(`says of ${command.name()} what it does, takes and leaves, how it ends, and gives examples`, () => {
      const help = helpOf(command);
      const { json, files } = PAGES[command.name()]!;
      for (const { long, hidden } of command.options)
        assert.equal(help.includes(`  ${long!}`), !hidden, long);
      assert.match(help, /^Examples:\n {2}\S/m);
      assert.match(help, /^Exit codes:\n {2}0 +done\n {2}1 +an error/m);
      assert.match(help, /^See also: /m);
      for (const file of Object.keys(files ?? {})) assert.ok(help.includes(`  ${file}  `), file);
      assert.equal(
        json !== undefined,
        command.options.some(({ long }) => long === '--json'),
      );
      const prose = help.split('\n').filter((line) => !/^ {2}(neuron-deletion|source) /.test(line));
      assert.deepEqual(
        prose.filter((line) => [...line].length > 80),
        [],
      );
    });
  }

  it('lists the commands by what they are for', () => {
    const help = helpOf(program);
    const heads = ['Measure a network:', 'Several networks:', 'Runs:', 'Models and machine:'];
    const places = heads.map((head) => help.indexOf(`\n${head}\n`));
    assert.ok(places.every((place, i) => place > (places[i - 1] ?? 0)));
  });

  it('names the fields of --json as they are', () => {
    const run = exampleRun();
    assert.deepEqual(Object.keys(PAGES['analyze']!.json!).sort(), Object.keys(resultJson(run, '')).sort());
    const [recalls, confusion] = [[1], { before: new Float64Array(1), after: new Float64Array(1) }];
    const before = { correct: 1, accuracy: 1, loss: 0, recalls };
    const counts = { correct: 1, samples: 1, accuracy: 1, loss: 0, flips_to_wrong: 0, flips_to_right: 0 };
    const evaluation = {
      deleted: [],
      operator: 'zero',
      ...counts,
      recalls,
      before,
      confusion,
      per_sample: null,
    } as const;
    const { spec, backend, preprocessing } = exampleRecord();
    const json = evaluationJson({ evaluation, classes: ['a'], backend, preprocessing }, spec);
    assert.deepEqual(Object.keys(PAGES['evaluate']!.json!), [...Object.keys(json), 'directory']);
  });

  it('names the fields of progress lines and the columns of units.csv as they are', () => {
    let line = '';
    const progress = {
      phase: 'sweep',
      network: 'a',
      fraction: 0.5,
      round: 1,
      rounds: 2,
      seconds_left: 3,
    } as const;
    jsonView((text) => (line += text)).show({ event: 'progress', progress });
    assert.deepEqual(
      Object.keys(JSON.parse(line) as object).sort(),
      ['event', ...Object.keys(PROGRESS)].sort(),
    );
    const columns = fileColumns(1).map(({ name }) => (name === 'class_drop_0' ? 'class_drop_0 …' : name));
    assert.deepEqual(Object.keys(UNITS_CSV), columns);
  });

  it('is in docs/command-line.md as it is in the program (else: npm run docs)', async function () {
    // Prettier takes its time over a long page.
    this.timeout(60_000);
    const file = path.join(__dirname, '../../../docs/command-line.md');
    const options = await resolveConfig(file);
    const page = await format(commandLinePage(), { ...options, parser: 'markdown' });
    assert.equal(await readFile(file, 'utf8'), page);
  });
});
