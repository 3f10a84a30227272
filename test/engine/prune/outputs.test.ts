import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { clampUnits, constantTensor, isZero, zeroClamp, type Clamp } from '../../../src/core/ablation/clamp';
import { maskOf } from '../../../src/core/ablation/deletions';
import { prepareStudy } from '../../../src/core/ablation/prepare';
import { Control } from '../../../src/core/control';
import type { KernelPool } from '../../../src/core/kernels/kernelPool';
import { Program, type Substitution } from '../../../src/core/network/program';
import { planPruning } from '../../../src/core/prune/plan';
import { startKernels } from '../../../src/engine/kernels';
import { openStudy, scaled } from '../../../src/engine/openStudy';
import { budgetOf, DEFAULT_MEMORY_LIMIT, studyParts } from '../../../src/engine/resources';
import { deletionsFor, plannedStudy } from '../../../src/engine/prune/build';
import { valueShapes } from '../../../src/engine/prune/values';
import type { Session } from '../../../src/engine/session';
import { sourceOf } from '../../../src/formats/models/layersSource';
import { parametersOf } from '../../../src/formats/models/pruning/parameters';
import type { PruneReport } from '../../../src/protocol/prune';
import type { Operator, StudySpec, UnitRef } from '../../../src/protocol/study';
import type { FixtureName } from '../../support/architectures';
import { failsWith } from '../../support/failsWith';
import { saveArchitecture, saveFixture } from '../../support/models';
import { randomNetwork } from '../../support/randomNetworks';
import { requireNative } from '../../support/requirements';
import { uniforms } from '../../support/seeded';
import { newSession } from '../exactness/engineRun';

const never = new AbortController().signal;
const SAMPLES = 48;
const TOLERANCE = 1e-5;

/** Loads a saved model with nothing but TensorFlow.js. */
async function loaded(file: string): Promise<LayersModel> {
  const json = JSON.parse(await readFile(file, 'utf8')) as tf.io.ModelJSON;
  const [shard] = json.weightsManifest.flatMap(({ paths }) => paths);
  const weights = await readFile(path.join(path.dirname(file), shard!));
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const weightData = new Uint8Array(weights).buffer;
  return loadLayersModel({
    load: () => Promise.resolve({ modelTopology: json.modelTopology, weightSpecs, weightData }),
  });
}

let kernels: KernelPool | null = null;

/** The largest difference of any output from the network's with these units clamped, values above 1 as shares. */
async function heldAgainst(
  spec: StudySpec,
  deleted: readonly UnitRef[],
  file: string,
): Promise<{ readonly difference: number; readonly parameters: number }> {
  const control = new Control(never);
  const study = await openStudy(spec, control);
  const model = await loaded(file);
  const samples = scaled(study, 'none', spec);
  const own: tf.Tensor[] = [];
  try {
    const { network, sites } = study;
    let clamps: readonly Clamp[] = sites.map(zeroClamp);
    if (spec.operator !== 'zero') {
      const resources = { kernels, budget: budgetOf(DEFAULT_MEMORY_LIMIT), way: null };
      const prepared = await prepareStudy(
        studyParts(study, spec, samples, resources),
        control,
        () => undefined,
      );
      prepared.dispose();
      clamps = prepared.sweep.clamps;
    }
    const substitute = new Map<string, Substitution>();
    sites.forEach((site, k) => {
      const units = deleted.flatMap(({ site: name, unit }) => (name === site.name ? [unit] : []));
      const clamp = clamps[k]!;
      if (units.length === 0 || clamp.kind !== 'constant') return;
      const mask = tf.tensor2d(maskOf(site, units), [1, site.units]);
      const constant = isZero(clamp) ? null : constantTensor(clamp);
      own.push(mask, ...(constant === null ? [] : [constant]));
      substitute.set(site.id, clampUnits(mask, constant));
    });
    const inputs = await samples.load(study.indices);
    const ids = network.outputs.map(({ id }) => id);
    const expected = new Program(network, network.inputs, ids).run(inputs, { substitute });
    const given = model.predict(inputs.length === 1 ? inputs[0]! : inputs);
    const outputs = Array.isArray(given) ? given : [given];
    own.push(...inputs, ...expected, ...outputs);
    assert.equal(outputs.length, ids.length);
    const difference = Math.max(
      ...ids.map((_, k) => {
        const wanted = expected[k]!.dataSync<'float32'>();
        const found = outputs[k]!.dataSync<'float32'>();
        assert.equal(found.length, wanted.length);
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        return wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0) / largest;
      }),
    );
    const ofSite = new Map(sites.map(({ id }, k) => [id, clamps[k]!]));
    const shapes = await valueShapes(network, samples, [...ofSite.keys()], 0);
    const source = sourceOf(network)!;
    const deletions = deletionsFor(sites, deleted, ofSite);
    const plan = planPruning(plannedStudy({ network, source, shapes, deletions }, file));
    return { difference, parameters: parametersOf(source, network.operations, plan) };
  } finally {
    tf.dispose(own);
    model.dispose();
    study.network.dispose();
  }
}

describe('a model saved without some neurons', function () {
  this.timeout(120_000);
  let folder = '';
  let session: Session;
  before(async function () {
    requireNative(this);
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-prune-'));
    session = newSession();
    await session.hello();
    kernels = await startKernels(() => undefined);
  });
  after(async () => {
    session.dispose();
    await kernels?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** A share of the units of every site, seeded. */
  async function someUnits(model: string, share: number, seed: number): Promise<UnitRef[]> {
    const { sites } = await session.inspectModel(model);
    const draws = uniforms(
      sites.reduce((sum, { units }) => sum + units, 0),
      seed,
    );
    let at = 0;
    return sites.flatMap(({ name, units }) =>
      Array.from({ length: units }, (_, unit) => ({ site: name, unit })).filter(() => draws[at++]! < share),
    );
  }

  async function save(
    spec: StudySpec,
    deleted: readonly UnitRef[],
    name: string,
  ): Promise<{ report: PruneReport; file: string }> {
    const directory = path.join(folder, name, spec.operator);
    const params = { spec, choice: { kind: 'units', deleted }, directory, replace: false } as const;
    const result = await session.prune(params, () => undefined, never);
    assert.equal(result.kind, 'complete');
    return result;
  }

  /** Saves, and holds what was saved and what is said of it against the network. */
  async function exact(spec: StudySpec, deleted: readonly UnitRef[], name: string): Promise<PruneReport> {
    const { report, file } = await save(spec, deleted, name);
    const { difference, parameters } = await heldAgainst(spec, deleted, file);
    assert.ok(difference <= TOLERANCE, `${name}, ${spec.operator}: outputs differ by ${difference}`);
    assert.equal(
      report.sites.reduce((sum, site) => sum + site.deleted.length, 0),
      deleted.length,
    );
    assert.equal(parameters, report.parameters_after, 'parameters as planned');
    assert.equal(
      report.structural,
      report.sites.every(({ reason }) => reason === null),
    );
    return report;
  }

  const studyOf = (fixture: { model: string; data: string }, operator: Operator): StudySpec => ({
    ...fixture,
    scale: 'none',
    operator,
    seed: 1,
  });

  /** What is structurally gone under each operator, all of it or not. */
  const STRUCTURAL: Partial<Record<FixtureName, Partial<Record<Operator, boolean>>>> = {
    mlp: { zero: true, mean: true, optimal: true },
    // Padded convolutions: a constant that is not 0 cannot be folded beyond their edges.
    batchNorm: { zero: true, mean: false, optimal: false },
    branches: { zero: true, mean: true, optimal: true },
    residual: { zero: false, mean: false, optimal: false },
    nested: { zero: true, mean: true, optimal: true },
    depthwise: { zero: false, mean: false, optimal: false },
    shared: { zero: false, mean: false, optimal: false },
    twoOutputs: { zero: true, mean: true, optimal: true },
  };

  for (const [name, operators] of Object.entries(STRUCTURAL) as [
    FixtureName,
    Partial<Record<Operator, boolean>>,
  ][]) {
    it(`${name}: gives the outputs, structurally where it can`, async () => {
      const { model, data } = await saveFixture(name, path.join(folder, name), { samples: SAMPLES });
      const deleted = await someUnits(model, 0.4, 3);
      for (const [operator, structural] of Object.entries(operators) as [Operator, boolean][]) {
        const report = await exact(studyOf({ model, data }, operator), deleted, name);
        assert.equal(report.structural, structural, `${operator}: ${JSON.stringify(report.sites)}`);
        if (structural) assert.ok(report.parameters_after < report.parameters_before);
      }
    });
  }

  it('makes exactly the columns and rows go that belong to the neurons', async () => {
    const { model, data } = await saveFixture('mlp', path.join(folder, 'widths'), { samples: SAMPLES });
    const { sites } = await session.inspectModel(model);
    const deleted = sites.map(({ name, units }) => ({ site: name, unit: units - 1 }));
    const { file } = await save(studyOf({ model, data }, 'mean'), deleted, 'widths');
    const saved = await session.inspectModel(file);
    assert.deepEqual(
      saved.sites.map(({ name, units }) => [name, units]),
      sites.map(({ name, units }) => [name, units - 1]),
    );
  });

  it('residual sums keep their width, and it says so', async () => {
    const { model, data } = await saveFixture('residual', path.join(folder, 'sums'), { samples: SAMPLES });
    const { report } = await save(
      studyOf({ model, data }, 'zero'),
      [
        { site: 'stem', unit: 0 },
        { site: 'block_1', unit: 1 },
      ],
      'sums',
    );
    assert.deepEqual(
      report.sites.map(({ site, removal }) => [site, removal]),
      [
        ['stem', 'kept as constants'],
        ['block_1', 'removed'],
      ],
    );
    assert.match(report.sites[0]!.reason!, /adds them to values that stay$/);
  });

  for (const seed of [2, 4, 5, 7, 12, 18]) {
    it(`random network ${seed}: gives the outputs`, async () => {
      const name = `random-${seed}`;
      const { model, data } = await saveArchitecture(randomNetwork(seed), path.join(folder, name), {
        samples: SAMPLES,
      });
      const deleted = await someUnits(model, 0.35, seed);
      const { sites } = await session.inspectModel(model);
      const states = new Set(sites.flatMap(({ name: site, kind }) => (kind === 'recurrent' ? [site] : [])));
      await exact(studyOf({ model, data }, 'zero'), deleted, name);
      const still = deleted.filter(({ site }) => !states.has(site));
      for (const operator of ['mean', 'optimal'] as const) {
        await exact(studyOf({ model, data }, operator), still, name);
      }
    });
  }

  it('all neurons of a site: one is kept, since a layer needs one', async () => {
    const { model, data } = await saveFixture('mlp', path.join(folder, 'all'), { samples: SAMPLES });
    const { sites } = await session.inspectModel(model);
    const { name, units } = sites[0]!;
    const deleted = Array.from({ length: units }, (_, unit) => ({ site: name, unit }));
    const report = await exact(studyOf({ model, data }, 'mean'), deleted, 'all');
    assert.match(report.sites[0]!.reason!, /a layer needs one$/);
  });

  it('refuses what no saved model can do, in a sentence, and writes nothing', async () => {
    const { model, data } = await saveFixture('nestedTwice', path.join(folder, 'twice'), {
      samples: SAMPLES,
    });
    const spec = studyOf({ model, data }, 'zero');
    const { sites } = await session.inspectModel(model);
    const deleted = [{ site: sites[0]!.name, unit: 0 }];
    await failsWith(save(spec, deleted, 'refused'), /called more than once; leave them out\.$/);
    await failsWith(
      save({ ...spec, operator: 'resample' }, deleted, 'refused'),
      /choose zero, mean or optimal\.$/,
    );
    await failsWith(save(spec, [], 'refused'), /No neuron is deleted/);
    await assert.rejects(readFile(path.join(folder, 'refused', 'zero', 'model.json')));
  });
});
