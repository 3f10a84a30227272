import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PlannedLine, PlannedNetwork } from '../../core/training/experiments/plan';
import { npyBytes } from '../../formats/data/writeNpy';
import { writeLayersModel } from '../../formats/models/writeLayersModel';
import type { Scale, SpecFile } from '../../protocol/study';
import { writeAtomically } from '../../runs/atomicFile';
import { writeFailure } from '../../runs/fileErrors';
import type { ExperimentData, TrainingSamples } from './experimentData';

/** What is known of a trained network before it is measured: `training.json` beside it. */
export interface TrainedModel {
  readonly epochs: number;
  readonly train_accuracy: number;
  /** Cross-entropy, nats. */
  readonly train_loss: number;
  readonly test_accuracy: number;
  readonly test_loss: number;
}

/** Where the files of a line's network are, from the experiment's directory, with `/`. */
export function networkPaths(
  network: PlannedNetwork,
  line: PlannedLine,
): { readonly model: string; readonly labels: string; readonly trained: string } {
  const folder = `networks/${line.epoch === null ? network.name : line.name}`;
  return {
    model: `${folder}/model.json`,
    labels: `${folder}/labels.npy`,
    trained: `${folder}/training.json`,
  };
}

/** The samples that are trained on, from the experiment's directory. */
export const TRAIN_DATA = 'data/train.npy';

/** Leaves what is trained and tested on in the experiment's directory, where it is not there yet. */
export async function writeExperimentData(directory: string, data: ExperimentData): Promise<void> {
  const folder = path.join(directory, 'data');
  await makeFolder(folder);
  const write = async (name: string, content: () => Uint8Array | string): Promise<void> => {
    const file = path.join(folder, name);
    if (!existsSync(file)) await writeAtomically(file, content());
  };
  for (const [name, part] of Object.entries({ train: data.train, test: data.test })) {
    await write(`${name}.npy`, () => storedBytes(part, data));
    await write(`${name}_labels.npy`, () => labelBytes(part.labels));
  }
  if (data.names !== null) await write('class_names.txt', () => `${data.names!.join('\n')}\n`);
}

function storedBytes({ stored, labels }: TrainingSamples, { shape, dtype }: ExperimentData): Uint8Array {
  const values = dtype === 'uint8' ? Uint8Array.from(stored) : stored;
  return npyBytes({ shape: [labels.length, ...shape], values });
}

function labelBytes(labels: Int32Array): Uint8Array {
  return npyBytes({ shape: [labels.length], values: labels });
}

/**
 * Leaves a trained network in the experiment's directory: the model, the labels it learned, a spec that names both
 * (so that it can be analyzed like any other), and last `training.json`, which says that it is whole.
 */
export async function writeNetwork(
  directory: string,
  paths: ReturnType<typeof networkPaths>,
  model: LayersModel,
  labels: Int32Array,
  { scale, seed }: { readonly scale: Scale; readonly seed: number },
  trained: TrainedModel,
): Promise<void> {
  const file = path.join(directory, paths.model);
  await writeLayersModel(model, path.dirname(file)).catch((error: unknown) => {
    throw writeFailure(error, file);
  });
  await writeAtomically(path.join(directory, paths.labels), labelBytes(labels));
  const spec: SpecFile = { data: `../../${TRAIN_DATA}`, labels: 'labels.npy', scale, operator: 'zero', seed };
  await writeAtomically(`${file}.neuron-deletion.json`, `${JSON.stringify(spec, null, 2)}\n`);
  await writeAtomically(path.join(directory, paths.trained), `${JSON.stringify(trained, null, 2)}\n`);
}

/** What is known of a network that was trained before; null where it was not, or not to its end. */
export async function readTrained(
  directory: string,
  paths: ReturnType<typeof networkPaths>,
): Promise<TrainedModel | null> {
  const file = path.join(directory, paths.trained);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TrainedModel;
  } catch {
    // Damaged: it is trained again.
    return null;
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, folder);
  });
}
