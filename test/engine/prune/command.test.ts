import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultNativeFolders, loadBackend } from '../../../src/engine/backend';
import type { PruneReport } from '../../../src/protocol/prune';
import { outcome, SAMPLES, writeStudy, type Outcome } from '../../support/commandLine';

const SCRIPT = path.join(__dirname, '../../../dist/cli.js');

describe('prune on the command line', function () {
  this.timeout(120_000);
  let folder = '';
  const file = (...names: string[]): string => path.join(folder, ...names);
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [SCRIPT, 'prune', ...args], { cwd: folder, env: { ...process.env, ...env } });
  const prune = (...args: string[]): Promise<Outcome> => outcome(start(args));
  const report = async (name: string): Promise<PruneReport> =>
    JSON.parse(await readFile(file(name, 'prune.json'), 'utf8')) as PruneReport;
  const study = ['net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'];

  before(async () => {
    await stat(SCRIPT).catch(() => {
      throw new Error('dist/cli.js is not there: run npm run build');
    });
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-prune-'));
    await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
    await writeStudy(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('saves the model without the neurons named, and says what became of it', async () => {
    const { code, out, err } = await prune(
      ...study,
      '--delete',
      'dense_1:0,3-5',
      '--delete',
      'dense_2:2',
      '--out',
      'a',
    );
    assert.equal(code, 0, err);
    assert.deepEqual((await readdir(file('a'))).sort(), ['group1-shard1of1.bin', 'model.json', 'prune.json']);
    const { sites, ...found } = await report('a');
    // 24·5 + 5, 5·4 + 4, 4·3 + 3 numbers are left.
    assert.equal(found.parameters_after, 125 + 24 + 15);
    assert.deepEqual([found.units_before, found.units_after, found.samples], [14, 9, SAMPLES]);
    assert.equal(found.structural, true);
    assert.ok(found.bytes_after < found.bytes_before && found.max_output_difference <= 1e-5);
    assert.deepEqual(
      sites.map(({ site, deleted, removal }) => [site, deleted.join(), removal]),
      [
        ['dense_1', '0,3,4,5', 'removed'],
        ['dense_2', '2', 'removed'],
      ],
    );
    assert.match(out, /^neurons +14 +9 +−35\.7 %$/m);
    assert.match(out, /^dense_1:0,3-5 \(4 of 9\): removed$/m);
  });

  it('never over a model that is there, but with --replace', async () => {
    const args = [...study, '--delete', 'dense_1:1', '--out', 'twice'];
    assert.equal((await prune(...args)).code, 0);
    const before = await readFile(file('twice', 'model.json'), 'utf8');
    const refused = await prune(...study, '--delete', 'dense_1:1,2', '--out', 'twice');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /twice\/model\.json is there already; choose another folder/);
    assert.equal(await readFile(file('twice', 'model.json'), 'utf8'), before);
    const replaced = await prune(
      ...study,
      '--delete',
      'dense_1:1,2',
      '--out',
      'twice',
      '--replace',
      '--json',
    );
    assert.equal(replaced.code, 0, replaced.err);
    assert.equal((JSON.parse(replaced.out) as PruneReport).units_after, 12);
    // The weights of the model that was replaced are gone.
    assert.deepEqual((await readdir(file('twice'))).sort(), [
      'group2-shard1of1.bin',
      'model.json',
      'prune.json',
    ]);
  });

  it('keeps an accuracy: one half chooses, the other reports; twice the same', async () => {
    const args = [...study, '--keep-accuracy', '0.97', '--seed', '5', '--json'];
    const [a, b] = [await prune(...args, '--out', 'kept'), await prune(...args, '--out', 'again')];
    assert.equal(a.code, 0, a.err);
    assert.equal(b.code, 0, b.err);
    const found = await report('kept');
    const csv = await readFile(file('kept', 'prune.csv'), 'utf8');
    assert.equal(await readFile(file('again', 'prune.csv'), 'utf8'), csv);
    assert.deepEqual((await report('again')).sites, found.sites);
    const [head, ...lines] = csv.trimEnd().split('\n');
    assert.equal(head, 'units_deleted,parameters,accuracy,held_back_accuracy');
    const rows = lines.map((line) => line.split(',').map(Number));
    const [first, last] = [rows[0]!, rows.at(-1)!];
    assert.deepEqual(first.slice(0, 2), [0, found.parameters_before]);
    assert.deepEqual(last.slice(0, 2), [14 - found.units_after, found.parameters_after]);
    assert.ok(last[2]! >= 0.97 * first[2]! && last[0]! > 0);
    assert.deepEqual([found.held_back_before, found.held_back_after], [first[3], last[3]]);
    assert.equal(found.held_back_samples, SAMPLES / 2);
  });

  it('takes neurons of the sites named only', async () => {
    const { code, err } = await prune(
      ...study,
      '--keep-accuracy',
      '0.9',
      '--sites',
      'dense_1',
      '--out',
      'one',
    );
    assert.equal(code, 0, err);
    assert.deepEqual(
      (await report('one')).sites.map(({ site }) => site),
      ['dense_1'],
    );
  });

  it('refuses in a sentence what it cannot do', async () => {
    const nothing = await prune(...study, '--out', 'x');
    assert.deepEqual(
      [nothing.code, nothing.err.includes('--delete <neurons> or --keep-accuracy')],
      [2, true],
    );
    const both = await prune(...study, '--delete', 'dense_1:1', '--keep-accuracy', '0.9', '--out', 'x');
    assert.equal(both.code, 2);
    const share = await prune(...study, '--keep-accuracy', '99', '--out', 'x');
    assert.deepEqual([share.code, share.err.includes('share above 0 and up to 1')], [2, true]);
    await assert.rejects(stat(file('x')));
  });

  it('leaves nothing where it is cancelled or killed while the model is checked', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGKILL', null],
    ] as const) {
      await mkdir(file('gate'), { recursive: true });
      const before = await readdir(folder);
      const child = start([...study, '--delete', 'dense_1:1', '--out', 'held', '--json'], {
        NEURON_DELETION_GATE: file('gate'),
      });
      const ended = outcome(child);
      await new Promise<void>((resolve) => {
        child.stderr!.on('data', (text: Buffer) => {
          if (text.toString().includes('"checking"')) resolve();
        });
      });
      child.kill(signal);
      assert.equal((await ended).code, code);
      assert.deepEqual(await readdir(folder), before, signal);
    }
  });
});
