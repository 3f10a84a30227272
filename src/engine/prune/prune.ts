import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DeletionSets } from '../../core/ablation/deletionSet';
import { maskOf, type SiteDeletion } from '../../core/ablation/deletions';
import { zeroClamp, type Clamp } from '../../core/ablation/clamp';
import { prepareStudy } from '../../core/ablation/prepare';
import type { Control } from '../../core/control';
import { findSites, type Site } from '../../core/network/sites';
import { buildPruned } from '../../formats/models/pruning/prunedModel';
import { modelFiles } from '../../formats/models/findModel';
import type { AnalyzeEvent } from '../../protocol/engine';
import { Failure } from '../../protocol/failure';
import type { PruneParams, PruneReport, PruneResult, PruneStep } from '../../protocol/prune';
import type { Progress } from '../../protocol/run';
import type { UnitRef } from '../../protocol/study';
import { placeFiles, refuseExisting } from '../../runs/placeFiles';
import { pruneCsv, pruneJson } from '../../runs/pruneFiles';
import { passGate } from '../gate';
import { forwardOf, scaled, type OpenStudy } from '../openStudy';
import { preprocess } from '../preprocess';
import { studyParts, type Resources } from '../resources';
import { buildChecked, wholePlan, type BuildStudy } from './build';
import { layersOf } from './layersOf';
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

/** The file that stands for a saved model. */
const MODEL = 'model.json';
const REPORT = 'prune.json';
const CURVE = 'prune.csv';
const SHARD = 'group1-shard1of1.bin';

/** The most samples that outputs are compared on, and that are run at once to measure speed. */
const COMPARED = 2000;
const TIMED = 100;

/**
 * Saves a study's model without some of its units. Nothing is written before the whole model has been built, loaded
 * back and found to give the same outputs.
 * @throws Failure if something stands there, or the model cannot be saved so
 * @throws Cancelled
 */
export async function prune(setting: PruneSetting): Promise<PruneResult> {
  const { params, study, control, on } = setting;
  const { spec, choice, directory } = params;
  const names = [MODEL, REPORT, ...(choice.kind === 'units' ? [] : [CURVE])];
  const refuse = (): void => {
    if (!params.replace) refuseExisting(directory, [...names, SHARD]);
  };
  refuse();
  const tell = (phase: Progress['phase'], fraction: number): void => {
    on({ event: 'progress', progress: { phase, fraction, round: 0, rounds: 0, seconds_left: null } });
  };
  const file = study.model.file;
  const source = layersOf(study.network, file);
  tell('preprocessing', 0);
  const { chosen: scale } = await preprocess(study, spec, control);
  const samples = scaled(study, scale, spec);
  const forward = forwardOf(study, samples);
  const clamps = await clampsOf(setting, samples, (share) => tell('baseline', share));
  const { deleted, steps, heldBack } = await chosenUnits(setting);

  const { network, sites, indices } = study;
  const sets = new DeletionSets(
    {
      network,
      sites,
      samples,
      forward,
      indices,
      operator: spec.operator,
      clampOf: (site) => clamps.get(site.id)!,
    },
    0,
  );
  const evaluation = await sets
    .evaluate(deleted, { outputs: false, progress: (share) => tell('measuring', share) }, control)
    .finally(() => sets.dispose());

  const shapes = await valueShapes(
    network,
    samples,
    sites.map(({ id }) => id),
    indices[0]!,
  );
  const shard = existsSync(path.join(directory, SHARD)) ? freeShard(directory) : SHARD;
  const build: BuildStudy = {
    network,
    samples,
    forward,
    deletions: deletionsFor(sites, deleted, clamps),
    source,
    shapes,
    indices: indices.slice(0, COMPARED),
    file,
    shard,
  };
  tell('checking', 0);
  const checked = await buildChecked(build, control, (share) => tell('checking', share));
  try {
    const whole = await buildPruned(source, network.operations, wholePlan(build), shapes);
    const timed = indices.slice(0, TIMED);
    const [before, after] = await speedsOf([whole, checked.model], samples, timed, control).finally(() =>
      whole.dispose(),
    );
    const { bytes, plan, difference } = checked;
    const allUnits = findSites(network).sites.reduce((sum, { units }) => sum + units, 0);
    const report: PruneReport = {
      model: spec.model,
      sha256: study.model.sha256,
      operator: spec.operator,
      seed: spec.seed,
      units_before: allUnits,
      units_after: allUnits - plan.sites.reduce((sum, site) => sum + site.deleted.length, 0),
      parameters_before: network.parameters,
      parameters_after: checked.model.countParams(),
      bytes_before: await sizeOf(spec.model, spec.topology),
      bytes_after: Buffer.byteLength(bytes.json) + bytes.weights.byteLength,
      samples: indices.length,
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
    tell('writing', 0);
    await passGate(1, control);
    await control.breathe();
    refuse();
    const files = new Map<string, string | Uint8Array>([[bytes.shard, bytes.weights]]);
    if (steps !== null) files.set(CURVE, pruneCsv(steps));
    files.set(REPORT, pruneJson(report)).set(MODEL, bytes.json);
    const stale = shard === SHARD ? [] : await shardsOf(directory);
    await placeFiles(directory, files);
    for (const name of stale) await rm(path.join(directory, name), { force: true });
    return { kind: 'complete', report, file: path.join(directory, MODEL) };
  } finally {
    checked.model.dispose();
  }
}

/** A name for the new weights beside old ones, so that the old model is whole until the new one takes its place. */
function freeShard(directory: string): string {
  for (let n = 2; ; n++) {
    const name = `group${String(n)}-shard1of1.bin`;
    if (!existsSync(path.join(directory, name))) return name;
  }
}

/** The weights of the model that stands in a folder and is replaced. */
async function shardsOf(directory: string): Promise<string[]> {
  const text = await readFile(path.join(directory, MODEL), 'utf8').catch(() => '{}');
  try {
    const { weightsManifest = [] } = JSON.parse(text) as { weightsManifest?: { paths: string[] }[] };
    return weightsManifest.flatMap(({ paths }) => paths).filter((name) => path.basename(name) === name);
  } catch {
    return [];
  }
}

async function sizeOf(model: string, topology: string | undefined): Promise<number> {
  const files = await modelFiles(model, topology);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What the operator clamps each site to, by its id. */
async function clampsOf(
  { study, params, resources, control }: PruneSetting,
  samples: BuildStudy['samples'],
  progress: (share: number) => void,
): Promise<ReadonlyMap<string, Clamp>> {
  const { spec } = params;
  const { sites } = study;
  if (spec.operator === 'zero') return new Map(sites.map((site) => [site.id, zeroClamp(site)]));
  if (spec.operator === 'resample') {
    throw new Failure(
      `Under the operator resample a neuron gets its activation on another sample, which no saved model can do; choose zero, mean or optimal.`,
    );
  }
  const prepared = await prepareStudy(studyParts(study, spec, samples, resources), control, progress);
  prepared.dispose();
  return new Map(sites.map(({ id }, k) => [id, prepared.sweep.clamps[k]!]));
}

function deletionsFor(
  sites: readonly Site[],
  deleted: readonly UnitRef[],
  clamps: ReadonlyMap<string, Clamp>,
): SiteDeletion[] {
  return sites.flatMap((site) => {
    const units = deleted.flatMap(({ site: name, unit }) => (name === site.name ? [unit] : []));
    return units.length === 0 ? [] : [{ site, clamp: clamps.get(site.id)!, mask: maskOf(site, units) }];
  });
}

/** The units to save it without, and how they were found. */
async function chosenUnits({ params }: PruneSetting): Promise<{
  readonly deleted: readonly UnitRef[];
  readonly steps: readonly PruneStep[] | null;
  readonly heldBack: { readonly samples: number; readonly before: number; readonly after: number } | null;
}> {
  const { choice } = params;
  if (choice.kind === 'units') {
    if (choice.deleted.length === 0)
      throw new Failure('No neuron is deleted: choose some to save it without.');
    return Promise.resolve({ deleted: choice.deleted, steps: null, heldBack: null });
  }
  return Promise.reject(new Failure('Keeping an accuracy is being written.'));
}
