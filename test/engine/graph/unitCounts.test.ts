import assert from 'node:assert/strict';
import { argMax, mul, tensor1d, tidy, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { StoredRun } from '../../../src/protocol/engine';
import type { UnitColumn } from '../../../src/protocol/units';
import { loadGraph, samplesFor } from '../../support/graph/loadGraph';
import { requireGraphModels, type ConvertedModel } from '../../support/graphModels';
import { writeNpz } from '../../support/npz';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, assertSameCounts, newSession, rowOf, study } from '../exactness/engineRun';

const SAMPLES = 60;

describe('graph models, each unit deleted', function () {
  this.timeout(120_000);
  const temporary = temporaryFolder();
  let models: readonly ConvertedModel[] = [];

  before(async function () {
    this.timeout(15 * 60_000);
    await requireNativeBackend(this);
    models = await requireGraphModels(this);
  });

  /** Samples of a model with one input, in a file; labels that are mostly what the model says. */
  async function dataFor(
    graph: GraphModel,
    inputs: NamedTensorMap,
  ): Promise<{ data: string; labels: Int32Array }> {
    const [x] = Object.values(inputs) as [Tensor];
    const best = await classes(graph, inputs, {});
    const labels = best.map((best_, n) => (n % 4 === 0 ? n % 3 : best_));
    const data = temporary.path('data.npz');
    await writeNpz(data, {
      x: { data: x.dataSync<'float32'>().slice(), shape: x.shape },
      y: { data: labels, shape: [SAMPLES] },
    });
    return { data, labels };
  }

  for (const name of ['mlp', 'cnn', 'residual', 'mobile', 'sequence', 'mixed']) {
    it(`change what they change when the converter's own model is run without them: ${name}`, async () => {
      for (const { keras, files } of models.filter((model) => model.name === name)) {
        for (const [kind, file] of Object.entries(files).filter(([kind]) => kind !== 'layers')) {
          const graph = await loadGraph(file);
          const inputs = samplesFor(graph, SAMPLES);
          const { data, labels } = await dataFor(graph, inputs);
          const session = newSession();
          const run = await analyze(session, study(file, data), temporary.path(`run-${kind}-${keras}`));
          session.dispose();
          await assertBruteForce(run, graph, inputs, labels);
          for (const one of Object.values(inputs)) one.dispose();
          graph.dispose();
        }
      }
    });
  }

  for (const name of ['mlp', 'cnn', 'residual', 'mobile']) {
    it(`are counted alike, and in the same ways, as those of the same network's layers model: ${name}`, async () => {
      const { files } = models.find((model) => model.name === name && model.keras === 2)!;
      const graph = await loadGraph(files['graph']!);
      const inputs = samplesFor(graph, SAMPLES);
      const { data } = await dataFor(graph, inputs);
      for (const one of Object.values(inputs)) one.dispose();
      graph.dispose();
      const runs: StoredRun[] = [];
      for (const kind of ['graph', 'layers']) {
        const session = newSession();
        runs.push(await analyze(session, study(files[kind]!, data), temporary.path(kind)));
        session.dispose();
      }
      const [ours, theirs] = runs as [StoredRun, StoredRun];
      assert.deepEqual(
        ours.record.sites.map(({ units }) => units),
        theirs.record.sites.map(({ units }) => units),
      );
      assertSameCounts(ours, theirs, name);
      assert.deepEqual(Object.values(ours.record.ways), Object.values(theirs.record.ways));
    });
  }
});

/** The class of each sample, some nodes' values being given. */
async function classes(
  graph: GraphModel,
  inputs: NamedTensorMap,
  given: NamedTensorMap,
): Promise<Int32Array> {
  const best = tidy(() => {
    const scores = graph.execute({ ...inputs, ...given }, graph.outputs[0]!.name) as Tensor;
    return argMax(scores, -1);
  });
  const values = Int32Array.from(await best.data());
  best.dispose();
  return values;
}

/** Runs the whole graph again for every unit of every site, with that channel of the site's node set to 0. */
async function assertBruteForce(
  run: StoredRun,
  graph: GraphModel,
  inputs: NamedTensorMap,
  labels: Int32Array,
): Promise<void> {
  const before = await classes(graph, inputs, {});
  let flips = 0;
  for (const { name, units } of run.record.sites) {
    const value = graph.execute(inputs, name) as Tensor;
    for (let unit = 0; unit < units; unit++) {
      const mask = tensor1d(Array.from({ length: units }, (_, u) => Number(u !== unit)));
      const clamped = mul(value, mask);
      const after = await classes(graph, inputs, { [name]: clamped });
      clamped.dispose();
      mask.dispose();
      const right = (best: Int32Array, n: number): boolean => best[n] === labels[n];
      const count = (is: (n: number) => boolean): number =>
        labels.reduce((sum, _, n) => sum + Number(is(n)), 0);
      const column = (column: UnitColumn): unknown => run.table.columns[column][rowOf(run, name, unit)];
      const expected = {
        baseline_correct: count((n) => right(before, n)),
        ablated_correct: count((n) => right(after, n)),
        flips_to_wrong: count((n) => right(before, n) && !right(after, n)),
        flips_to_right: count((n) => !right(before, n) && right(after, n)),
      };
      const found = Object.fromEntries(Object.keys(expected).map((key) => [key, column(key as UnitColumn)]));
      assert.deepEqual(found, expected, `${name} #${String(unit)}`);
      flips += expected.flips_to_wrong + expected.flips_to_right;
    }
    value.dispose();
  }
  assert.ok(flips > 0, 'No unit changes anything, which shows nothing');
}
