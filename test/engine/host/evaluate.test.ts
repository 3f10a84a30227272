import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defaultNativeFolders } from '../../../src/engine/nativeAddon';
import { DEFAULT_MEMORY_LIMIT } from '../../../src/engine/resources';
import { EngineProcess } from '../../../src/host/engineProcess';
import { Cancelled, Failure } from '../../../src/protocol/failure';
import type { Evaluation, RunRecord } from '../../../src/protocol/run';
import type { UnitRef } from '../../../src/protocol/study';
import { requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { Oracle } from '../oracle/client';

const entry = path.join(__dirname, '../../../dist/engine.js');
const SAMPLES = 1000;

const unit = (site: string, at: number): UnitRef => ({ site, unit: at });

describe('deletion sets through the engine process', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let engine: EngineProcess;
  let oracle: Oracle;
  let record: RunRecord;
  let labels: Int32Array;

  before(function () {
    requireNative(this);
    assert.ok(existsSync(entry), `${entry} is missing: run npm run build first`);
    oracle = new Oracle();
  });
  after(() => oracle.close());
  beforeEach(async () => {
    const start = { entry, backend: 'tfjs-node', native: defaultNativeFolders(), memoryLimit: DEFAULT_MEMORY_LIMIT } as const; // prettier-ignore
    engine = new EngineProcess(
      () => start,
      () => undefined,
    );
    const fixture = await oracle.ask('fixture', {
      name: 'residual',
      directory: folder.path('net'),
      samples: SAMPLES,
    });
    await oracle.ask('open', { ...fixture, scores: 0 });
    labels = fixture.labels;
    const { model, data } = fixture;
    const spec = { model, data, scale: 'none', operator: 'zero', seed: 3, measures: [] } as const;
    const directory = folder.path('run');
    const result = await engine.request('analyze', { spec, directory, accept_chance: true });
    assert.ok(result.kind === 'complete');
    record = result.record;
  });
  afterEach(() => engine.dispose());

  const evaluate = (deleted: readonly UnitRef[], more: object = {}): Promise<Evaluation> =>
    engine.request('evaluate', { record, deleted, ...more });

  it('toggles units of several sites on 1,000 samples, each answer the oracle’s', async () => {
    let deleted: UnitRef[] = [];
    const steps = [
      [unit('end', 1)],
      [unit('stem', 4)],
      [unit('block_2', 0)],
      [unit('stem', 4)],
      [unit('block_1', 3), unit('end', 5)],
    ];
    for (const toggled of steps) {
      for (const one of toggled) {
        const others = deleted.filter((ref) => ref.site !== one.site || ref.unit !== one.unit);
        deleted = others.length < deleted.length ? others : [...deleted, one];
      }
      const evaluation = await evaluate(deleted, { outputs: true });
      const sites = [...new Set(deleted.map(({ site }) => site))];
      const outcome = await oracle.ask(
        'run',
        sites.map((at) => ({ at, units: deleted.filter(({ site }) => site === at).map((ref) => ref.unit) })),
      );
      assert.equal(evaluation.samples, SAMPLES);
      assert.equal(evaluation.correct, outcome.correct);
      assert.ok(Math.abs(evaluation.loss - outcome.loss) < 1e-5 * Math.max(1, outcome.loss));
      const { per_sample, confusion } = evaluation;
      assert.ok(per_sample !== null && confusion !== null);
      assert.ok(per_sample.after.probabilities instanceof Float32Array);
      assert.equal(per_sample.after.probabilities.length, SAMPLES * record.classes.length);
      const matrix = new Float64Array(record.classes.length ** 2);
      per_sample.indices.forEach((index, n) => {
        assert.equal(per_sample.labels[n], labels[index]);
        assert.equal(per_sample.after.predicted[n], outcome.predictions[index]);
        matrix[labels[index]! * record.classes.length + outcome.predictions[index]!]! += 1;
      });
      assert.deepEqual([...confusion.after], [...matrix]);
    }
  });

  it('takes a stratified part of the samples when asked to', async () => {
    const deleted = [unit('end', 1)];
    const part = await evaluate(deleted, { samples: 250, outputs: true });
    assert.equal(part.samples, 250);
    const { indices } = part.per_sample!;
    assert.equal(new Set(indices).size, 250);
    record.classes.forEach((_, c) => {
      const share = labels.filter((label) => label === c).length / 4;
      assert.ok(Math.abs(indices.filter((index) => labels[index] === c).length - share) <= 1);
    });
    const whole = await evaluate(deleted, { outputs: true });
    assert.deepEqual(whole.per_sample!.indices.slice(0, 250), indices);
    assert.deepEqual(whole.per_sample!.after.predicted.slice(0, 250), part.per_sample!.after.predicted);
    assert.equal((await evaluate(deleted)).per_sample, null);
  });

  it('brings examples and all of a unit across, arrays as they are', async () => {
    const { examples } = await evaluate([unit('stem', 4), unit('end', 1)], { examples: 6 });
    assert.equal(examples!.length, 6);
    for (const { input, label, index, before, after } of examples!) {
      assert.equal(label, labels[index]);
      assert.ok(before instanceof Float32Array && after.length === record.classes.length);
      assert.ok(input.kind === 'image' && input.rgba instanceof Uint8ClampedArray);
      assert.equal(input.rgba.length, 8 * 8 * 4);
    }
    const details = await engine.request('describeUnit', { record, unit: unit('end', 2) });
    assert.equal(details.samples, SAMPLES);
    assert.ok(details.histogram.counts instanceof Float64Array);
    assert.equal(
      details.histogram.counts.reduce((a, b) => a + b),
      SAMPLES,
    );
    assert.equal(details.to_classes!.length, record.classes.length);
    const sites = new Set(details.incoming.map((connection) => connection.unit.site));
    assert.deepEqual([...sites].sort(), ['block_2', 'stem']);
  });

  it('takes another operator when asked to', async () => {
    const deleted = [unit('block_1', 2), unit('end', 0)];
    const replacement = { kind: 'mean' } as const;
    const outcome = await oracle.ask('run', [
      { at: 'block_1', units: [2], replacement },
      { at: 'end', units: [0], replacement },
    ]);
    const evaluation = await evaluate(deleted, { operator: 'mean' });
    assert.equal(evaluation.operator, 'mean');
    assert.equal(evaluation.correct, outcome.correct);
    assert.ok(Math.abs(evaluation.loss - outcome.loss) < 1e-5 * Math.max(1, outcome.loss));
  });

  it('withdraws a question when a newer one comes, and answers that', async () => {
    const controllers = [0, 1, 2].map(() => new AbortController());
    const withdrawn = controllers.map(({ signal }, n) => {
      const deleted = [unit('stem', n)];
      const answer = engine.request('evaluate', { record, deleted }, { signal });
      return answer.then(
        () => null,
        (error: unknown) => error,
      );
    });
    for (const controller of controllers) controller.abort();
    const answered = await evaluate([unit('stem', 3)]);
    const outcome = await oracle.ask('run', [{ at: 'stem', units: [3] }]);
    assert.equal(answered.correct, outcome.correct);
    for (const error of await Promise.all(withdrawn)) assert.ok(error instanceof Cancelled);
  });

  it('refuses units that are not there, and a model that has changed', async () => {
    await assert.rejects(evaluate([unit('end', 6)]), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, 'The model has no unit end #6.');
      return true;
    });
    const model = JSON.parse(await readFile(record.model.path, 'utf8')) as object;
    await writeFile(record.model.path, JSON.stringify({ ...model, userDefinedMetadata: { changed: true } }));
    const fresh = new EngineProcess(
      () => ({
        entry,
        backend: 'tfjs-node',
        native: defaultNativeFolders(),
        memoryLimit: DEFAULT_MEMORY_LIMIT,
      }),
      () => undefined,
    );
    try {
      const deleted = [unit('end', 1)];
      await assert.rejects(fresh.request('evaluate', { record, deleted }), (error) => {
        assert.ok(error instanceof Failure);
        assert.match(error.message, /model\.json has changed since this run; analyze it again\.$/);
        return true;
      });
    } finally {
      fresh.dispose();
    }
  });
});
