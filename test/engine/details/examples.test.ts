import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/engine/session';
import type { Example } from '../../../src/protocol/details';
import type { EvaluateOptions, StoredRun } from '../../../src/protocol/engine';
import type { Evaluation } from '../../../src/protocol/run';
import { OPERATORS, type UnitRef } from '../../../src/protocol/study';
import type { FixtureName } from '../../support/architectures';
import type { Fixture } from '../../support/models';
import { writeNpz } from '../../support/npz';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, newSession, study } from '../exactness/engineRun';
import { Oracle } from '../oracle/client';

const SAMPLES = 400;
const never = new AbortController().signal;

/** The samples in the order in which they are to be shown, from what the evaluation says of each. */
function inOrder(
  { per_sample }: Evaluation,
  classes: number,
): { flip: Example['flip']; at: number; change: number }[] {
  assert.ok(per_sample !== null);
  const { labels, before, after } = per_sample;
  const rank = { to_wrong: 0, to_right: 1, none: 2 };
  return Array.from(labels, (label, at) => {
    const was = before.predicted[at] === label;
    const is = after.predicted[at] === label;
    const flip: Example['flip'] = was && !is ? 'to_wrong' : !was && is ? 'to_right' : 'none';
    const own = (values: Float32Array, c: number): number => values[at * classes + c]!;
    const loss = own(before.probabilities, label) - own(after.probabilities, label);
    const changes = Array.from({ length: classes }, (_, c) =>
      Math.abs(own(after.probabilities, c) - own(before.probabilities, c)),
    );
    return {
      flip,
      at,
      change: flip === 'to_wrong' ? loss : flip === 'to_right' ? -loss : Math.max(...changes),
    };
  }).sort((a, b) => rank[a.flip] - rank[b.flip] || b.change - a.change || a.at - b.at);
}

/** The examples are the first of that order, with what the evaluation gives for each. */
function assertExamples(evaluation: Evaluation, classes: number, count: number, what: string): void {
  const { examples, per_sample } = evaluation;
  assert.ok(examples !== undefined && per_sample !== null);
  const expected = inOrder(evaluation, classes).slice(0, count);
  assert.equal(examples.length, Math.min(count, per_sample.labels.length));
  examples.forEach((example, k) => {
    const { at, flip } = expected[k]!;
    assert.equal(example.index, per_sample.indices[at], `${what}, place ${k}`);
    assert.equal(example.flip, flip, `${what}, place ${k}`);
    assert.equal(example.label, per_sample.labels[at]);
    const row = (values: Float32Array): Float32Array => values.slice(at * classes, (at + 1) * classes);
    assert.deepEqual(example.before, row(per_sample.before.probabilities), `${what}, before`);
    assert.deepEqual(example.after, row(per_sample.after.probabilities), `${what}, after`);
  });
}

describe('examples of an evaluation', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let oracle: Oracle;
  let session: Session;

  before(function () {
    requireNative(this);
    oracle = new Oracle();
  });
  after(() => oracle.close());
  beforeEach(() => (session = newSession()));
  afterEach(() => session.dispose());

  async function analyzed(name: FixtureName): Promise<{ fixture: Fixture; run: StoredRun }> {
    const directory = folder.path(name);
    const fixture = await oracle.ask('fixture', { name, directory, samples: SAMPLES });
    const spec = study(fixture.model, fixture.data, { measures: [], draws: 3 });
    return { fixture, run: await analyze(session, spec, path.join(directory, 'run')) };
  }

  const evaluate = (
    run: StoredRun,
    deleted: readonly UnitRef[],
    options: EvaluateOptions,
  ): Promise<Evaluation> => session.evaluate({ record: run.record, deleted, ...options }, never);

  for (const name of ['residual', 'sigmoid', 'mlp'] as const) {
    it(`are chosen by what every sample gives, with every operator: ${name}`, async () => {
      const { fixture, run } = await analyzed(name);
      const classes = run.record.classes.length;
      const size = fixture.shape.reduce((a, b) => a * b, 1);
      let flips = 0;
      for (const operator of OPERATORS) {
        for (const deleted of setsOf(run)) {
          const what = `${operator}, ${deleted.length} units`;
          const evaluation = await evaluate(run, deleted, { operator, outputs: true, examples: 12 });
          assertExamples(evaluation, classes, 12, what);
          flips += evaluation.examples!.filter(({ flip }) => flip !== 'none').length;
          for (const { input, index } of evaluation.examples!) {
            if (name === 'residual') {
              assert.ok(input.kind === 'image' && input.width === 8 && input.height === 8);
              continue;
            }
            const values = fixture.x.slice(index * size, (index + 1) * size);
            assert.deepEqual(input, { kind: 'values', values, size });
          }
        }
      }
      assert.ok(flips > 12, `${flips} examples flipped`);
    });
  }

  it('come only when asked for, as many as there are, also of a part of the samples', async () => {
    const { run } = await analyzed('mlp');
    const deleted = setsOf(run).at(-1)!;
    assert.ok(!('examples' in (await evaluate(run, deleted, {}))));
    assert.deepEqual((await evaluate(run, deleted, { examples: 0 })).examples, []);
    const part = await evaluate(run, deleted, { samples: 20, outputs: true, examples: 50 });
    assert.equal(part.examples!.length, 20);
    assertExamples(part, run.record.classes.length, 50, 'a part');
  });

  it('of nothing deleted have not changed', async () => {
    const { run } = await analyzed('mlp');
    const { examples } = await evaluate(run, [], { examples: 5 });
    for (const { flip, before, after } of examples!) {
      assert.equal(flip, 'none');
      assert.deepEqual(before, after);
    }
  });

  it('are the bytes that are stored, whatever the preprocessing: digits', async function () {
    const [model] = requireAssets(this, 'tfjs-mnist-cnn/model.json');
    const pixels = Uint8Array.from({ length: 60 * 784 }, (_, at) => (at * 7919 + (at >> 5)) % 256);
    const labels = Int32Array.from({ length: 60 }, (_, n) => n % 10);
    const file = folder.path('digits.npz');
    await writeNpz(file, { x: { data: pixels, shape: [60, 28, 28] }, y: { data: labels, shape: [60] } });
    for (const scale of ['0..1', 'inverted:-1..1'] as const) {
      const run = await analyze(
        session,
        study(model, file, { scale, measures: [] }),
        folder.path(`run ${scale}`),
      );
      const deleted = Array.from({ length: 30 }, (_, unit) => ({ site: 'dense_4', unit }));
      const { examples } = await evaluate(run, deleted, { examples: 6 });
      assert.equal(examples!.length, 6);
      for (const { input, index, label } of examples!) {
        assert.ok(input.kind === 'image');
        assert.deepEqual([input.width, input.height, label], [28, 28, index % 10]);
        const stored = pixels.subarray(index * 784, (index + 1) * 784);
        const rgba = Uint8ClampedArray.from({ length: 4 * 784 }, (_, at) =>
          at % 4 === 3 ? 255 : stored[at >> 2]!,
        );
        assert.deepEqual(input.rgba, rgba);
      }
    }
  });
});

/** One unit, one of each site, and half of all. */
function setsOf(run: StoredRun): UnitRef[][] {
  const all = run.record.sites.flatMap(({ name, units }) =>
    Array.from({ length: units }, (_, unit) => ({ site: name, unit })),
  );
  const ends = run.record.sites.map(({ name, units }) => ({ site: name, unit: units - 1 }));
  return [all.slice(0, 1), ends, all.filter((_, n) => n % 2 === 0)];
}
