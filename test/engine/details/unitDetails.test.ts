import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Session } from '../../../src/engine/session';
import type { UnitDetails, UnitExample } from '../../../src/protocol/details';
import type { StoredRun } from '../../../src/protocol/engine';
import { Cancelled } from '../../../src/protocol/failure';
import type { UnitRef } from '../../../src/protocol/study';
import { failsWith } from '../../support/failsWith';
import type { Fixture } from '../../support/models';
import type { InputKind } from '../../support/randomStages';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, newSession, rowOf, study } from '../exactness/engineRun';
import { Oracle } from '../oracle/client';

const SAMPLES = 150;
const KINDS: readonly InputKind[] = ['image', 'sequence', 'vector', 'words', 'volume', 'image', 'sequence'];
const never = new AbortController().signal;

/** What a site's units do on the samples, `[units][samples]`, from its values as stock TensorFlow.js predicts them. */
function meansOf({ values, shape }: { values: Float32Array; shape: number[] }): Float64Array[] {
  const [samples, units] = [shape[0]!, shape.at(-1)!];
  const places = values.length / samples / units;
  return Array.from({ length: units }, (_, unit) =>
    Float64Array.from({ length: samples }, (_, n) => {
      let sum = 0;
      for (let place = 0; place < places; place++) sum += values[(n * places + place) * units + unit]!;
      return sum / places;
    }),
  );
}

/** How far single precision may be off in a mean of these. */
function slack(activity: Float64Array): number {
  return 1e-5 * Math.max(1e-3, ...activity.map(Math.abs));
}

function assertNear(actual: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual}, not ${expected}`);
}

/** The class means of a unit, in its details and in the run. */
function assertClassMeans(
  means: readonly Float64Array[],
  activity: Float64Array,
  labels: Int32Array,
  what: string,
): void {
  for (const found of means) {
    found.forEach((mean, c) => {
      const own = activity.filter((_, n) => labels[n] === c);
      if (own.length === 0) assert.ok(Number.isNaN(mean), `${what}, class ${c}`);
      else assertNear(mean, own.reduce((a, b) => a + b) / own.length, slack(activity), `${what}, class ${c}`);
    });
  }
}

/** Every sample stands between its edges; next to an edge single precision decides. */
function assertHistogram(
  { edges, counts }: UnitDetails['histogram'],
  activity: Float64Array,
  labels: Int32Array,
  what: string,
): void {
  const bins = edges.length - 1;
  const classes = counts.length / bins;
  const within = slack(activity);
  const [least, most] = [Math.min(...activity), Math.max(...activity)];
  if (most - least > 4 * within) {
    assertNear(edges[0]!, least, within, `${what}, lowest edge`);
    assertNear(edges[bins]!, most, within, `${what}, highest edge`);
  }
  edges.forEach((edge, e) => assert.ok(e === 0 || edge > edges[e - 1]!, `${what}: edges rise`));
  for (let c = 0; c < classes; c++) {
    const own = activity.filter((_, n) => labels[n] === c);
    let below = 0;
    for (let bin = 0; bin < bins; bin++) {
      below += counts[c * bins + bin]!;
      const edge = edges[bin + 1]!;
      const sure = own.filter((value) => value < edge - within).length;
      const possible = own.filter((value) => value < edge + within).length;
      const isLast = bin + 1 === bins;
      assert.ok(below >= sure && below <= possible, `${what}, class ${c}: ${below} below edge ${bin + 1}`);
      if (isLast) assert.equal(below, own.length, `${what}, class ${c}`);
    }
  }
}

/** The samples at one end, as sorting all of them has it. */
function assertEnd(
  found: readonly UnitExample[],
  sign: 1 | -1,
  activity: Float64Array,
  labels: Int32Array,
  predictions: Int32Array,
  what: string,
): void {
  const within = slack(activity);
  const sorted = [...activity].sort((a, b) => sign * (b - a));
  assert.equal(found.length, 8);
  assert.equal(new Set(found.map(({ index }) => index)).size, 8);
  found.forEach((one, k) => {
    assertNear(one.activation, sorted[k]!, within, `${what}, place ${k}`);
    assertNear(one.activation, activity[one.index]!, within, `${what}, sample ${one.index}`);
    assert.equal(one.label, labels[one.index]);
    assert.equal(one.predicted, predictions[one.index]);
    const before = found[k - 1];
    if (before?.activation === one.activation) assert.ok(before.index < one.index, `${what}: ties by place`);
  });
  const last = found.at(-1)!;
  const equal = found.filter(({ activation }) => activation === last.activation).map(({ index }) => index);
  // Of units that are 0 on many samples: the first of those that tie.
  if (last.activation === 0) {
    const zeros = [...activity.keys()].filter((n) => activity[n] === 0);
    assert.deepEqual(equal, zeros.slice(0, equal.length), `${what}: the first zeros`);
  }
}

/** The input of a sample is what the file holds, in the form of its shape. */
function assertInput(
  { input, index }: UnitExample,
  x: Float32Array,
  shape: readonly number[],
  kind: InputKind,
): void {
  const size = shape.reduce((a, b) => a * b, 1);
  const stored = x.subarray(index * size, (index + 1) * size);
  if (kind === 'sequence') {
    assert.deepEqual(input, { kind: 'series', steps: shape[0], channels: shape[1], values: stored.slice() });
  } else if (kind === 'image' && shape[2] !== 2) {
    assert.ok(input.kind === 'image');
    assert.deepEqual([input.height, input.width], shape.slice(0, 2));
    if (shape[2] === 1)
      input.rgba.forEach((value, at) => at % 4 === 3 || assert.equal(value, input.rgba[at - (at % 4)]));
    const order = [...stored.keys()].sort((a, b) => stored[a]! - stored[b]!);
    const shade = (at: number): number => input.rgba[Math.floor(at / shape[2]!) * 4 + (at % shape[2]!)]!;
    order.forEach((at, k) => assert.ok(k === 0 || shade(at) >= shade(order[k - 1]!)));
  } else assert.deepEqual(input, { kind: 'values', values: stored.slice(0, 64), size });
}

describe('all of a unit', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let oracle: Oracle;

  before(function () {
    requireNative(this);
    oracle = new Oracle();
  });
  after(() => oracle.close());

  KINDS.forEach((kind, k) => {
    const seed = 40 + k;
    it(`is what stock prediction gives: random network ${seed} of ${kind} input`, async () => {
      const directory = folder.path(`net_${seed}`);
      const fixture = await oracle.ask('random', { seed, kind, directory, samples: SAMPLES });
      const { baseline } = await oracle.ask('open', fixture);
      const session = newSession();
      const spec = study(fixture.model, fixture.data, { measures: [] });
      const run = await analyze(session, spec, path.join(directory, 'run'));
      const { labels } = fixture;
      for (const { site, at, units } of fixture.sites) {
        const means = meansOf(await oracle.ask('values', { at }));
        for (let unit = 0; unit < units; unit++) {
          const what = `${site} #${unit} of ${fixture.description}`;
          const details = await session.describeUnit({ record: run.record, unit: { site, unit } }, never);
          const activity = means[unit]!;
          const { classes } = run.table;
          const row = rowOf(run, site, unit);
          const kept = run.table.class_mean.slice(row * classes, (row + 1) * classes);
          assert.deepEqual([details.unit, details.samples], [{ site, unit }, SAMPLES]);
          assertClassMeans([details.class_means, kept], activity, labels, what);
          assertHistogram(details.histogram, activity, labels, what);
          assertEnd(details.most, 1, activity, labels, baseline.predictions, `${what}, most`);
          assertEnd(details.least, -1, activity, labels, baseline.predictions, `${what}, least`);
          for (const one of [...details.most, ...details.least])
            assertInput(one, fixture.x, fixture.shape, kind);
        }
      }
      session.dispose();
    });
  });

  /** A network of several sites, analysed. */
  async function residual(session: Session): Promise<{ fixture: Fixture; run: StoredRun }> {
    const directory = folder.path('residual');
    const fixture = await oracle.ask('fixture', { name: 'residual', directory, samples: 600 });
    const spec = study(fixture.model, fixture.data, { measures: [] });
    return { fixture, run: await analyze(session, spec, path.join(directory, 'run')) };
  }

  const describeUnit = (
    session: Session,
    { record }: StoredRun,
    unit: UnitRef,
    signal = never,
  ): Promise<UnitDetails> => session.describeUnit({ record, unit }, signal);

  it('is the same in little memory, where only some of a site’s units are kept at a time', async () => {
    const { run } = await residual(newSession());
    const [ample, little] = [newSession(), newSession('tfjs-node', { memoryLimit: 2 ** 19 })];
    for (const unit of [1, 0, 4, 5]) {
      const ref = { site: 'block_2', unit };
      assert.deepEqual(await describeUnit(little, run, ref), await describeUnit(ample, run, ref));
    }
  });

  it('is the same after questions that were withdrawn, and between evaluations', async () => {
    const session = newSession();
    const { run } = await residual(session);
    const expected = await describeUnit(newSession(), run, { site: 'end', unit: 2 });
    for (const wait of [0, 5, 40]) {
      const controller = new AbortController();
      const asked = describeUnit(session, run, { site: 'stem', unit: 1 }, controller.signal).catch(
        (error: unknown) => error,
      );
      setTimeout(() => controller.abort(), wait);
      const answer = await asked;
      assert.ok(answer instanceof Cancelled || (answer as UnitDetails).samples === 600);
    }
    const evaluate = () =>
      session.evaluate({ record: run.record, deleted: [{ site: 'stem', unit: 3 }], examples: 3 }, never);
    const [before, found, after] = await Promise.all([
      evaluate(),
      describeUnit(session, run, { site: 'end', unit: 2 }),
      evaluate(),
    ]);
    assert.deepEqual(found, expected);
    assert.deepEqual(after, before);
    // An analysis makes room; what is asked then is found anew.
    await analyze(session, run.record.spec, folder.path('again'));
    assert.deepEqual(await describeUnit(session, run, { site: 'end', unit: 2 }), expected);
  });

  it('is cancelled at once when it is asked for no more', async () => {
    const session = newSession();
    const { run } = await residual(session);
    const controller = new AbortController();
    controller.abort();
    const asked = describeUnit(session, run, { site: 'end', unit: 0 }, controller.signal);
    await assert.rejects(asked, Cancelled);
  });

  it('is refused for units that are not there, and when data has changed since the run', async () => {
    const session = newSession();
    const { fixture, run } = await residual(session);
    await failsWith(describeUnit(session, run, { site: 'end', unit: 6 }), /^The model has no unit end #6\.$/);
    await failsWith(describeUnit(session, run, { site: 'end', unit: -1 }), /has no unit end #-1\.$/);
    await failsWith(describeUnit(session, run, { site: 'add', unit: 0 }), /has no unit add #0\.$/);
    const bytes = await readFile(fixture.data);
    await rm(fixture.data);
    await writeFile(fixture.data, Buffer.concat([bytes, Buffer.alloc(1)]));
    // By the session that has it open, and by one that opens it now.
    await failsWith(describeUnit(session, run, { site: 'end', unit: 1 }), /data\.npz was changed while it/);
    const changed = /data\.npz has changed since this run; analyze it again\.$/;
    await failsWith(describeUnit(newSession(), run, { site: 'end', unit: 1 }), changed);
  });

  it('shows photographs as they are: the tiny VGG', async function () {
    const [model, images] = requireAssets(
      this,
      'tfjs-cnn-explainer-tinyvgg/model.json',
      'tfjs-cnn-explainer-tinyvgg/images-jpeg',
    );
    const session = newSession();
    const spec = study(model, images, { scale: '0..1', measures: [], label_pattern: '^([a-z]+)_' });
    const run = await analyze(session, spec, folder.path('vgg'));
    const details = await describeUnit(session, run, { site: 'relu_2_2', unit: 4 });
    const files = details.most.map(({ input }) => input);
    for (const input of files) assert.ok(input.kind === 'image' && input.width === 64 && input.height === 64);
    assert.equal(details.to_classes!.length, run.record.classes.length);
    assert.equal(details.incoming.length, 8);
  });

  it('is the same on WebAssembly, up to rounding', async () => {
    const native = newSession();
    const { run } = await residual(native);
    const units = run.record.sites.map(({ name, units: count }) => ({ site: name, unit: count - 1 }));
    const expected: UnitDetails[] = [];
    for (const unit of units) expected.push(await describeUnit(native, run, unit));
    native.dispose();
    const wasm = newSession('wasm');
    for (const [k, unit] of units.entries()) {
      const found = await describeUnit(wasm, run, unit);
      const other = expected[k]!;
      const what = `${unit.site} #${unit.unit}`;
      const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
        assert.equal(a.length, b.length);
        for (let n = 0; n < a.length; n++) assertNear(a[n]!, b[n]!, 1e-4, what);
      };
      close(found.class_means, other.class_means);
      close(found.histogram.edges, other.histogram.edges);
      for (const end of ['most', 'least'] as const) {
        const activations = (one: UnitDetails): number[] => one[end].map(({ activation }) => activation);
        close(activations(found), activations(other));
      }
      for (const side of ['incoming', 'outgoing'] as const) {
        const names = (one: UnitDetails): string[] =>
          one[side].map((connection) => `${connection.unit.site} #${connection.unit.unit}`);
        assert.deepEqual(names(found), names(other), what);
      }
      close(found.to_classes ?? [], other.to_classes ?? []);
    }
    wasm.dispose();
  });
});
