import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensorflowForPython } from '../support/tensorflowPython';

const repository = join(__dirname, '..', '..');
const script = join(repository, 'scripts', 'setup-native.mjs');
const addon = join(
  repository,
  'node_modules',
  '@tensorflow',
  'tfjs-node',
  'lib',
  'napi-v8',
  'tfjs_binding.node',
);

interface Line {
  readonly step: string;
  readonly state: string;
  readonly message: string;
}

interface Outcome {
  readonly code: number | null;
  readonly lines: Line[];
}

/** Runs the set-up; `endAt` ends it with SIGTERM as soon as it says such a line. */
function setUp(args: string[], env: NodeJS.ProcessEnv, endAt?: (line: Line) => boolean): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, '--json', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Line[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const line = JSON.parse(part) as Line;
        lines.push(line);
        if (endAt?.(line)) child.kill('SIGTERM');
      }
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, lines }));
  });
}

const saidBy = (outcome: Outcome, step: string): string =>
  outcome.lines
    .filter((line) => line.step === step)
    .map((line) => `${line.state} ${line.message}`)
    .join('\n');

describe('set-up of native TensorFlow', function () {
  this.timeout(120_000);
  let folder: string;
  let into: string;
  let python: NodeJS.ProcessEnv;

  before(async function () {
    this.timeout(900_000);
    assert.ok(existsSync(addon), 'run npm run setup first: the compiled addon is used here');
    python = { ...(await tensorflowForPython()) };
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neuron-deletion-native-'));
    into = join(folder, 'storage', 'native');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('links to a TensorFlow in Python, and has nothing to do the second time', async () => {
    const first = await setUp(['--into', into, '--addon', addon], python);
    assert.equal(first.code, 0, JSON.stringify(first.lines));
    assert.match(saidBy(first, 'python'), /^ok TensorFlow 2\.21\.0 works$/m);
    assert.match(saidBy(first, 'result'), /^ok Native TensorFlow 2\.21\.0 works/);
    const library = await readlink(join(into, 'deps', 'lib', 'libtensorflow_cc.so.2'));
    assert.equal(library, join(python['PYTHONPATH'] ?? '', 'tensorflow', 'libtensorflow_cc.so.2'));
    assert.deepEqual(await readdir(join(folder, 'storage')), ['native'], 'nothing is left beside it');

    const second = await setUp(['--into', into, '--addon', addon], {});
    assert.equal(second.code, 0);
    assert.deepEqual(
      second.lines.map((line) => line.step),
      ['present', 'present', 'result'],
    );
  });

  it('says why a damaged library cannot be used, falls on, and leaves nothing behind', async () => {
    const damaged = join(folder, 'python', 'tensorflow');
    await mkdir(damaged, { recursive: true });
    await writeFile(join(damaged, '__init__.py'), '');
    const whole = join(python['PYTHONPATH'] ?? '', 'tensorflow');
    await cp(join(whole, 'libtensorflow_framework.so.2'), join(damaged, 'libtensorflow_framework.so.2'));
    await truncate(join(damaged, 'libtensorflow_framework.so.2'), 1_000_000);
    await symlink(join(whole, 'libtensorflow_cc.so.2'), join(damaged, 'libtensorflow_cc.so.2'));

    const path = join(folder, 'python');
    const outcome = await setUp(['--into', into, '--addon', addon, '--skip', 'wheel'], { PYTHONPATH: path });
    assert.equal(outcome.code, 3, JSON.stringify(outcome.lines));
    assert.match(saidBy(outcome, 'python'), /^fail .*libtensorflow_framework/m);
    assert.match(saidBy(outcome, 'result'), /^fail .*WebAssembly will be used.*libtensorflow_framework/);
    assert.deepEqual(await readdir(join(folder, 'storage')), []);
  });

  it('repairs a native part that no longer loads', async () => {
    await mkdir(join(into, 'lib', 'napi-v8'), { recursive: true });
    await mkdir(join(into, 'deps', 'lib'), { recursive: true });
    await cp(addon, join(into, 'lib', 'napi-v8', 'tfjs_binding.node'));
    const outcome = await setUp(['--into', into, '--addon', addon], python);
    assert.match(saidBy(outcome, 'present'), /^skip not yet: .*libtensorflow_cc\.so\.2/m);
    assert.equal(outcome.code, 0, JSON.stringify(outcome.lines));
  });

  it('says that WebAssembly will be used when there is no Python', async () => {
    const outcome = await setUp(['--into', into, '--python', join(folder, 'no-python')], {});
    assert.equal(outcome.code, 3);
    assert.match(saidBy(outcome, 'result'), /WebAssembly will be used.*no-python is no Python 3/);
  });

  it('leaves nothing half-written when it is ended on its way', async () => {
    const atPython = (line: Line): boolean => line.step === 'python' && line.state === 'progress';
    const outcome = await setUp(['--into', into, '--addon', addon], python, atPython);
    assert.equal(outcome.code, 143);
    assert.deepEqual(await readdir(join(folder, 'storage')), []);
  });

  it('removes what a killed run left', async () => {
    const left = join(folder, 'storage', 'native.setup-4194305');
    await mkdir(join(left, 'deps'), { recursive: true });
    const outcome = await setUp(['--into', into, '--addon', addon], python);
    assert.equal(outcome.code, 0);
    assert.deepEqual(await readdir(join(folder, 'storage')), ['native']);
  });
});
