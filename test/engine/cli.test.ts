import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import type { RunRecord } from '../../src/protocol/run';
import { cellsOf, xmlElements } from '../support/xml';
import { outcome, SAMPLES, writeStudy, type Outcome } from '../support/commandLine';
import { nativeMissing, requireNative } from '../support/requirements';

const DIST = path.join(__dirname, '../../dist');
const SCRIPT = path.join(DIST, 'cli.js');

describe('the command line, as it is installed', function () {
  this.timeout(60_000);
  let folder = '';
  const file = (...names: string[]): string => path.join(folder, ...names);

  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}, script = SCRIPT): ChildProcess =>
    spawn(process.execPath, [script, ...args], { cwd: folder, env: { ...process.env, ...env } });
  const cli = (...args: string[]): Promise<Outcome> => outcome(start(args));

  const record = async (run: string): Promise<RunRecord> =>
    JSON.parse(await readFile(file(run, 'run.json'), 'utf8')) as RunRecord;

  before(async function () {
    await stat(SCRIPT).catch(() => {
      throw new Error('dist/cli.js is not there: run npm run build');
    });
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-cli-'));
    await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
    await writeStudy(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const analyze = ['analyze', 'net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'];

  it('analyses, exits 0, and leaves units.csv with exactly the columns designed', async () => {
    const { code, out, err } = await cli(...analyze, '--out', 'whole');
    assert.equal(code, 0, err);
    assert.match(out, /Baseline: 9\d\.\d\d % right/);
    assert.match(out, /The 10 most important neurons/);
    assert.match(err, /^Round 1 of \d: \d+ of 700 samples\.$/m);
    const lines = (await readFile(file('whole', 'units.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(
      lines[0],
      'site,unit,n,baseline_correct,ablated_correct,flips_to_wrong,flips_to_right,accuracy_drop,drop_low,drop_high,' +
        'loss_increase,max_class_drop,max_class,class_drop_0,class_drop_1,class_drop_2,selectivity,preferred_class,' +
        'mutual_information,l1_norm,mean_activation,active_fraction,dead,operator,within_noise,selectivity_valid,' +
        'mutual_information_corrected,first_order,first_order_abs,duplicate_of',
    );
    const units = lines.slice(1).map((line) => line.split(',').slice(0, 3).join());
    const expected = [9, 5].flatMap((n, i) =>
      Array.from({ length: n }, (_, u) => `dense_${i + 1},${u},${SAMPLES}`),
    );
    assert.deepEqual(units, expected);
    assert.equal((await record('whole')).status, 'complete');
  });

  it('prints, with --json, one object as the last line of stdout and JSON lines on stderr', async () => {
    const { code, out, err } = await cli(...analyze, '--out', 'json', '--json');
    assert.equal(code, 0, err);
    const result = JSON.parse(out.trimEnd().split('\n').at(-1)!) as { directory: string; top: unknown[] };
    assert.equal(await realpath(result.directory), await realpath(file('json')));
    assert.equal(result.top.length, 10);
    const events = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; fraction: number });
    assert.ok(events.length > 3);
    assert.ok(events.every((event) => event.event === 'progress' && event.fraction <= 1));
  });

  it('takes the study from the spec file beside the model, and flags before it', async () => {
    await cp(file('net'), file('spec'), { recursive: true });
    const spec = { data: '../data.npz#x', labels: '../data.npz#y', scale: '0..1', samples: 300, seed: 4 };
    await writeFile(file('spec', 'model.json.neuron-deletion.json'), JSON.stringify(spec));
    const { code, err } = await cli(
      'analyze',
      'spec/model.json',
      '--samples',
      '120',
      '--sites',
      'dense_2',
      '--out',
      's',
    );
    assert.equal(code, 0, err);
    const { spec: used, baseline, preprocessing, sites } = await record('s');
    assert.deepEqual([used.samples, used.seed, used.scale, baseline.samples], [120, 4, '0..1', 120]);
    assert.equal(preprocessing.by, 'user');
    assert.deepEqual(
      sites.map((site) => site.name),
      ['dense_2'],
    );
  });

  it('makes a run directory of its own in the working directory when none is named', async () => {
    const { code, err } = await cli(...analyze, '--samples', '60');
    assert.equal(code, 0, err);
    const runs = await readdir(file('.neuron-deletion', 'runs'));
    assert.match(runs.join(), /^\d{8}-\d{6}-net$/);
    assert.equal(await readFile(file('.neuron-deletion', '.gitignore'), 'utf8'), '*\n');
  });

  it('computes on WASM when asked to, and says so', async () => {
    const { code, out, err } = await cli(...analyze, '--out', 'wasm', '--backend', 'wasm');
    assert.equal(code, 0, err);
    assert.match(out, /^Backend {3}WASM \(1 thread\)\. .+\.$/m);
    assert.equal((await record('wasm')).backend.name, 'wasm');
  });

  it('computes on WASM where there is nothing native, and says why', async () => {
    await mkdir(file('alone'));
    await cp(path.join(DIST, 'cli.js'), file('alone', 'cli.js'));
    await cp(path.join(DIST, 'wasm'), file('alone', 'wasm'), { recursive: true });
    const { code, out, err } = await outcome(
      start([...analyze, '--out', 'wasm2', '--samples', '60'], {}, file('alone', 'cli.js')),
    );
    assert.equal(code, 0, err);
    assert.match(out, /^Backend {3}WASM \(1 thread\)\. Native TensorFlow is not/m);
    assert.match((await record('wasm2')).backend.fallback ?? '', /^Native TensorFlow is not .+\.$/);
  });

  it('names TensorFlow where it computes natively', async function () {
    requireNative(this);
    const { out } = await cli(...analyze, '--out', 'native', '--backend', 'tfjs-node', '--samples', '60');
    assert.match(out, /^Backend {3}tfjs-node \(TensorFlow \d+\.\d+/m);
  });

  it('interrupted, keeps what is done and exits 130; the same --out goes on to the same result', async () => {
    await mkdir(file('gate'));
    const child = start([...analyze, '--out', 'cut'], { NEURON_DELETION_GATE: file('gate') });
    const ended = outcome(child);
    await new Promise<void>((resolve) => {
      let text = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('Round 1 of')) resolve();
      });
      child.on('close', () => resolve());
    });
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    assert.equal(code, 130, err);
    assert.equal(out, '');
    assert.match(
      err,
      /Cancelled after 1 of \d rounds; what is finished is in .*cut\. The same command with --out .*cut /,
    );
    const cut = await record('cut');
    assert.deepEqual([cut.status, cut.rounds.done], ['cancelled', 1]);
    const early = await readFile(file('cut', 'units.csv'), 'utf8');
    const whole = await readFile(file('whole', 'units.csv'), 'utf8');
    assert.notEqual(early, whole);

    const again = await cli(...analyze, '--out', 'cut');
    assert.equal(again.code, 0, again.err);
    assert.equal(await readFile(file('cut', 'units.csv'), 'utf8'), whole);
    assert.equal((await record('cut')).status, 'complete');
  });

  it('asks before it maps a model that is near chance', async () => {
    const chance = [...analyze.slice(0, -1), 'data.npz#y_shuffled', '--out', 'chance'];
    const { code, err } = await cli(...chance);
    assert.equal(code, 1);
    assert.match(err, /^The model is right on \d.* add --accept-chance\.\n$/);
    assert.ok(!(await readdir(folder)).includes('chance'));
    assert.equal((await cli(...chance, '--accept-chance')).code, 0);
  });

  describe('bad input: one sentence, exit 1, nothing written', () => {
    before(async () => {
      for (const name of ['truncated', 'missing', 'nomodel', 'nojson']) {
        await cp(file('net'), file(name), { recursive: true });
      }
      const shard = (await readdir(file('net'))).find((name) => name.endsWith('.bin'))!;
      await truncate(file('truncated', shard), 100);
      await rm(file('missing', shard));
      await writeFile(file('nomodel', 'model.json'), '{"name": "something else"}');
      await writeFile(file('nojson', 'model.json'), 'PK\u0003\u0004');
      await writeFile(file('table.parquet'), 'PAR1');
      await writeFile(file('spoilt.npz'), (await readFile(file('data.npz'))).subarray(0, 999));
    });

    const cases: readonly (readonly [what: string, args: readonly string[], names: RegExp])[] = [
      [
        'a truncated shard',
        ['truncated/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'],
        /\.bin/,
      ],
      ['a missing shard', ['missing/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y'], /\.bin/],
      ['a model.json that is no model', ['nomodel/model.json', '--data', 'data.npz'], /nomodel.*model\.json/],
      ['a model.json that is no JSON', ['nojson/model.json', '--data', 'data.npz'], /nojson.*model\.json/],
      ['a model that is not there', ['absent/model.json', '--data', 'data.npz'], /absent.*model\.json/],
      ['labels and images of different lengths', ['net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y_short'], /700.*699|699.*700/], // prettier-ignore
      ['images that do not fit the input', ['net/model.json', '--data', 'data.npz#wide', '--labels', 'data.npz#y'], /data\.npz/], // prettier-ignore
      ['a data format that is not read yet', ['net/model.json', '--data', 'table.parquet'], /parquet/i],
      [
        'a spoilt archive',
        ['net/model.json', '--data', 'spoilt.npz#x', '--labels', 'spoilt.npz#y'],
        /spoilt\.npz/,
      ],
      ['an array that is not in the file', ['net/model.json', '--data', 'data.npz#z'], /data\.npz/],
      ['data that is not there', ['net/model.json', '--data', 'absent.npz'], /absent\.npz/],
      ['a site that the model has not', ['net/model.json', '--data', 'data.npz#x', '--labels', 'data.npz#y', '--sites', 'conv_9'], /conv_9/], // prettier-ignore
      ['a spec file that is not there', ['net/model.json', '--spec', 'absent.json'], /absent\.json/],
    ];
    for (const [what, args, names] of cases) {
      it(what, async () => {
        const before = await readdir(folder);
        const { code, out, err } = await cli('analyze', ...args, '--out', 'never');
        assert.equal(code, 1, err);
        assert.equal(out, '');
        assert.match(err, /^[^\n]+\.\n$/);
        assert.match(err, names);
        assert.doesNotMatch(err, /defect/);
        assert.deepEqual(await readdir(folder), before);
      });
    }
  });

  it('exits 2 when it is used wrongly', async () => {
    assert.equal((await cli('analyze', 'net/model.json')).code, 2);
    assert.equal((await cli('analyze', 'net/model.json', '--colour')).code, 2);
    assert.equal((await cli()).code, 2);
  });

  it('ends quietly when nobody reads on', async () => {
    const child = start(['curves', '--help']);
    let said = '';
    child.stderr?.on('data', (chunk) => (said += String(chunk)));
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([code, said], [0, '']);
  });

  it('inspects a model', async () => {
    const { code, out } = await cli('inspect', 'net/model.json');
    assert.equal(code, 0);
    assert.match(out, /Input 6 × 4, 3 classes, 293 parameters\./);
    assert.match(out, /^dense_1 +9 +dense +9$/m);
    assert.match(out, /^dense_1 +Dense +9 +225$/m);
    const info = JSON.parse((await cli('inspect', 'net/model.json', '--json')).out) as {
      sites: { name: string }[];
    };
    assert.deepEqual(
      info.sites.map((site) => site.name),
      ['dense_1', 'dense_2'],
    );
  });

  it('says what is known of a model that cannot be analysed, and fails with the reason', async () => {
    const json = JSON.parse(await readFile(file('net/model.json'), 'utf8')) as {
      modelTopology: { config: { layers: { config: { name: string } }[] } };
    };
    json.modelTopology.config.layers[1]!.config = { name: 'unknown' };
    await writeFile(file('net/broken.json'), JSON.stringify(json));
    const { code, out, err } = await cli('inspect', 'net/broken.json');
    assert.equal(code, 1);
    assert.match(err, /broken\.json/);
    assert.match(out, /^TensorFlow\.js layers model/m);
    assert.match(out, /^unknown +\w+$/m);
    const whole = await cli('inspect', 'net/broken.json', '--json');
    const { problem, layers } = JSON.parse(whole.out) as { problem: string; layers: { name: string }[] };
    assert.ok(err.replaceAll(/\s+/g, ' ').includes(problem.slice(-40)), err);
    assert.equal(layers.length, json.modelTopology.config.layers.length);
    const none = await cli('inspect', 'net/none.json');
    assert.deepEqual([none.code, none.out], [1, '']);
  });

  it('exports a run as csv, json and html', async () => {
    for (const format of ['csv', 'json', 'html']) {
      const { code, err } = await cli('export', 'whole', '--format', format, '--out', `run.${format}`);
      assert.equal(code, 0, err);
    }
    assert.equal(await readFile(file('run.csv'), 'utf8'), await readFile(file('whole', 'units.csv'), 'utf8'));
    const json = JSON.parse(await readFile(file('run.json'), 'utf8')) as { units: { site: string }[] };
    assert.equal(json.units.length, 14);
    assert.match(await readFile(file('run.html'), 'utf8'), /^<!doctype html>/i);
    const none = await cli('export', 'net', '--format', 'csv', '--out', 'none.csv');
    assert.equal(none.code, 1);
    assert.match(none.err, /^[^\n]+\.\n$/);
  });

  it('exports pictures of a run as SVG, a cell a neuron', async () => {
    const { code, err } = await cli('export', 'whole', '--format', 'svg', '--out', 'run.svg');
    assert.equal(code, 0, err);
    const svg = await readFile(file('run.svg'), 'utf8');
    assert.equal(xmlElements(svg)[0]?.attributes['xmlns'], 'http://www.w3.org/2000/svg');
    assert.equal(cellsOf(svg), 14);
    for (const picture of ['selectivity', 'map', 'scatter']) {
      const name = `${picture}.svg`;
      const done = await cli('export', 'whole', '--format', 'svg', '--picture', picture, '--out', name);
      assert.equal(done.code, 0, done.err);
      assert.ok(xmlElements(await readFile(file(name), 'utf8')).length > 20);
    }
    const other = await cli('export', 'whole', '--format', 'svg', '--picture', 'curves', '--out', 'no.svg');
    assert.equal(other.code, 1);
    assert.match(
      other.err,
      /^The run whole has no picture curves; it has importance, selectivity, map, scatter\.$/m,
    );
    const unasked = await cli('export', 'whole', '--format', 'csv', '--picture', 'map', '--out', 'no.csv');
    assert.equal(unasked.code, 2);
    assert.match(unasked.err, /give --format svg/);
  });

  it('has a doctor', async () => {
    const { code, out } = await cli('doctor', '--json');
    assert.equal(code, 0);
    const report = JSON.parse(out) as { backend: { name: string }; matmul_gflops: number };
    assert.equal(report.backend.name, nativeMissing() === null ? 'tfjs-node' : 'wasm');
    assert.ok(report.matmul_gflops > 0);
    assert.match((await cli('doctor', '--backend', 'wasm')).out, /^backend +WASM/m);
  });
});
