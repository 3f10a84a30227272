import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';
import { fillWithSample, openFixture, type Fixture } from './fixture';
import { runsIn, type RunOnDisk } from './runs';
import { ToolCaller } from './toolCaller';

const CLI = path.resolve(__dirname, '../../dist/cli.js');
const NAMES = ['listModels', 'analyze', 'unitDetails', 'deleteUnits', 'compare'];
const RUNS = '.neuron-deletion/runs';

describe('The tools for language models', function () {
  this.timeout(120_000);
  let at: Fixture;
  let folder: string;
  let caller: ToolCaller;

  const cli = (workspace: string, command: string, model: string, ...more: readonly string[]): string => {
    const labels = `train.npz#${model === 'memorizes' ? 'y_shuffled' : 'y'}`;
    const study = [`${model}/model.json`, '--data', 'train.npz#x', '--labels', labels, '--samples', '600'];
    return execFileSync(process.execPath, [CLI, command, ...study, ...more], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  };
  const runOf = (name: string): RunOnDisk => {
    const run = at.runs().find(({ directory }) => directory.endsWith(name));
    assert.ok(run, name);
    return run;
  };
  /** The rows of a run's units.csv as they are written. */
  const rows = (run: RunOnDisk): Record<string, string>[] =>
    Papa.parse<Record<string, string>>(
      fs.readFileSync(path.join(run.directory, 'units.csv'), 'utf8').trim(),
      {
        header: true,
      },
    ).data;
  /** As a tool writes a number: six digits. */
  const six = (text: string | number | undefined): number => Number(Number(text).toPrecision(6));

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'neuron-deletion-tools-'));
    caller = new ToolCaller(folder);
    const few = ['--order', 'random', '--orders', '3', '--points', '5'];
    at = await openFixture({
      fill: (workspace) => {
        fillWithSample(workspace);
        for (const [n, model] of ['generalizes', 'memorizes'].entries()) {
          cli(workspace, 'analyze', model, '--out', `${RUNS}/20260101-00000${n}-${model}`);
          cli(workspace, 'curves', model, ...few, '--out', `${RUNS}/20260101-00001${n}-${model}-curves`);
        }
      },
      native: true,
      more: [caller.vsix],
      env: caller.env,
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
  });
  after(async () => {
    await at.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('are offered to every agent with what they take', async () => {
    const { value } = await caller.outcome(caller.start('tools'));
    const tools = value as { name: string; description: string; inputSchema: { properties: object } }[];
    const own = tools.filter(({ name }) => name.startsWith('neuron-deletion_'));
    assert.deepEqual(own.map(({ name }) => name.slice('neuron-deletion_'.length)).sort(), [...NAMES].sort());
    for (const tool of own) assert.ok(tool.description.length > 80 && tool.inputSchema.properties);
  });

  it('list the models with their runs, and of one its sites and the data that fits it', async () => {
    interface Listed {
      readonly model: string;
      readonly runs: readonly { readonly run: string; readonly kind: string; readonly accuracy: number }[];
    }
    const { models } = await caller.answer<{ models: Listed[] }>('listModels');
    assert.deepEqual(
      models.map(({ model }) => model),
      ['generalizes/model.json', 'memorizes/model.json'],
    );
    assert.deepEqual(
      models[0]!.runs.map(({ kind }) => kind),
      ['curves', 'analysis'],
    );
    const analysis = models[0]!.runs[1]!;
    assert.equal(analysis.run, `${RUNS}/20260101-000000-generalizes`);
    assert.equal(analysis.accuracy, six(runOf('000000-generalizes').record().baseline.accuracy));
    const one = await caller.answer<{
      sites: { site: string; units: number }[];
      data_that_fits: { data: string; samples: number }[];
    }>('listModels', { model: 'generalizes/model.json' });
    assert.deepEqual(
      one.sites.map(({ site, units }) => [site, units]),
      runOf('000000-generalizes')
        .record()
        .sites.map(({ name, units }) => [name, units]),
    );
    assert.ok(one.data_that_fits.some(({ data }) => data.startsWith('test.npz')));
  });

  it('say which neurons carry class 7, with the figures of units.csv', async () => {
    const run = runOf('000000-generalizes');
    const table = rows(run);
    const expected = table
      .map((row, index) => ({ ...row, index, drop: Number(row['class_drop_7']) }))
      .filter(({ drop }) => drop > 0)
      .sort((a, b) => b.drop - a.drop || a.index - b.index)
      .slice(0, 5);
    const told = await caller.answer<{
      run: string;
      seed: number;
      most_recall_lost_without: { site: string; unit: number; recall_drop: number }[];
      prefer_this_class: { site: string; unit: number; selectivity: number }[];
    }>('unitDetails', { model: 'generalizes/model.json', class: 7, top: 5 });
    assert.equal(told.run, `${RUNS}/20260101-000000-generalizes`);
    assert.equal(told.seed, run.record().seed);
    assert.deepEqual(
      told.most_recall_lost_without.map(({ site, unit, recall_drop }) => [site, unit, recall_drop]),
      expected.map((row) => [table[row.index]!['site'], Number(table[row.index]!['unit']), six(row.drop)]),
    );
    for (const { site, unit, selectivity } of told.prefer_this_class) {
      const row = table.find((one) => one['site'] === site && Number(one['unit']) === unit)!;
      assert.deepEqual([row['preferred_class'], six(row['selectivity'])], ['7', selectivity]);
    }
    const { units } = await caller.answer<{
      units: { accuracy_drop: number; classes: { recall_drop: number }[] }[];
    }>('unitDetails', { run: told.run, site: 'dense_2', units: [3] });
    const row = table.find((one) => one['site'] === 'dense_2' && one['unit'] === '3')!;
    assert.equal(units[0]!.accuracy_drop, six(row['accuracy_drop']));
    assert.deepEqual(
      units[0]!.classes.map(({ recall_drop }) => recall_drop),
      Array.from({ length: 10 }, (_, c) => six(row[`class_drop_${c}`])),
    );
  });

  it('measure a deletion as the command line does', async () => {
    const told = await caller.answer<{
      accuracy_after: number;
      correct_after: number;
      flips_to_wrong: number;
    }>('deleteUnits', {
      run: `${RUNS}/20260101-000000-generalizes`,
      delete: [
        { site: 'dense_1', units: [0, 1, 2, 3] },
        { site: 'dense_2', units: 'all' },
      ],
    });
    const deletions = ['--delete', 'dense_1:0-3', '--delete', 'dense_2:all', '--json'];
    const json = JSON.parse(cli(at.workspace, 'evaluate', 'generalizes', ...deletions)) as {
      readonly accuracy: number;
      readonly correct: number;
      readonly flips_to_wrong: number;
    };
    assert.deepEqual(
      [told.accuracy_after, told.correct_after, told.flips_to_wrong],
      [six(json.accuracy), json.correct, json.flips_to_wrong],
    );
  });

  it('compare two networks, with the verdict; of the curves of runs that there are', async () => {
    const pair = { first: 'generalizes/model.json', second: `${RUNS}/20260101-000001-memorizes` };
    const { verdict, models } = await caller.answer<{
      verdict: { kind: string; fragile: string; robust: string };
      models: { name: string; curves: { auc: number } }[];
    }>('compare', pair);
    assert.deepEqual(
      [verdict.kind, verdict.fragile, verdict.robust],
      ['difference', 'memorizes', 'generalizes'],
    );
    assert.equal(models[0]!.curves.auc, six(runOf('generalizes-curves').record().curves!.summary[0]!.auc));
  });

  it('refuse what is wrong with a sentence', async () => {
    const wrong: readonly (readonly [tool: string, input: unknown, sentence: RegExp])[] = [
      [
        'unitDetails',
        { modell: 'x' },
        /^There is no property modell; there are run, model, site, units, class, top\.$/,
      ],
      [
        'unitDetails',
        {},
        /^Say which model is meant, one of memorizes\/model\.json, generalizes\/model\.json\.$/,
      ],
      [
        'unitDetails',
        { model: 'generalizes/model.json', class: 'ten' },
        /^There is no class ten; the classes are 0, 1, /,
      ],
      ['unitDetails', { model: 'nets/model.json' }, /^nets\/model\.json is not there: give a path relative/],
      ['analyze', {}, /^The property model is missing\.$/],
      [
        'analyze',
        { model: 'generalizes/model.json', data: '/etc/passwd' },
        /^\/etc\/passwd is not inside the workspace/,
      ],
      ['analyze', { model: '../outside.json' }, /^\.\.\/outside\.json is not inside the workspace/],
      [
        'analyze',
        { model: 'generalizes/model.json', samples: 0 },
        /^The property samples is 0: it must be a whole number from 1/,
      ],
      ['deleteUnits', { model: 'generalizes/model.json' }, /^Say what to delete: either delete/],
      [
        'deleteUnits',
        { model: 'generalizes/model.json', delete: [{ site: 'dense_1', units: [128] }] },
        /^dense_1 has no unit 128; its units are 0 to 127\.$/,
      ],
      [
        'deleteUnits',
        { model: 'generalizes/model.json', set: 'mine' },
        /^This run has no set mine; it has none\.$/,
      ],
      ['compare', { first: 'generalizes/model.json' }, /^The property second is missing\.$/],
    ];
    const calls = wrong.map(([tool, input]) => caller.refusal(tool, input));
    for (const [index, said] of (await Promise.all(calls)).entries()) assert.match(said, wrong[index]![2]);
  });

  it('analyse what was analysed just so without asking, and anything else when the user agrees', async () => {
    const study = { model: 'memorizes/model.json', data: 'train.npz#x', labels: 'train.npz#y_shuffled' };
    const known = await caller.answer<{ already_known: boolean; run: string }>('analyze', {
      ...study,
      samples: 600,
    });
    assert.deepEqual(known.already_known, true);
    assert.equal(known.run, `${RUNS}/20260101-000001-memorizes`);

    const before = at.runs().length;
    const refused = caller.start('neuron-deletion_analyze', { ...study, samples: 300 });
    const question = /Delete every neuron of .*memorizes.* in turn and measure it on train\.npz#x\?/;
    await at.workbench.answer(question, 'Cancel');
    assert.equal((await caller.outcome(refused)).name, 'Canceled');
    assert.equal(at.runs().length, before);

    const agreed = caller.start('neuron-deletion_analyze', { ...study, samples: 300 });
    await at.workbench.answer(question, 'Yes');
    const { value, error } = await caller.outcome(agreed);
    assert.equal(error, undefined);
    const answer = JSON.parse(value as string) as {
      already_known: boolean;
      run: string;
      baseline: { correct: number };
      most_important: { site: string; unit: number; accuracy_drop: number }[];
    };
    assert.equal(answer.already_known, false);
    const run = runsIn(at.workspace).find(({ directory }) => directory.endsWith(path.basename(answer.run)))!;
    assert.equal(answer.baseline.correct, run.record().baseline.correct);
    for (const { site, unit, accuracy_drop } of answer.most_important) {
      const row = rows(run).find((one) => one['site'] === site && Number(one['unit']) === unit)!;
      assert.equal(six(row['accuracy_drop']), accuracy_drop);
    }
  });

  it('stop an analysis that is cancelled, and keep what is finished', async () => {
    at.gate.hold();
    let pending = '';
    const run = await at.analysisOf(async () => {
      pending = caller.start('neuron-deletion_analyze', {
        model: 'generalizes/model.json',
        data: 'test.npz',
      });
      await at.workbench.answer(/Delete every neuron of .*generalizes/, 'Yes');
    });
    await run.rounds(1);
    caller.cancel(pending);
    assert.equal((await caller.outcome(pending)).name, 'Canceled');
    at.gate.open();
    assert.equal((await run.status('cancelled')).rounds.done, 1);
  });
});
