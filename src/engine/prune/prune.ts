import { stat } from 'node:fs/promises';
import { zeroClamp, type Clamp } from '../../core/ablation/clamp';
import { DeletionSets } from '../../core/ablation/deletionSet';
import { prepareStudy } from '../../core/ablation/prepare';
import type { Control } from '../../core/control';
import { findSites } from '../../core/network/sites';
import type { Samples } from '../../core/samples';
import { modelFiles } from '../../formats/models/findModel';
import { buildPruned } from '../../formats/models/pruning/prunedModel';
import type { AnalyzeEvent } from '../../protocol/engine';
import { Failure } from '../../protocol/failure';
import type { PruneParams, PruneReport, PruneResult } from '../../protocol/prune';
import type { Evaluation, Progress } from '../../protocol/run';
import type { StudySpec } from '../../protocol/study';
import { passGate } from '../gate';
import { forwardOf, scaled, type OpenStudy } from '../openStudy';
import { preprocess } from '../preprocess';
import { studyParts, type Resources } from '../resources';
import { buildChecked, deletionsFor, wholePlan, type BuildStudy, type CheckedModel } from './build';
import { unitsToSpare, type Found } from './keepAccuracy';
import { layersOf } from './layersOf';
import { placeModel, refuseStanding, shardName } from './place';
import { speedsOf } from './speed';
import { valueShapes } from './values';

/** What is saved, and what computes it. */
export interface PruneSetting {
  readonly params: PruneParams;
  readonly study: OpenStudy;
  readonly resources: Resources;
  readonly control: Control;
  readonly on: (event: AnalyzeEvent) => void;
}

/** The most samples that outputs are compared on, and that are run at once to measure speed. */
const COMPARED = 2000;
const TIMED = 100;

/**
 * Saves a study's model without some of its units. Nothing is written before the whole model has been built, loaded
 * back from its bytes and found to give the same outputs.
 * @throws Failure if something stands there, or the model cannot be saved so
 * @throws Cancelled
 */
export async function prune(setting: PruneSetting): Promise<PruneResult> {
  const { params, study, control, on } = setting;
  const { spec, directory, replace } = params;
  const { network, sites, indices } = study;
  refuseStanding(directory, replace);
  const tell = (phase: Progress['phase'], fraction: number): void => {
    on({ event: 'progress', progress: { phase, fraction, round: 0, rounds: 0, seconds_left: null } });
  };
  const source = layersOf(network, study.model.file);
  refuseResample(spec);
  tell('preprocessing', 0);
  const { chosen: scale } = await preprocess(study, spec, control);
  const samples = scaled(study, scale, spec);
  const forward = forwardOf(study, samples);
  const clamps = await clampsOf(setting, samples, (share) => tell('baseline', share));
  const ids = sites.map(({ id }) => id);
  const shapes = await valueShapes(network, samples, ids, indices[0]!);

  const found = await choose(params, (share) =>
    unitsToSpare(
      {
        ...{ study, spec, samples, forward, clamps, source, shapes, control },
        resources: setting.resources,
        progress: (done) => tell('ranking', done),
      },
      share,
    ),
  );
  const { deleted } = found;
  const sets = new DeletionSets(
    {
      ...{ network, sites, samples, forward, indices },
      operator: spec.operator,
      clampOf: (site) => clamps.get(site.id)!,
    },
    0,
  );
  const evaluation = await sets
    .evaluate(deleted, { outputs: false, progress: (share) => tell('measuring', share) }, control)
    .finally(() => sets.dispose());

  const build: BuildStudy = {
    ...{ network, samples, forward, source, shapes, file: study.model.file },
    deletions: deletionsFor(sites, deleted, clamps),
    indices: indices.slice(0, COMPARED),
    shard: shardName(directory),
  };
  tell('checking', 0);
  const checked = await buildChecked(build, control, (share) => tell('checking', share));
  try {
    const speeds = await speedsBeside(build, checked, control);
    const report = await reportOf(setting, checked, evaluation, found, speeds);
    await passGate(1, control);
    tell('writing', 0);
    await control.breathe();
    await study.unchanged.check();
    refuseStanding(directory, replace);
    const file = await placeModel(directory, checked.bytes, report, found.steps);
    return { kind: 'complete', report, steps: found.steps ?? [], file };
  } finally {
    checked.model.dispose();
  }
}

/** What is deleted, and how it was found: null where it was given. */
type Chosen = Pick<Found, 'deleted'> & { readonly [K in 'steps' | 'heldBack']: Found[K] | null };

async function choose({ choice }: PruneParams, search: (share: number) => Promise<Found>): Promise<Chosen> {
  const chosen: Chosen =
    choice.kind === 'units'
      ? { deleted: choice.deleted, steps: null, heldBack: null }
      : await search(choice.share);
  if (chosen.deleted.length > 0) return chosen;
  throw new Failure(
    choice.kind === 'units'
      ? 'No neuron is deleted: choose some to save the model without.'
      : 'Not one neuron can go at this accuracy: ask for less of it.',
  );
}

function refuseResample({ operator }: StudySpec): void {
  if (operator !== 'resample') return;
  throw new Failure(
    'Under the operator resample a neuron gets its activation on another sample, which no saved model can do; choose zero, mean or optimal.',
  );
}

/** What the operator clamps each site to, by its id. */
async function clampsOf(
  { study, params, resources, control }: PruneSetting,
  samples: Samples,
  progress: (share: number) => void,
): Promise<ReadonlyMap<string, Clamp>> {
  const { spec } = params;
  const { sites } = study;
  if (spec.operator === 'zero') return new Map(sites.map((site) => [site.id, zeroClamp(site)]));
  const prepared = await prepareStudy(studyParts(study, spec, samples, resources), control, progress);
  prepared.dispose();
  return new Map(sites.map(({ id }, k) => [id, prepared.sweep.clamps[k]!]));
}

/** How quick the whole model and the saved one are. */
async function speedsBeside(
  build: BuildStudy,
  { model }: CheckedModel,
  control: Control,
): Promise<readonly number[]> {
  const { network, source, shapes, samples, indices } = build;
  const whole = await buildPruned(source, network.operations, wholePlan(build), shapes);
  try {
    return await speedsOf([whole, model], samples, indices.slice(0, TIMED), control);
  } finally {
    whole.dispose();
  }
}

async function reportOf(
  { params: { spec }, study }: PruneSetting,
  { plan, bytes, model, difference }: CheckedModel,
  evaluation: Evaluation,
  { heldBack }: Chosen,
  [before, after]: readonly number[],
): Promise<PruneReport> {
  const units = findSites(study.network).sites.reduce((sum, site) => sum + site.units, 0);
  return {
    model: spec.model,
    sha256: study.model.sha256,
    operator: spec.operator,
    seed: spec.seed,
    units_before: units,
    units_after: units - plan.sites.reduce((sum, { deleted }) => sum + deleted.length, 0),
    parameters_before: study.network.parameters,
    parameters_after: model.countParams(),
    bytes_before: await sizeOf(spec.model, spec.topology),
    bytes_after: Buffer.byteLength(bytes.json) + bytes.weights.byteLength,
    samples: study.indices.length,
    accuracy_before: evaluation.before.accuracy,
    accuracy_after: evaluation.accuracy,
    held_back_samples: heldBack?.samples ?? null,
    held_back_before: heldBack?.before ?? null,
    held_back_after: heldBack?.after ?? null,
    max_output_difference: difference.absolute,
    speed_before: before!,
    speed_after: after!,
    structural: plan.sites.every(({ removal }) => removal === 'removed'),
    sites: plan.sites,
  };
}

/** Bytes of a model's files. */
async function sizeOf(model: string, topology: string | undefined): Promise<number> {
  const files = await modelFiles(model, topology);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
