import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultNativeFolders } from '../../../src/engine/backend';
import type { AnalyzeEvent, FromEngine, StoredRun } from '../../../src/protocol/engine';
import type { StudySpec } from '../../../src/protocol/study';
import { emptyUnitTable, mergeUnitRows } from '../../../src/protocol/units';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { analyze, newSession, study } from './engineRun';

const SAMPLES = 1200;

describe('a run, however it was made', function () {
  this.timeout(60_000);
  let folder: string | null = null;
  let fixture: Fixture;
  let spec: StudySpec;
  let whole: StoredRun;

  const inFolder = (name: string): string => path.join(folder as string, name);

  before(async function () {
    requireNative(this);
    folder = await mkdtemp(path.join(tmpdir(), 'runs-'));
    const oracle = new Oracle();
    fixture = await oracle.ask('fixture', { name: 'mlp', directory: inFolder('mlp'), samples: SAMPLES });
    await oracle.close();
    spec = study(fixture.model, fixture.data);
    whole = await analyze(newSession(), spec, inFolder('whole'));
  });
  after(async () => {
    if (folder !== null) await rm(folder, { recursive: true });
  });
  afterEach(() => {
    delete process.env['NEURON_DELETION_GATE'];
  });

  /** A folder without any open gate: the engine waits after its first round. */
  async function closedGate(name: string): Promise<string> {
    await mkdir(inFolder(name));
    return inFolder(name);
  }

  /** Bit for bit: counts are sums over fixed pieces. */
  function assertSameTable(actual: StoredRun, expected: StoredRun): void {
    assert.deepEqual(actual.table, expected.table);
    assert.deepEqual(actual.record.baseline, expected.record.baseline);
  }

  it('adds up round by round to the whole', async () => {
    const { record } = whole;
    assert.equal(record.status, 'complete');
    assert.ok(record.rounds.samples.length > 1);
    assert.equal(record.rounds.done, record.rounds.samples.length);
    assert.equal(
      record.rounds.samples.reduce((a, b) => a + b, 0),
      SAMPLES,
    );
    const shown = emptyUnitTable(whole.table.rows, whole.table.classes);
    let before = new Float64Array(shown.rows);
    const seen: number[] = [];
    const again = await analyze(newSession(), spec, inFolder('rounds'), (event: AnalyzeEvent) => {
      if (event.event === 'units') mergeUnitRows(shown, event.from, event.rows);
      if (event.event !== 'record' || event.record.rounds.done === 0) return;
      const { done, samples } = event.record.rounds;
      if (seen.includes(done)) return;
      seen.push(done);
      const so = samples.slice(0, done).reduce((a, b) => a + b, 0);
      assert.deepEqual(shown.columns.n, new Float64Array(shown.rows).fill(so), `round ${done}`);
      const flips = shown.columns.flips_to_wrong;
      assert.ok(flips.every((count, row) => count >= (before[row] as number)));
      before = flips.slice();
    });
    assert.deepEqual(
      seen,
      record.rounds.samples.map((_, round) => round + 1),
    );
    assert.deepEqual(shown, again.table);
    assertSameTable(again, whole);
  });

  it('is the same when it was cancelled and resumed', async () => {
    process.env['NEURON_DELETION_GATE'] = await closedGate('gate');
    const cancel = new AbortController();
    const params = { spec, directory: inFolder('resumed'), accept_chance: false };
    const result = await newSession().analyze(
      params,
      (event) => {
        if (event.event === 'record' && event.record.rounds.done === 1) cancel.abort();
      },
      cancel.signal,
    );
    assert.equal(result.kind, 'cancelled');
    const session = newSession();
    const half = await session.readRun(params.directory);
    assert.equal(half.record.status, 'cancelled');
    assert.equal(half.record.rounds.done, 1);
    assert.ok(half.table.columns.n.every((n) => n === half.record.rounds.samples[0]));
    delete process.env['NEURON_DELETION_GATE'];
    const resumed = await analyze(session, spec, params.directory);
    assert.equal(resumed.record.id, half.record.id);
    assertSameTable(resumed, whole);
  });

  it('is resumable after its engine was killed', async () => {
    const options = { backend: 'tfjs-node', native: defaultNativeFolders() };
    const engine = fork(path.join(__dirname, '../../../src/engine/main.ts'), [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      env: { ...process.env, NEURON_DELETION_GATE: await closedGate('gate-of-the-killed') },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const directory = inFolder('killed');
    const firstRound = new Promise<void>((resolve, reject) => {
      engine.on('message', (message: FromEngine) => {
        if (message.kind === 'error') reject(new Error(message.failure.message));
        if (message.kind !== 'event' || message.body.event !== 'record') return;
        if (message.body.record.rounds.done === 1) resolve();
      });
      engine.once('exit', (code, signal) =>
        reject(new Error(`The engine ended by itself (${String(code ?? signal)}).`)),
      );
    });
    engine.send({
      kind: 'request',
      id: 1,
      method: 'analyze',
      params: { spec, directory, accept_chance: false },
    });
    try {
      await firstRound;
    } finally {
      const ended = once(engine, 'exit');
      if (engine.exitCode === null && engine.kill('SIGKILL')) await ended;
    }
    const session = newSession();
    const left = await session.readRun(directory);
    assert.equal(left.record.status, 'running');
    assert.equal(left.record.rounds.done, 1);
    assert.ok(left.table.columns.n.every((n) => n === left.record.rounds.samples[0]));
    assertSameTable(await analyze(session, spec, directory), whole);
  });

  it('takes a seeded, class-stratified part of the samples', async () => {
    const part = { ...spec, samples: 300 };
    const first = await analyze(newSession(), part, inFolder('part'));
    const second = await analyze(newSession(), part, inFolder('part-again'));
    const other = await analyze(newSession(), { ...part, seed: 8 }, inFolder('other-part'));
    assertSameTable(second, first);
    assert.notDeepEqual(other.table, first.table);
    assert.ok(first.table.columns.n.every((n) => n === 300));
    for (const run of [first, other]) {
      run.record.baseline.per_class.forEach((entry, label) => {
        const share = (fixture.labels.filter((value) => value === label).length * 300) / SAMPLES;
        assert.ok(Math.abs(entry.samples - share) <= 1, `class ${label}: ${entry.samples} of ${share}`);
      });
    }
  });

  it('has the same sums as all samples when the part is all of them', async () => {
    assertSameTable(await analyze(newSession(), { ...spec, samples: SAMPLES }, inFolder('all')), whole);
  });

  it('counts the same on WebAssembly, near-ties aside', async () => {
    const run = await analyze(newSession('wasm'), spec, inFolder('wasm'));
    assert.equal(run.record.backend.name, 'wasm');
    assert.equal(whole.record.backend.name, 'tfjs-node');
    const ties = Math.max(run.record.near_ties.pairs, whole.record.near_ties.pairs);
    let apart = 0;
    whole.table.columns.ablated_correct.forEach((count, row) => {
      apart += Math.abs(count - (run.table.columns.ablated_correct[row] as number));
    });
    assert.ok(apart <= ties, `${apart} counts apart, ${ties} near-ties`);
    whole.table.columns.loss_increase.forEach((loss, row) => {
      assert.ok(Math.abs(loss - (run.table.columns.loss_increase[row] as number)) < 1e-5, `row ${row}`);
    });
  });
});
