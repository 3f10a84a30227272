import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import type { RunRecord } from '../../src/protocol/run';
import { outcome, SAMPLES, writeStudy, type Outcome } from '../support/commandLine';

const SCRIPT = path.join(__dirname, '../../dist/cli.js');

describe('curves, noise and pairs on the command line', function () {
  this.timeout(60_000);
  let folder = '';
  const file = (...names: string[]): string => path.join(folder, ...names);
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [SCRIPT, ...args], { cwd: folder, env: { ...process.env, ...env } });
  const cli = (...args: string[]): Promise<Outcome> => outcome(start(args));
  const record = async (run: string): Promise<RunRecord> =>
    JSON.parse(await readFile(file(run, 'run.json'), 'utf8')) as RunRecord;
  const lines = async (...names: string[]): Promise<string[]> =>
    (await readFile(file(...names), 'utf8')).trimEnd().split('\n');

  before(async () => {
    await stat(SCRIPT).catch(() => {
      throw new Error('dist/cli.js is not there: run npm run build');
    });
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-experiments-'));
    await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
    await writeStudy(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const study = ['net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'];

  it('curves: random by default, on all samples; the columns designed, a line an order', async () => {
    const { code, out, err } = await cli('curves', ...study, '--points', '7', '--out', 'curves');
    assert.equal(code, 0, err);
    assert.match(out, /^test {2}random ×10 {2}[▁▂▃▄▅▆▇█]{8} +0\.\d{4} +0\.\d{4} +0\.\d{3} +0\.\d{3}$/m);
    assert.match(out, new RegExp(`Measured on ${SAMPLES} samples`));
    assert.match(err, /^Step 10 of 10\.$/m);
    const [head, ...rows] = await lines('curves', 'curves.csv');
    assert.equal(
      head,
      'model,data,sites,operator,order,direction,repeat,units_ablated,fraction,accuracy,loss',
    );
    assert.equal(rows.length, 10 * 8);
    assert.match(rows[0]!, /^net,test,dense_1\+dense_2,zero,random,,0,0,0,0\.\d+,/);
    assert.match(rows.at(-1)!, /^net,test,dense_1\+dense_2,zero,random,,9,14,1,/);
    const table = tableFromIPC(await readFile(file('curves', 'curves.arrow')));
    assert.equal(table.numRows, 80);
    assert.equal(table.schema.fields.map(({ name }) => name).join(), head);
    const { status, curves, baseline } = await record('curves');
    assert.equal(status, 'complete');
    assert.ok(curves !== undefined);
    assert.deepEqual([curves.ranked_on, curves.measured_on], [0, SAMPLES]);
    assert.equal(curves.summary[0]?.baseline_accuracy, baseline.accuracy);
    assert.equal(curves.ordering_seeds.length, 10);
  });

  it('curves: fails where it is asked to, with all its results left', async () => {
    const few = ['--points', '2', '--orders', '2', '--out', 'failing'];
    const { code, out, err } = await cli('curves', ...study, ...few, '--fail-if', 'auc > 0');
    assert.equal(code, 1);
    assert.match(out, /^test {2}random ×2/m);
    assert.match(err, /^Failed as --fail-if asks: auc is 0\.\d{4}, which is > 0\.$/m);
    assert.equal((await record('failing')).status, 'complete');
    const fine = await cli('curves', ...study, ...few, '--fail-if', 'auc < 0');
    assert.equal(fine.code, 0, fine.err);
  });

  it('curves: every order, each site alone, training data beside; one JSON object on the last line', async () => {
    const order = 'random,importance,selectivity,l1,first_order,mutual_information';
    const more = ['--order', order, '--orders', '2', '--each', '--points', '3', '--samples', '200'];
    const train = ['--train-data', 'data.npz#x', '--train-labels', 'data.npz#y_shuffled'];
    const { code, out, err } = await cli('curves', ...study, ...more, ...train, '--out', 'all', '--json');
    assert.equal(code, 0, err);
    const { curves } = JSON.parse(out.trimEnd().split('\n').at(-1)!) as Required<Pick<RunRecord, 'curves'>>;
    assert.deepEqual([curves.ranked_on, curves.measured_on, curves.train_measured_on], [100, 100, 200]);
    const kinds = curves.summary.map((line) => [line.data, line.sites, line.order, line.direction].join());
    const ranked = order.split(',').slice(1);
    const expected = ['test', 'train'].flatMap((data) =>
      ['dense_1', 'dense_2'].flatMap((site) => [
        `${data},${site},random,`,
        ...ranked.flatMap((name) =>
          ['ascending', 'descending'].map((way) => `${data},${site},${name},${way}`),
        ),
      ]),
    );
    assert.deepEqual(kinds, expected);
    for (const line of err.trimEnd().split('\n')) assert.equal(typeof JSON.parse(line), 'object', line);
    assert.equal((await lines('all', 'curves.csv')).length - 1, 2 * 2 * 12 * 4);
  });

  it('curves: a report with a picture for each set of sites', async () => {
    const { code, err } = await cli('export', 'all', '--format', 'html', '--out', 'all.html');
    assert.equal(code, 0, err);
    const page = await readFile(file('all.html'), 'utf8');
    assert.equal(page.match(/<svg /g)?.length, 2);
    assert.equal(page.match(/<polygon /g)?.length, 4);
    assert.match(page, /AUC 0\.\d{3} ± 0\.\d{3}/);
    assert.match(page, /chance: the largest class/);
    assert.doesNotMatch(page, /NaN|undefined|<script/);
  });

  it('curves: interrupted, keeps the finished ones and exits 130; the same --out goes on to the same files', async () => {
    await mkdir(file('gate'));
    const command = ['curves', ...study, '--orders', '4', '--points', '5', '--out'];
    const child = start([...command, 'cut'], { NEURON_DELETION_GATE: file('gate') });
    const ended = outcome(child);
    await new Promise<void>((resolve) => {
      let text = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('Step 1 of 4')) resolve();
      });
      child.on('close', () => resolve());
    });
    child.kill('SIGINT');
    const { code, err } = await ended;
    assert.equal(code, 130, err);
    assert.match(err, /Cancelled; what is finished is in .*cut\. The same command with --out .*cut goes on/);
    assert.equal((await lines('cut', 'curves.csv')).length, 1 + 6);
    assert.equal((await record('cut')).status, 'cancelled');
    assert.equal((await cli(...command, 'cut')).code, 0);
    assert.equal((await cli(...command, 'uncut')).code, 0);
    assert.equal(
      await readFile(file('cut', 'curves.csv'), 'utf8'),
      await readFile(file('uncut', 'curves.csv'), 'utf8'),
    );
    const other = await cli(...command, 'cut', '--seed', '9');
    assert.equal(other.code, 1);
    assert.match(
      other.err,
      /^.*cut holds a run of another study \(the seed is another\); choose another folder.*\.\n$/,
    );
  });

  it('noise: 15 scales, 5 repeats', async () => {
    const { code, out, err } = await cli('noise', ...study, '--out', 'noise');
    assert.equal(code, 0, err);
    assert.match(out, /^10\.000 σ +\d/m);
    const [head, ...rows] = await lines('noise', 'noise.csv');
    assert.equal(head, 'model,sites,scale,repeat,accuracy,loss');
    assert.equal(rows.length, 75);
    assert.equal((await record('noise')).noise?.summary.length, 15);
    assert.equal((await cli('export', 'noise', '--format', 'html', '--out', 'noise.html')).code, 0);
    assert.match(await readFile(file('noise.html'), 'utf8'), /Noise in every unit/);
  });

  it('pairs: all of the top units', async () => {
    const { code, out, err } = await cli('pairs', ...study, '--top', '4', '--out', 'pairs');
    assert.equal(code, 0, err);
    assert.match(out, /6 pairs of the 4 neurons/);
    const [head, ...rows] = await lines('pairs', 'pairs.csv');
    assert.equal(
      head,
      'site_a,unit_a,site_b,unit_b,loss_increase_a,loss_increase_b,loss_increase_both,synergy',
    );
    assert.equal(rows.length, 6);
    for (const row of rows) {
      const [a, b, both, synergy] = row.split(',').slice(4).map(Number);
      assert.ok(Math.abs(both! - a! - b! - synergy!) < 1e-12);
    }
    assert.equal((await cli('export', 'pairs', '--format', 'html', '--out', 'pairs.html')).code, 0);
    assert.match(await readFile(file('pairs.html'), 'utf8'), /Pairs of units/);
  });

  it('asks before it goes on with a model that is near chance, and leaves nothing', async () => {
    const chance = [
      'net/model.json',
      '--data',
      'data.npz#x',
      '--labels',
      'data.npz#y_shuffled',
      '--out',
      'chance',
    ];
    for (const command of ['curves', 'noise', 'pairs']) {
      const { code, err } = await cli(command, ...chance);
      assert.equal(code, 1);
      assert.match(err, /add --accept-chance\.\n$/);
    }
    assert.ok(!(await readdir(folder)).includes('chance'));
  });

  it('refuses wrong use in a sentence, exit 2', async () => {
    for (const [args, sentence] of [
      [
        ['curves', ...study, '--order', 'random,best'],
        /There is no order best; there are random, importance/,
      ],
      [['curves', ...study, '--direction', 'up'], /ascending, descending, both/],
      [['curves', ...study, '--points', '0'], /1 or more/],
      [['curves', ...study, '--train-labels', 'x.npz'], /--train-labels are labels of --train-data/],
      [['noise', ...study, '--repeats', 'x'], /1 or more/],
      [['pairs'], /missing required argument/],
    ] as const) {
      const { code, out, err } = await cli(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, sentence);
    }
  });

  it('shows examples with --help', async () => {
    for (const command of ['curves', 'noise', 'pairs']) {
      const { code, out } = await cli(command, '--help');
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples:\n {2}neuron-deletion ${command} model\\.json --data`));
    }
  });
});
