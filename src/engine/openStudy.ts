import path from 'node:path';
import { PlainForward } from '../core/ablation/plainForward';
import { stratifiedOrder } from '../core/ablation/rounds';
import type { Control } from '../core/control';
import { batchSize } from '../core/network/memory';
import { inputShape, operationOf, type Network } from '../core/network/network';
import { findSites, type Site, type Sites } from '../core/network/sites';
import { samplesFor, type Samples } from '../core/samples';
import { readLabelledData, type FileData } from '../formats/data/readData';
import { readInputs, type InputsRef } from '../formats/data/readInputs';
import { hashAll, hashData } from '../formats/hash';
import { readModel, type ReadModel } from '../formats/models/readModel';
import { Failure } from '../protocol/failure';
import type { ExcludedSite, Scale, StudySpec } from '../protocol/study';
import { classify, type ClassifiedData } from './classes';
import { refuseOneClass } from './labels';
import { Unchanged } from './unchanged';

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
  readonly class_names?: ClassifiedData['class_names'];
  readonly label_note?: ClassifiedData['label_note'];
  /** The study's samples, in class-stratified order. */
  readonly indices: Int32Array;
  readonly batch: number;
  /** Its files as they were before they were read. */
  readonly unchanged: Unchanged;
}

/**
 * Reads a study's model and data.
 * @throws Failure if one cannot be read, or they do not fit each other
 */
export async function openStudy(spec: StudySpec, control: Control): Promise<OpenStudy> {
  const unchanged = await Unchanged.of(spec);
  const model = await readModel(spec.model, { output: spec.output, topology: spec.topology });
  const { network } = model;
  try {
    await control.breathe();
    const read = await readStudyData(network, spec);
    await control.breathe();
    const found = findSites(network);
    samplesFor(network, read, 'none', spec.data);
    const { data, ...classes } = await classify(network.head.classes, read, spec, spec.model);
    refuseOneClass(data, classes.classes, spec);
    const order = stratifiedOrder(data.labels, spec.seed);
    const data_sha256 = await hashAll([data.data_file, ...(data.more_files ?? [])]);
    const labels_sha256 = data.labels_file === null ? null : await hashData(data.labels_file);
    // The hashes are of what was read.
    await unchanged.check();
    return {
      model,
      network,
      sites: chosenSites(found, spec),
      excluded: found.excluded,
      data,
      data_sha256,
      labels_sha256,
      unchanged,
      ...classes,
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

/** The study's samples with a preprocessing. */
export function scaled(study: OpenStudy, scale: Scale, spec: StudySpec): Samples {
  return samplesFor(study.network, study.data, scale, spec.data);
}

/** The plain forward pass of a study. */
export function forwardOf(study: OpenStudy, samples: Samples): PlainForward {
  const also = study.sites.filter((site) => !site.feeds).map((site) => site.id);
  return new PlainForward(study.network, samples, study.batch, also);
}
