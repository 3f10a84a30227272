import type { Network } from '../../core/network/network';
import { hashFiles } from '../hash';
import { findModel, type FoundModel } from './findModel';
import { readGraphModel } from './graph/graphModel';
import { readKerasHdf5, readKerasPair, readKerasZip } from './keras/readKeras';
import { readLayersModel } from './layersModel';

/** A model file read into a {@link Network}. */
export interface ReadModel {
  readonly network: Network;
  /** For people: `TensorFlow.js layers model`. */
  readonly format: string;
  readonly producer: string | null;
  /** Over the model file and its weight files. */
  readonly sha256: string;
}

/** Choices in reading a model. */
export interface ReadOptions {
  /** Name or index of the output that names the class; the last softmax-like one when absent. */
  readonly output?: string | undefined;
  /** The topology (JSON) of a file that holds weights only; found beside it when absent. */
  readonly topology?: string | undefined;
}

/** What a reader made of a model's files. */
type Read = Omit<ReadModel, 'sha256'>;

/**
 * Reads a model of any known format, told by its content; a folder stands for the one model in it.
 * @throws Failure if there is no such file, it is damaged, its format is not read, or it has no such output
 */
export async function readModel(file: string, options: ReadOptions = {}): Promise<ReadModel> {
  const found = await findModel(file, options.topology);
  const read = await readFound(found, options.output);
  try {
    return { ...read, sha256: await hashFiles(found.files) };
  } catch (error) {
    read.network.dispose();
    throw error;
  }
}

async function readFound(found: FoundModel, output: string | undefined): Promise<Read> {
  const { file, json, pair } = found;
  if (json !== undefined) {
    const isGraph = found.format === 'tfjs-graph';
    const read = isGraph ? readGraphModel : readLayersModel;
    const producer = json.generatedBy ?? json.convertedBy ?? null;
    const format = isGraph ? 'TensorFlow.js graph model' : 'TensorFlow.js layers model';
    return { network: await read(json, file, output), format, producer };
  }
  if (pair !== undefined) {
    return {
      ...(await readKerasPair(pair, file, output)),
      format: 'Keras weights and topology (HDF5, JSON)',
    };
  }
  if (found.format === 'keras-h5') {
    return { ...(await readKerasHdf5(file, output)), format: 'Keras model (HDF5)' };
  }
  return { ...(await readKerasZip(file, output)), format: 'Keras model (.keras)' };
}
