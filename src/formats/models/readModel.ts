import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../protocol/failure';
import type { Network } from '../../core/network/network';
import { hashFiles } from '../hash';
import { readingFailure } from '../readingFailure';
import { readGraphModel } from './graph/graphModel';
import { readLayersModel } from './layersModel';
import { asModelJson, parseJson, readNamed, shardPaths, type ModelJson } from './modelFiles';

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
}

/**
 * Reads a model file of any known format, told by its content.
 * @throws Failure if there is no such file, it is damaged, its format is not read yet, or it has no such output
 */
export async function readModel(file: string, options: ReadOptions = {}): Promise<ReadModel> {
  await refuseFolder(file);
  const bytes = await readNamed(file);
  refuseOther(bytes, file);
  const json = parseJson(bytes, file);
  const model = asModelJson(json, file);
  const isGraph = isGraphModel(model);
  const network = await (isGraph ? readGraphModel : readLayersModel)(model, file, options.output);
  try {
    const sha256 = await hashFiles([file, ...shardPaths(model, file)]);
    const producer = model.generatedBy ?? model.convertedBy ?? null;
    const format = `TensorFlow.js ${isGraph ? 'graph' : 'layers'} model`;
    return { network, format, producer, sha256 };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

async function refuseFolder(file: string): Promise<void> {
  const stats = await stat(file).catch((cause: unknown) => {
    throw readingFailure(file, cause);
  });
  if (stats.isDirectory()) throw new Failure(`${file} is a folder; choose the model.json in it.`, { file });
}

const CONVERT =
  'convert it with tensorflowjs_converter --input_format=keras --output_format=tfjs_layers_model';

/** Formats that are recognised and not read yet: the first bytes, and what to say. */
const OTHER_FORMATS: readonly {
  readonly magic: readonly number[];
  readonly what: string;
  readonly then: string;
}[] = [
  { magic: [0x89, 0x48, 0x44, 0x46], what: 'a Keras model in HDF5', then: CONVERT },
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a zip file, probably a .keras or PyTorch model', then: CONVERT },
];

function refuseOther(bytes: Buffer, file: string): void {
  const known = OTHER_FORMATS.find(({ magic }) => magic.every((byte, index) => bytes[index] === byte));
  if (known !== undefined) {
    throw new Failure(`${file} is ${known.what}, which this version does not read yet; ${known.then}.`, {
      file,
    });
  }
  const extension = path.extname(file).toLowerCase();
  if (['.tflite', '.onnx', '.pt', '.pth', '.pb'].includes(extension)) {
    throw new Failure(
      `${file}: ${extension} models are not read yet; export the model to TensorFlow.js layers format (model.json).`,
      { file },
    );
  }
}

function isGraphModel(model: ModelJson): boolean {
  return model.format === 'graph-model' || Array.isArray(model.modelTopology['node']);
}
