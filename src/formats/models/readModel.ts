import type { Network } from '../../core/network/network';
import { withKnown } from '../../core/network/refusal';
import { hashFiles } from '../hash';
import { findModel, type FoundModel } from './findModel';
import { formatName } from './formatNames';
import { readGraphModel } from './graph/graphModel';
import { listedNodes } from './graph/listedNodes';
import { listedLayers } from './keras/rawLayers';
import { readKerasHdf5, readKerasPair, readKerasZip } from './keras/readKeras';
import { readLayersModel } from './layersModel';
import type { ModelJson } from './modelFiles';

/** A model file read into a {@link Network}. */
export interface ReadModel {
  /** The file that stands for it. */
  readonly file: string;
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
type Read = Pick<ReadModel, 'network' | 'producer'>;

/**
 * Reads a model of any known format, told by its content; a folder stands for the one model in it.
 * @throws Failure if there is no such file, it is damaged, its format is not read, or it has no such output
 */
export async function readModel(file: string, options: ReadOptions = {}): Promise<ReadModel> {
  const found = await findModel(file, options.topology);
  const format = formatName(found.format);
  const read = await readFound(found, options.output).catch((error: unknown) => {
    throw withKnown(error, { format });
  });
  try {
    return { ...read, file: found.file, format, sha256: await hashFiles(found.files) };
  } catch (error) {
    read.network.dispose();
    throw error;
  }
}

function readFound(found: FoundModel, output: string | undefined): Promise<Read> {
  const { file, json, pair } = found;
  if (json !== undefined) return readTfjs(json, found, output);
  if (pair !== undefined) return readKerasPair(pair, file, output);
  return found.format === 'keras-h5' ? readKerasHdf5(file, output) : readKerasZip(file, output);
}

async function readTfjs(
  json: ModelJson,
  { file, format }: FoundModel,
  output: string | undefined,
): Promise<Read> {
  const producer = json.generatedBy ?? json.convertedBy ?? null;
  const isGraph = format === 'tfjs-graph';
  try {
    const read = isGraph ? readGraphModel : readLayersModel;
    return { network: await read(json, file, output), producer };
  } catch (error) {
    const { modelTopology: topology } = json;
    const layers = isGraph ? listedNodes(topology) : listedLayers(topology['model_config'] ?? topology);
    throw withKnown(error, { producer, layers });
  }
}
