import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { readStart } from '../data/bytes';
import { isZip, openZip } from '../zip';
import { isHdf5, openHdf5, type Hdf5File } from '../hdf5/hdf5File';
import { readingFailure } from '../readingFailure';
import { foreignFormat } from './foreignFormats';
import { isStoredLayout, legacyGroup } from './keras/hdf5Layouts';
import { notJson, parseJson, readNamed } from './modelFiles';

/** What a model file is, told by its content. */
export type ModelFormat =
  /** TensorFlow.js layers model: a JSON with the topology, weight shards beside it. */
  | 'tfjs-layers'
  /** TensorFlow.js graph model. */
  | 'tfjs-graph'
  /** Keras 1 to 3: HDF5 with `model_config` and weights. */
  | 'keras-h5'
  /** Keras weights in HDF5, whose topology is a JSON file of its own. */
  | 'keras-weights'
  /** Keras topology in JSON, whose weights are an HDF5 file beside it. */
  | 'keras-topology'
  /** Keras 2.13+ and 3: a zip of config.json, metadata.json and model.weights.h5. */
  | 'keras-zip'
  /** Recognised, answered with how to convert them. */
  | 'saved-model'
  | 'frozen-graph'
  | 'tflite'
  | 'onnx'
  | 'pytorch'
  | 'pickle'
  | 'safetensors';

/** Descriptions of models are smaller (bytes). */
const LARGEST_JSON = 2 ** 28;

/**
 * Tells what a model file is by its content, whatever its name; a folder is a SavedModel or nothing.
 * @returns null where it is no model
 * @throws Failure when it is missing or damaged
 */
export async function detectModelFormat(file: string): Promise<ModelFormat | null> {
  const stats = await stat(file).catch((cause: unknown) => {
    throw readingFailure(file, cause);
  });
  if (stats.isDirectory()) {
    const isSaved = await Promise.all(
      ['saved_model.pb', 'saved_model.pbtxt'].map((name) =>
        stat(`${file}/${name}`).then(Boolean, () => false),
      ),
    );
    return isSaved.includes(true) ? 'saved-model' : null;
  }
  if (!stats.isFile()) throw new Failure(`${file} is not a file.`, { file });
  const start = await readStart(file, 1 << 12);
  if (isHdf5(start)) return kerasInHdf5(file);
  if (isZip(start)) return inZip(file);
  const foreign = foreignFormat(start, stats.size, basename(file));
  if (foreign !== null) return foreign;
  if (!looksLikeJson(start)) return null;
  return formatOfJson(await readJson(file));
}

/** Reads a JSON file of bounded size. */
export async function readJson(file: string): Promise<unknown> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw readingFailure(file, cause);
  });
  if (size > LARGEST_JSON) {
    throw new Failure(`${file} is not a model: a description is never as large as ${size} bytes.`, { file });
  }
  return parseJson(await readNamed(file), file);
}

/** What the parsed JSON of a file describes; null: no model. */
export function formatOfJson(json: unknown): ModelFormat | null {
  if (typeof json !== 'object' || json === null) return null;
  const { modelTopology, format, weightsManifest, model_config, class_name, config } = json as Record<
    string,
    unknown
  >;
  const hasTopology = typeof modelTopology === 'object' && modelTopology !== null;
  if (hasTopology || weightsManifest !== undefined) {
    const isGraph = format === 'graph-model' || (hasTopology && 'node' in modelTopology);
    return isGraph ? 'tfjs-graph' : 'tfjs-layers';
  }
  if (typeof model_config === 'object' && model_config !== null) return 'keras-topology';
  return typeof class_name === 'string' && typeof config === 'object' ? 'keras-topology' : null;
}

/** Does a JSON file that begins so describe a model? For lists of files; {@link formatOfJson} tells for sure. */
export function describesModel(start: Uint8Array): boolean {
  const tfjs = '"(modelTopology|weightsManifest|model_config)"\\s*:|"format"\\s*:\\s*"(layers|graph)-model"';
  const keras = '"class_name"\\s*:\\s*"(Sequential|Functional|Model)"';
  return looksLikeJson(start) && new RegExp(`${tfjs}|${keras}`).test(Buffer.from(start).toString('utf8'));
}

function looksLikeJson(start: Uint8Array): boolean {
  return /^\ufeff?\s*\{/.test(Buffer.from(start).toString('utf8'));
}

async function kerasInHdf5(file: string): Promise<ModelFormat | null> {
  const h5 = await openHdf5(file);
  try {
    return formatInHdf5(h5);
  } finally {
    h5.close();
  }
}

/** What an HDF5 file is; null: no model. */
export function formatInHdf5(h5: Hdf5File): ModelFormat | null {
  if (h5.attribute('', 'model_config') !== null) return 'keras-h5';
  return legacyGroup(h5) !== null || isStoredLayout(h5) ? 'keras-weights' : null;
}

async function inZip(file: string): Promise<ModelFormat | null> {
  const entries = await openZip(file).catch((cause: unknown) => {
    throw /\.json$/i.test(file) ? notJson(file, cause) : cause;
  });
  const names = new Set(entries.map(({ name }) => name.replaceAll('\\', '/')));
  if (names.has('config.json') && names.has('model.weights.h5')) return 'keras-zip';
  return [...names].some((name) => /(^|\/)data\.pkl$/.test(name)) ? 'pytorch' : null;
}
