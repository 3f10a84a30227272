import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ComparedModel, Verdict } from '../../src/protocol/compare';
import { outcome, type Outcome } from '../support/commandLine';

const DIST = path.join(__dirname, '../../dist');
const SCRIPT = path.join(DIST, 'cli.js');

interface Comparison {
  readonly models: readonly ComparedModel[];
  readonly verdict: Verdict;
  readonly falls_from_step?: number | null;
}

describe('compare on the command line', function () {
  this.timeout(180_000);
  let folder = '';
  const cli = (...args: string[]): Promise<Outcome> =>
    outcome(spawn(process.execPath, [SCRIPT, ...args], { cwd: folder }));
  const comparison = (out: string): Comparison =>
    JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Comparison;
  const model = (name: string): string => path.join(DIST, 'sample', name, 'model.json');
  const train = path.join(DIST, 'sample/train.npz');
  const DATA = ['--data', `${train}#x`, '--samples', '600', '--orders', '4', '--points', '12'];
  const OWN = [...DATA, '--labels', `${train}#y`, '--labels', `${train}#y_shuffled`];

  before(async () => {
    for (const file of [SCRIPT, model('generalizes')]) {
      await stat(file).catch(() => {
        throw new Error(`${file} is not there: run npm run build and npm run sample`);
      });
    }
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-compare-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds the sample’s memorizing network out, each on the labels it learned', async () => {
    const { code, out, err } = await cli(
      'compare',
      model('generalizes'),
      model('memorizes'),
      ...OWN,
      '--out',
      'both',
    );
    assert.equal(code, 0, err);
    const words = out.replace(/\s+/g, ' ');
    assert.match(words, /`memorizes` is half way down to chance after \d+ % of its units, `generalizes`/);
    assert.match(words, /`memorizes` leans on single directions more/);
    const [head, ...lines] = (await readFile(path.join(folder, 'both/compare.csv'), 'utf8'))
      .trim()
      .split('\n');
    assert.equal(
      head,
      'model,baseline_accuracy,auc,auc_sd,auc_relative,half_fraction,worst_unit_drop,dead_units',
    );
    assert.deepEqual(
      lines.map((line) => line.split(',')[0]),
      ['generalizes', 'memorizes'],
    );
    const [good, bad] = lines.map((line) => line.split(',').slice(1).map(Number));
    assert.ok(good![0]! > 0.99 && bad![0]! > 0.95, lines.join('\n'));
    assert.ok(good![3]! - bad![3]! > 0.1, 'relative AUC');
    const page = await readFile(path.join(folder, 'both/compare.html'), 'utf8');
    assert.match(page, /<p class="headline">`memorizes` is half way down/);
    assert.equal(page.match(/<svg /g)?.length, 2);
    assert.equal(
      page.match(/<polyline [^>]*stroke-width="2"/g)?.length,
      2 * (2 + 2),
      'lines and their swatches',
    );
    for (const name of ['generalizes', 'memorizes']) {
      for (const [run, file] of [
        ['curves', 'curves.csv'],
        ['noise', 'noise.csv'],
        ['units', 'units.csv'],
      ]) {
        await stat(path.join(folder, 'both', name, run!, file!));
      }
    }
  });

  it('says the same of them in the other order, from runs that are there already', async () => {
    const swapped = [...DATA, '--labels', `${train}#y_shuffled`, '--labels', `${train}#y`];
    const args = [model('memorizes'), model('generalizes'), ...swapped];
    const { code, out, err } = await cli('compare', ...args, '--out', 'both', '--json');
    assert.equal(code, 0, err);
    const found = comparison(out);
    const first = JSON.parse(await readFile(path.join(folder, 'both/compare.json'), 'utf8')) as Comparison;
    assert.deepEqual(found.verdict, first.verdict);
    assert.deepEqual(
      found.models.map(({ model: name }) => name),
      ['memorizes', 'generalizes'],
    );
  });

  it('finds no difference between two copies of a model', async () => {
    const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
    for (const copy of [a, b]) await cp(path.dirname(model('generalizes')), copy, { recursive: true });
    const files = [path.join(a, 'model.json'), path.join(b, 'model.json')];
    const { code, out, err } = await cli('compare', ...files, ...DATA, '--labels', `${train}#y`, '--json');
    assert.equal(code, 0, err);
    const { verdict, models } = comparison(out);
    assert.equal(verdict.kind, 'none');
    assert.match(verdict.text, /^No difference: `a` and `b`/);
    const [{ model: _, ...first }, { model: _second, ...second }] = models as [ComparedModel, ComparedModel];
    assert.deepEqual(first, second);
  });

  it('goes through a folder of checkpoints by step', async () => {
    const checkpoints = path.join(folder, 'checkpoints');
    await mkdir(checkpoints);
    for (const step of [20, 100, 3]) {
      await cp(path.dirname(model('generalizes')), path.join(checkpoints, `step-${step}`), {
        recursive: true,
      });
    }
    const more = ['--labels', `${train}#y`, '--train-data', `${train}#x`, '--train-labels', `${train}#y`];
    const { code, out, err } = await cli('compare', checkpoints, ...DATA, ...more, '--out', 'steps');
    assert.equal(code, 0, err);
    const steps = [...out.matchAll(/^step-(\d+) .*?(\d+\.\d\d) % +(\d+\.\d\d) %/gm)];
    assert.deepEqual(
      steps.map((line) => Number(line[1])),
      [3, 20, 100],
    );
    assert.match(out, /Robustness does not fall over these checkpoints\./);
    const kept = JSON.parse(await readFile(path.join(folder, 'steps/compare.json'), 'utf8')) as Comparison;
    assert.equal(kept.falls_from_step, null);
  });

  it('refuses what cannot be compared, in a sentence', async () => {
    const one = await cli('compare', model('generalizes'), ...DATA);
    assert.equal(one.code, 2);
    assert.match(one.err, /^One model cannot be compared/);
    const labels = await cli(
      'compare',
      model('generalizes'),
      model('memorizes'),
      ...OWN,
      '--labels',
      'c.npz',
    );
    assert.equal(labels.code, 2);
    assert.match(labels.err, /--labels is given 3 times for 2 models/);
    const nothing = await cli('compare', 'nothing.json', model('memorizes'), ...DATA);
    assert.equal(nothing.code, 1);
    assert.match(nothing.err, /nothing\.json is not there/);
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    const none = await cli('compare', empty, ...DATA);
    assert.equal(none.code, 1);
    assert.match(none.err, /fewer than two models in it/);
  });
});
