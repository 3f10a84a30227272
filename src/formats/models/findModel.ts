import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../protocol/failure';
import { hashFiles } from '../hash';
import { readingFailure } from '../readingFailure';
import { conversionAdvice } from './foreignFormats';
import { kerasPair, type KerasPair } from './keras/kerasFiles';
import { asModelJson, shardPaths, type ModelJson } from './modelFiles';
import { detectModelFormat, readJson, type ModelFormat } from './modelFormat';

/** A model's files, found and told apart, not yet read. */
export interface FoundModel {
  /** The file that stands for the model. */
  readonly file: string;
  readonly format: ModelFormat;
  /** All its files, itself first: what its hash is made over. */
  readonly files: readonly string[];
  /** Of TensorFlow.js. */
  readonly json?: ModelJson;
  /** Of Keras, where weights and topology are two files. */
  readonly pair?: KerasPair;
}

/** Files of a folder that are looked into for a model. */
const MOST_FILES = 200;

/**
 * Finds the model that a path stands for, by content: a file, or a folder with one model in it.
 * @param topology of weights alone, as the user named it; found beside them when absent
 * @throws Failure when there is none, or it is of a format that is not read: then with how to convert it
 */
export async function findModel(named: string, topology?: string): Promise<FoundModel> {
  const { file, format } = await formatOf(named);
  const advice = conversionAdvice(file, format);
  if (advice !== null) throw advice;
  switch (format) {
    case 'tfjs-layers':
    case 'tfjs-graph': {
      const json = asModelJson(await readJson(file), file);
      return { file, format, files: [file, ...shardPaths(json, file)], json };
    }
    case 'keras-weights':
    case 'keras-topology': {
      const pair = await kerasPair(file, format, topology);
      return {
        file,
        format,
        files: format === 'keras-weights' ? [pair.weights, pair.topology] : [pair.topology, pair.weights],
        pair,
      };
    }
    default:
      return { file, format, files: [file] };
  }
}

/**
 * All files that a model stands for, itself first.
 * @throws Failure if it is not a model
 */
export async function modelFiles(file: string, topology?: string): Promise<readonly string[]> {
  return (await findModel(file, topology)).files;
}

/**
 * The sha256 over all files of a model.
 * @throws Failure if it is not a model, or a file is missing
 */
export async function hashModel(file: string, topology?: string): Promise<string> {
  return hashFiles(await modelFiles(file, topology));
}

async function formatOf(named: string): Promise<{ readonly file: string; readonly format: ModelFormat }> {
  const format = await detectModelFormat(named);
  if (format !== null) return { file: named, format };
  if ((await stat(named)).isDirectory()) return inFolder(named);
  throw new Failure(
    `${named} is not a model that is read: choose a model.json of TensorFlow.js, or a .keras or .h5 file of Keras.`,
    { file: named },
  );
}

/** The one model in a folder; weights and topology of one model count once. */
async function inFolder(folder: string): Promise<{ readonly file: string; readonly format: ModelFormat }> {
  const listed = await readdir(folder).catch((cause: unknown) => {
    throw readingFailure(folder, cause);
  });
  const found: { file: string; format: ModelFormat }[] = [];
  for (const name of listed.sort().slice(0, MOST_FILES)) {
    const file = join(folder, name);
    const isFile = await stat(file).then(
      (stats) => stats.isFile(),
      () => false,
    );
    const format = isFile ? await formatOrNull(file) : null;
    if (format !== null) found.push({ file, format });
  }
  const hasWeights = found.some(({ format }) => format === 'keras-weights');
  const models = found.filter(({ format }) => !(hasWeights && format === 'keras-topology'));
  const [first, second] = models;
  if (first === undefined) {
    throw new Failure(`${folder} is a folder without a model in it; choose the model's file.`, {
      file: folder,
    });
  }
  if (second !== undefined) {
    const names = models.slice(0, 5).map(({ file }) => basename(file));
    throw new Failure(`${folder} is a folder with several models in it: choose one of ${names.join(', ')}.`, {
      file: folder,
    });
  }
  return first;
}

async function formatOrNull(file: string): Promise<ModelFormat | null> {
  try {
    return await detectModelFormat(file);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
