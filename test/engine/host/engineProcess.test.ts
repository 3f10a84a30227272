import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { defaultNativeFolders } from '../../../src/engine/nativeAddon';
import { EngineProcess, EngineStopped } from '../../../src/host/engineProcess';
import { Study } from '../../../src/host/study';
import { measuredUnits } from '../../../src/host/unitRows';
import type { AnalyzeEvent, AnalyzeParams, AnalyzeResult } from '../../../src/protocol/engine';
import { Cancelled, Failure } from '../../../src/protocol/failure';
import type { StudySpec } from '../../../src/protocol/study';
import { readRecord } from '../../../src/runs/runRecord';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';

const entry = path.join(__dirname, '../../../dist/engine.js');

/** An analysis under way: its study, and promises of what comes. */
interface UnderWay {
  readonly study: Study;
  readonly controller: AbortController;
  readonly result: Promise<AnalyzeResult>;
  /** The first rows that hold a measurement have arrived. */
  readonly measuring: Promise<void>;
}

/**
 * Finds the longest time, in milliseconds, that this process computed without letting other work in. A turn
 * that is late because other processes had the cores is not its fault, so processor time counts as well.
 */
class BusyTurns {
  private longest = 0;
  private wall = performance.now();
  private cpu = process.cpuUsage();
  private readonly timer = setInterval(() => this.turn(), 1);

  stop(): number {
    clearInterval(this.timer);
    return this.longest;
  }

  private turn(): void {
    const { user, system } = process.cpuUsage(this.cpu);
    const wall = performance.now() - this.wall;
    this.longest = Math.max(this.longest, Math.min(wall, (user + system) / 1000));
    this.wall = performance.now();
    this.cpu = process.cpuUsage();
  }
}

describe('the engine process', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const logged: string[] = [];
  let engine: EngineProcess;
  let model: string;
  let data: string;

  before(function () {
    requireNative(this);
    const [modelFolder, dataFolder] = requireAssets(this, 'tfjs-mnist-cnn', 'data-mnist-t10k');
    model = path.join(modelFolder, 'model.json');
    data = path.join(dataFolder, 't10k-images-idx3-ubyte.gz');
    assert.ok(existsSync(entry), `${entry} is missing: run npm run build first`);
  });
  beforeEach(() => {
    logged.length = 0;
    engine = new EngineProcess(
      () => ({ entry, backend: 'tfjs-node', native: defaultNativeFolders(), memoryLimit: 2 ** 31 }),
      (level, text) => logged.push(`${level}: ${text}`),
    );
  });
  afterEach(() => engine.dispose());

  function analyze(change: Partial<StudySpec> = {}): UnderWay {
    const directory = folder.path('run');
    const study = new Study(directory, 'test');
    const controller = new AbortController();
    const spec: StudySpec = { model, data, scale: '0..1', operator: 'zero', seed: 1, ...change };
    const params: AnalyzeParams = { spec, directory, accept_chance: false };
    study.begin(null);
    let result: Promise<AnalyzeResult> | undefined;
    const measuring = new Promise<void>((resolve, reject) => {
      const on = (event: AnalyzeEvent): void => {
        study.apply(event);
        if (measuredUnits(study.state.table) > 0) resolve();
      };
      result = engine.request('analyze', params, { on, signal: controller.signal });
      result.catch(reject);
    });
    measuring.catch(() => undefined);
    assert.ok(result);
    return { study, controller, result, measuring };
  }

  it('answers with values and with failures', async () => {
    const info = await engine.request('hello', null);
    assert.equal(info.backend.name, 'tfjs-node');
    assert.equal(info.pid, engine.pid);
    const missing = folder.path('model.json');
    await assert.rejects(engine.request('inspectModel', { path: missing }), (error) => {
      assert.ok(error instanceof Failure);
      assert.ok(error.message.includes(missing));
      return true;
    });
    assert.equal(engine.pid, info.pid, 'a failure does not end the engine');
  });

  it('survives a kill: one error a request, the finished units kept, and the next request works', async () => {
    const { study, result, measuring } = analyze();
    await measuring;
    const pid = engine.pid;
    assert.ok(pid !== undefined);
    const hello = engine.request('readRun', { directory: folder.path('none') }).catch(() => undefined);
    process.kill(pid, 'SIGKILL');
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof EngineStopped);
      assert.equal(error.how, 'killed by SIGKILL');
      return true;
    });
    await hello;
    assert.equal(logged.filter((line) => line.includes('The engine stopped')).length, 1);
    assert.ok(measuredUnits(study.state.table) > 0);
    assert.equal((await readRecord(study.directory)).status, 'running');
    const info = await engine.request('hello', null);
    assert.notEqual(info.pid, pid);
    const stored = await engine.request('readRun', { directory: study.directory });
    assert.equal(stored.record.baseline.samples, 10_000);
  });

  it('cancels within a second, the run being marked as cancelled', async () => {
    const { study, controller, result, measuring } = analyze();
    await measuring;
    const pid = engine.pid;
    const began = performance.now();
    controller.abort();
    const outcome = await result.catch((error: unknown) => error);
    const took = performance.now() - began;
    assert.ok(took < 1000, `${took} ms`);
    if (outcome instanceof Error) assert.ok(outcome instanceof Cancelled);
    else {
      assert.equal((outcome as AnalyzeResult).kind, 'cancelled');
      assert.equal(engine.pid, pid);
      assert.equal((await readRecord(study.directory)).status, 'cancelled');
    }
  });

  it('kills an engine that does not react to a cancel, and asks a new one for the rest', async () => {
    const { controller, result, measuring } = analyze();
    await measuring;
    const pid = engine.pid;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGSTOP');
    const other = engine.request('inspectModel', { path: model });
    const began = performance.now();
    controller.abort();
    await assert.rejects(result, Cancelled);
    const took = performance.now() - began;
    assert.ok(took < 1000, `${took} ms`);
    assert.equal((await other).classes, 10);
    assert.notEqual(engine.pid, pid);
  });

  it('goes on with a cancelled run to the same counts as one in a single stretch', async () => {
    const small = { samples: 400, sites: ['dense_4'] };
    const first = analyze(small);
    await first.measuring;
    first.controller.abort();
    await first.result;
    const again = analyze(small);
    assert.equal((await again.result).kind, 'complete');
    const { state } = again.study;
    assert.equal(measuredUnits(state.table), 64);
    assert.ok(state.table?.columns.n.every((n) => n === 400));
  });

  it('is replaced once nothing is under way when settings change', async () => {
    const before = (await engine.request('hello', null)).pid;
    const busy = engine.request('inspectModel', { path: model });
    engine.renew();
    assert.equal((await busy).classes, 10, 'what is under way is finished');
    assert.notEqual((await engine.request('hello', null)).pid, before);
  });

  it('never holds the host up for 50 ms while a sweep streams', async () => {
    const { study, controller, result, measuring } = analyze();
    let posts = 0;
    study.onDidPost(() => posts++);
    await measuring;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const turns = new BusyTurns();
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, 8000));
    delay.disable();
    const longest = turns.stop();
    controller.abort();
    await result.catch(() => undefined);
    assert.ok(posts > 8, `${posts} posts in 8 s`);
    assert.ok(longest < 50, `busy for ${longest} ms without a break`);
    const late = delay.percentile(99) / 1e6;
    assert.ok(late < 50, `one turn in a hundred came ${late} ms late`);
  });
});
