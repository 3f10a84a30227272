import path from 'node:path';
import { PlainForward } from '../core/ablation/plainForward';
import { stratifiedOrder } from '../core/ablation/rounds';
import type { Control } from '../core/control';
import { batchSize } from '../core/network/memory';
import { takesWords } from '../core/network/inputs';
import { inputShape, operationOf, type Network } from '../core/network/network';
import { findSites, type Site, type Sites } from '../core/network/sites';
import { chooseScale, suggestScale, TRIAL_SAMPLES, trialOf, type ScaleOutcome } from '../core/preprocessing';
import { samplesFor, type Samples } from '../core/samples';
import { readLabelledData, type FileData } from '../formats/data/readData';
import { readInputs, type InputsRef } from '../formats/data/readInputs';
import { hashAll, hashData } from '../formats/hash';
import { readModel, type ReadModel } from '../formats/models/readModel';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { SCALES, type ExcludedSite, type Scale, type StudySpec } from '../protocol/study';

/** Batch size of the plain full forward pass, where memory allows it. */
const PLAIN_BATCH = 128;

/** A study's model and data, read and checked against each other. */
export interface OpenStudy {
  readonly model: ReadModel;
  readonly network: Network;
  /** The sites to sweep. */
  readonly sites: readonly Site[];
  readonly excluded: readonly ExcludedSite[];
  readonly data: FileData;
  readonly data_sha256: string;
  readonly labels_sha256: string | null;
  readonly classes: readonly string[];
  /** The study's samples, in class-stratified order. */
  readonly indices: Int32Array;
  readonly batch: number;
}

/**
 * Reads a study's model and data.
 * @throws Failure if one cannot be read, or they do not fit each other
 */
export async function openStudy(spec: StudySpec, control: Control): Promise<OpenStudy> {
  const model = await readModel(spec.model, { output: spec.output });
  const { network } = model;
  try {
    await control.breathe();
    const data = await readStudyData(network, spec);
    await control.breathe();
    const found = findSites(network);
    samplesFor(network, data, 'none', spec.data);
    const classes = classNames(network.head.classes, data, spec);
    const order = stratifiedOrder(data.labels, spec.seed);
    return {
      model,
      network,
      sites: chosenSites(found, spec),
      excluded: found.excluded,
      data,
      data_sha256: await hashAll([data.data_file, ...(data.more_files ?? [])]),
      labels_sha256: data.labels_file === null ? null : await hashData(data.labels_file),
      classes,
      indices: order.slice(0, spec.samples ?? order.length),
      batch: batchSize(network, PLAIN_BATCH),
    };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** Reads data for a network, told what each of its inputs takes. */
export function readStudyData(network: Network, ref: InputsRef): Promise<FileData> {
  const wanted = network.inputs.map((id) => ({
    name: operationOf(network, id).name,
    shape: inputShape(network, id),
  }));
  return wanted.length === 1 && ref.inputs === undefined
    ? readLabelledData(ref, wanted[0])
    : readInputs(ref, wanted);
}

/** Names of the network's classes; checks that every label is one of them. */
export function classNames(
  classes: number,
  data: FileData,
  spec: Pick<StudySpec, 'data' | 'labels'>,
): string[] {
  let largest = 0;
  for (const label of data.labels) largest = Math.max(largest, label);
  if (largest >= classes) {
    throw new Failure(
      `The labels in ${spec.labels ?? spec.data} go up to ${String(largest)}, but the model tells ${String(classes)} classes (0 to ${String(classes - 1)}) apart; choose the labels it was trained on.`,
      { file: spec.labels ?? spec.data },
    );
  }
  return Array.from({ length: classes }, (_, c) => data.label_names?.[c] ?? String(c));
}

function chosenSites({ sites, excluded }: Sites, spec: StudySpec): readonly Site[] {
  if (sites.length === 0) {
    const reasons = excluded.map(({ name, reason }) => `${name} ${reason}`).join('; ');
    throw new Failure(
      `${spec.model} has no neurons to delete: ${reasons === '' ? 'no layer with units stands before the class scores' : reasons}.`,
      { file: spec.model },
    );
  }
  if (spec.sites === undefined || spec.sites.length === 0) return sites;
  const names = sites.map((site) => site.name);
  const unknown = spec.sites.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Failure(
      `${path.basename(spec.model)} has no site ${unknown}; its sites are ${names.join(', ')}.`,
      { file: spec.model },
    );
  }
  return sites.filter((site) => spec.sites?.includes(site.name));
}

/** Preprocessing tried on some samples, and what was chosen. */
export async function preprocess(
  study: OpenStudy,
  spec: StudySpec,
  control: Control,
): Promise<RunRecord['preprocessing']> {
  const trial = study.indices.slice(0, TRIAL_SAMPLES);
  const outcomes: ScaleOutcome[] = [];
  for (const scale of takesWords(study.network) ? (['none'] as const) : SCALES) {
    const samples = scaled(study, scale, spec);
    const { predicted, loss } = await forwardOf(study, samples).run(trial, control, {
      batch: batchSize(study.network, TRIAL_SAMPLES),
    });
    const right = Array.from(trial, (index, n) => predicted[n] === study.data.labels[index]);
    outcomes.push({ scale, right, loss });
  }
  const isAuto = spec.scale === 'auto';
  const chosen = isAuto ? chooseScale(outcomes, await suggestScale(study.data, trial)) : spec.scale;
  return { chosen, by: isAuto ? 'auto' : 'user', candidates: outcomes.map(trialOf) };
}

/** The study's samples with a preprocessing. */
export function scaled(study: OpenStudy, scale: Scale, spec: StudySpec): Samples {
  return samplesFor(study.network, study.data, scale, spec.data);
}

/** The plain forward pass of a study. */
export function forwardOf(study: OpenStudy, samples: Samples): PlainForward {
  const also = study.sites.filter((site) => !site.feeds).map((site) => site.id);
  return new PlainForward(study.network, samples, study.batch, also);
}
