import { stratifiedOrder } from '../../core/ablation/rounds';
import type { Control } from '../../core/control';
import type { SampleValues } from '../../core/labelledData';
import { storedValues, suggestedScale } from '../../core/preprocessing/candidates';
import { featureStatistics } from '../../core/preprocessing/featureStatistics';
import { applyTransform, transformOf } from '../../core/preprocessing/transform';
import { seedFrom } from '../../core/random';
import type { ExperimentPlan } from '../../core/training/experiments/plan';
import { readLabelledData, type FileData } from '../../formats/data/readData';
import { hashAll } from '../../formats/hash';
import { Failure } from '../../protocol/failure';
import type { Scale } from '../../protocol/study';
import type { TrainingOptions } from '../../protocol/training';
import { countedFromZero, refuseOneClass } from '../labels';

/** Samples with their classes. */
export interface TrainingSamples {
  /** `[samples, …shape]`, as stored. */
  readonly stored: Float32Array;
  /** The same as the network takes them. */
  readonly scaled: Float32Array;
  readonly labels: Int32Array;
}

/** What an experiment trains and tests on. */
export interface ExperimentData {
  /** Of one sample. */
  readonly shape: readonly number[];
  /** As stored: `uint8`, … */
  readonly dtype: string;
  readonly scale: Scale;
  readonly classes: number;
  /** Names of the classes, where the data gives any. */
  readonly names: readonly string[] | null;
  readonly train: TrainingSamples;
  readonly test: TrainingSamples;
  /** Over all files it was read from. */
  readonly sha256: string;
}

/** Share of the data that is held back where there is none to test on. */
const HELD_BACK = 0.2;

/**
 * Reads what an experiment trains and tests on. Without data to test on a class-stratified fifth, drawn from the seed,
 * is held back.
 * @throws Failure if it cannot be read, or the two do not go together
 */
export async function readExperimentData(
  options: TrainingOptions,
  plan: ExperimentPlan,
  control: Control,
): Promise<ExperimentData> {
  const read = await readLabelledData(options.train);
  await control.breathe();
  const { data, first } = countedFromZero(greatest(read.labels), read);
  const classes = data.label_names?.length ?? greatest(data.labels) + 1;
  const numbers = Array.from({ length: classes }, (_, c) => String(c + first));
  refuseOneClass(data, data.label_names ?? numbers, options.train);
  const test = options.test === null ? null : await readTest(options.test, data, first);
  await control.breathe();

  const order = drawn(data, options);
  const kept = test === null ? Math.round(order.length * (1 - HELD_BACK)) : order.length;
  const trained = order.slice(0, Math.min(kept, plan.samples?.train ?? kept)).sort();
  const others = test === null ? order.slice(kept) : drawn(test, options);
  const tested = others.slice(0, plan.samples?.test).sort();
  if (tested.length === 0) {
    throw new Failure(`${options.train.data} has too few samples to hold any back: choose more data.`);
  }

  const { shape, dtype } = data;
  const stored = await data.read(trained);
  const scale = suggestedScale(await storedValues(data, shape, trained)) ?? 'mean,std';
  const features = await featureStatistics(held(stored, shape, dtype), trained.length);
  const transform = transformOf(scale, features);
  const part = (values: Float32Array, from: FileData, indices: Int32Array): TrainingSamples => {
    const scaled = values.slice();
    applyTransform(scaled, transform);
    return { stored: values, scaled, labels: indices.map((index) => from.labels[index]!) };
  };
  const from = test ?? data;
  return {
    shape,
    dtype,
    scale,
    classes,
    names: data.label_names,
    train: part(stored, data, trained),
    test: part(await from.read(tested), from, tested),
    sha256: await hashAll([...filesOf(read), ...(test === null ? [] : filesOf(test))]),
  };
}

/** The samples of some data in an order of which every stretch is class-stratified. */
function drawn({ labels }: FileData, { seed }: TrainingOptions): Int32Array {
  return stratifiedOrder(labels, seedFrom(seed, 'samples'));
}

/** Reads data to test on, its labels those of the data trained on. */
async function readTest(
  test: NonNullable<TrainingOptions['test']>,
  train: FileData,
  first: 0 | 1,
): Promise<FileData> {
  const read = await readLabelledData(test);
  const file = test.labels ?? test.data;
  if (read.shape.join() !== train.shape.join()) {
    throw new Failure(
      `The samples in ${test.data} are ${read.shape.join('×')}, those to train on ${train.shape.join('×')}: choose test data of the same shape.`,
      { file: test.data },
    );
  }
  const labels = read.labels.map((label) => classOf(label, read, train, first));
  const classes = train.label_names?.length ?? greatest(train.labels) + 1;
  const at = labels.findIndex((label) => label < 0 || label >= classes);
  if (at >= 0) {
    const name = read.label_names?.[read.labels[at]!] ?? String(read.labels[at]);
    throw new Failure(
      `The label ${name} in ${file} is none of the ${classes} classes trained on: choose test data of the same classes.`,
      { file },
    );
  }
  return { ...read, labels, label_names: train.label_names };
}

function classOf(label: number, test: FileData, train: FileData, first: 0 | 1): number {
  const name = test.label_names?.[label];
  return name === undefined ? label - first : (train.label_names?.indexOf(name) ?? -1);
}

/** Values in memory. */
function held(values: Float32Array, shape: readonly number[], dtype: string): SampleValues {
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    shape,
    dtype,
    read: (indices) => {
      const found = new Float32Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) {
        found.set(values.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
      }
      return Promise.resolve(found);
    },
  };
}

function filesOf({ data_file, labels_file }: FileData): string[] {
  return labels_file === null ? [data_file] : [data_file, labels_file];
}

function greatest(labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}
