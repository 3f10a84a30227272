import { resampleClamp } from '../core/ablation/operators/resample';
import type { Clamp } from '../core/ablation/clamp';
import { PlainForward } from '../core/ablation/plainForward';
import { stratifiedOrder } from '../core/ablation/rounds';
import { samplesFor, type Samples } from '../core/samples';
import type { FileData } from '../formats/data/readData';
import { hashAll, hashData } from '../formats/hash';
import type { CurveOptions } from '../protocol/curves';
import type { Scale, StudySpec } from '../protocol/study';
import { classify } from './classes';
import { readStudyData, type OpenStudy } from './openStudy';

/** Data beside a study's own, fitted to its network. */
export interface BesideData {
  readonly data: FileData;
  readonly data_sha256: string;
  readonly labels_sha256: string | null;
  readonly samples: Samples;
  readonly forward: PlainForward;
  /** Class-stratified, as many as the study takes. */
  readonly indices: Int32Array;
}

/**
 * Reads the data that a network was trained on, to be measured beside a study's.
 * @param scale that of the study
 * @throws Failure if it cannot be read or does not fit the network
 */
export async function readTrainingData(
  study: OpenStudy,
  spec: StudySpec,
  train: NonNullable<CurveOptions['train']>,
  scale: Scale,
): Promise<BesideData> {
  const { network } = study;
  const { labels: _labels, inputs: _inputs, ...choices } = spec;
  const read = await readStudyData(network, { ...choices, ...train });
  const { data } = await classify(network.head.classes, read, { ...choices, ...train }, spec.model);
  const samples = samplesFor(network, data, scale, train.data, study.data);
  const order = stratifiedOrder(data.labels, spec.seed);
  return {
    data,
    data_sha256: await hashAll([data.data_file, ...(data.more_files ?? [])]),
    labels_sha256: data.labels_file === null ? null : await hashData(data.labels_file),
    samples,
    forward: new PlainForward(network, samples, study.batch),
    indices: order.slice(0, spec.samples ?? order.length),
  };
}

/** What a study's clamps are on other data: the same constants, but donors from there. */
export function clampsOn(clamps: readonly Clamp[], indices: Int32Array, seed: number): Clamp[] {
  return clamps.map((clamp) => (clamp.kind === 'donors' ? resampleClamp(indices, seed, clamp.draws) : clamp));
}
