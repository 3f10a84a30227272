import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { writeDeletionSets } from '../../src/runs/deletionSetsFile';
import { outcome, SAMPLES, writeStudy, type Outcome } from '../support/commandLine';

const SCRIPT = path.join(__dirname, '../../dist/cli.js');

/** The part of `evaluate.json` that the tests read. */
interface Written {
  readonly correct: number;
  readonly samples: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly confusion: readonly (readonly number[])[];
  readonly flips_to_wrong: number;
  readonly flips_to_right: number;
  readonly before: { readonly correct: number; readonly loss: number; readonly confusion: number[][] };
  readonly deleted: readonly { readonly site: string; readonly unit: number }[];
}

describe('the command evaluate', function () {
  this.timeout(60_000);
  let folder = '';
  const file = (...names: string[]): string => path.join(folder, ...names);
  const cli = (...args: string[]): Promise<Outcome> =>
    outcome(spawn(process.execPath, [SCRIPT, ...args], { cwd: folder }));
  const study = ['net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'];
  const written = async (name: string): Promise<Written> =>
    JSON.parse(await readFile(file(name, 'evaluate.json'), 'utf8')) as Written;

  before(async function () {
    assert.ok(existsSync(SCRIPT), `${SCRIPT} is missing: run npm run build first`);
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-evaluate-'));
    await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
    await writeStudy(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('gives for one neuron what the analysis gives, to the last count', async () => {
    assert.equal((await cli('analyze', ...study, '--out', 'run')).code, 0);
    const lines = (await readFile(file('run', 'units.csv'), 'utf8')).trimEnd().split('\n');
    const heads = lines[0]!.split(',');
    const row = Object.fromEntries(
      lines
        .find((line) => line.startsWith('dense_2,3,'))!
        .split(',')
        .map((value, column) => [heads[column]!, value]),
    );
    const { code, out, err } = await cli('evaluate', ...study, '--delete', 'dense_2:3', '--out', 'one');
    assert.equal(code, 0, err);
    const json = await written('one');
    assert.equal(json.correct, Number(row['ablated_correct']));
    assert.equal(json.samples, SAMPLES);
    assert.equal(json.accuracy, json.correct / SAMPLES);
    assert.equal(json.flips_to_wrong, Number(row['flips_to_wrong']));
    assert.equal(json.flips_to_right, Number(row['flips_to_right']));
    assert.ok(Math.abs(json.loss - json.before.loss - Number(row['loss_increase'])) < 1e-6);
    assert.deepEqual(Object.keys(json).slice(0, 7), [
      'correct',
      'samples',
      'accuracy',
      'loss',
      'confusion',
      'flips_to_wrong',
      'flips_to_right',
    ]);
    assert.match(out, /^Deleted {3}1 neuron: dense_2:3$/m);
    assert.match(out, /^accuracy +9\d\.\d\d % +\d+\.\d\d % +−?\+?\d+\.\d\d points$/m);
    assert.match(out, /^Confusion matrix: rows are true classes/m);
    assert.ok(
      out
        .split('\n')
        .every((line) => line.startsWith('Data') || [...line].length <= 80 || line.includes(folder)),
    );
  });

  it('deletes units of several sites together, with what each sample gives', async () => {
    const deletions = ['--delete', 'dense_1:0-2,7', '--delete', 'dense_2:4', '--delete', 'dense_1:1'];
    const { code, err } = await cli(
      'evaluate',
      ...study,
      ...deletions,
      '--out',
      'many',
      '--outputs',
      '--json',
    );
    assert.equal(code, 0, err);
    const json = await written('many');
    assert.deepEqual(
      json.deleted.map(({ site, unit }) => `${site}#${unit}`),
      ['dense_1#0', 'dense_1#1', 'dense_1#2', 'dense_1#7', 'dense_2#4'],
    );
    const [head, ...lines] = (await readFile(file('many', 'outputs.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(
      head,
      'sample,label,predicted_before,predicted_after,probability_before_0,probability_before_1,' +
        'probability_before_2,probability_after_0,probability_after_1,probability_after_2',
    );
    assert.equal(lines.length, SAMPLES);
    const confusion = json.confusion.map((row) => row.map(() => 0));
    let loss = 0;
    lines.forEach((line, n) => {
      const [sample, label, , after, ...probabilities] = line.split(',').map(Number);
      assert.equal(sample, n);
      confusion[label!]![after!]! += 1;
      loss -= Math.log(probabilities[3 + label!]!) / SAMPLES;
      const best = probabilities.slice(3);
      assert.equal(best[after!], Math.max(...best));
    });
    assert.deepEqual(json.confusion, confusion);
    assert.ok(Math.abs(json.loss - loss) < 1e-4);
    assert.equal(json.correct, json.confusion[0]![0]! + json.confusion[1]![1]! + json.confusion[2]![2]!);
    assert.equal(json.before.correct - json.flips_to_wrong + json.flips_to_right, json.correct);
  });

  it('without any neuron of a layer always names the same class', async () => {
    const { code, out, err } = await cli(
      'evaluate',
      ...study,
      '--delete',
      'dense_2:all',
      '--samples',
      '300',
      '--json',
    );
    assert.equal(code, 0, err);
    const json = JSON.parse(out.trimEnd().split('\n').at(-1)!) as Written;
    assert.equal(json.samples, 300);
    const columns = [0, 1, 2].map((c) => json.confusion.reduce((sum, row) => sum + row[c]!, 0));
    assert.deepEqual(
      columns.toSorted((a, b) => a - b),
      [0, 0, 300],
    );
  });

  it('deletes a named set of a run of the model: what it is of its units', async () => {
    const record = JSON.parse(await readFile(file('run', 'run.json'), 'utf8')) as object;
    const kept = file('.neuron-deletion', 'runs', 'kept');
    await mkdir(kept, { recursive: true });
    await writeFile(path.join(kept, 'run.json'), JSON.stringify(record));
    const units = [
      { site: 'dense_1', unit: 2 },
      { site: 'dense_2', unit: 4 },
    ];
    await writeDeletionSets(kept, [{ name: 'top two', units }]);
    const few = ['--samples', '300', '--json'];
    const { code, out, err } = await cli('evaluate', ...study, ...few, '--delete', '@top two');
    assert.equal(code, 0, err);
    const named = JSON.parse(out) as Written;
    assert.deepEqual(named.deleted, units);
    const plain = await cli('evaluate', ...study, ...few, '--delete', 'dense_1:2', '--delete', 'dense_2:4');
    assert.deepEqual(named, JSON.parse(plain.out));
    const wrong = await cli('evaluate', ...study, '--delete', '@top');
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /^There is no set top in any run of net\/model\.json; there is top two\.\n$/);
  });

  it('clamps to what is asked for', async () => {
    const deletion = ['--delete', 'dense_1:2,5', '--json'];
    const losses: number[] = [];
    for (const operator of ['zero', 'mean', 'resample', 'optimal']) {
      const { code, out, err } = await cli('evaluate', ...study, ...deletion, '--operator', operator);
      assert.equal(code, 0, err);
      losses.push((JSON.parse(out) as Written).loss);
    }
    assert.equal(new Set(losses).size, 4);
  });

  const refused: readonly (readonly [what: string, args: readonly string[], code: number, names: RegExp])[] =
    [
      [
        'a site that is not there',
        ['--delete', 'conv_1:2'],
        1,
        /no site conv_1; its sites are dense_1, dense_2\.$/,
      ],
      [
        'a unit that is not there',
        ['--delete', 'dense_2:3-5'],
        1,
        /dense_2 has no unit 5; its units are 0 to 4\.$/,
      ],
      ['no number', ['--delete', 'dense_2:x'], 2, /x is no number of a unit/],
      ['nothing to delete', [], 2, /--delete/],
      ['outputs without a folder', ['--delete', 'dense_2:1', '--outputs'], 2, /--out <dir>/],
    ];
  for (const [what, args, expected, names] of refused) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const before = await readdir(folder);
      const { code, out, err } = await cli('evaluate', ...study, ...args);
      assert.equal(code, expected, err);
      assert.equal(out, '');
      assert.match(err.trimEnd(), names);
      assert.deepEqual(await readdir(folder), before);
    });
  }
});
