import { dirname, extname } from 'node:path';
import { readStart } from '../formats/data/bytes';
import { describesModel } from '../formats/models/modelFormat';
import { isHdf5 } from '../formats/hdf5/hdf5File';

/** What a file holds of a model: all that is needed, or of a Keras model in two files the one or the other. */
export type ModelPart = 'whole' | 'weights' | 'topology';

/** A file with its part in a model. */
export interface ModelFile {
  readonly path: string;
  readonly part: ModelPart;
}

const JSON_START = 4096;
/** Keras writes its marks first; a file has these bytes read at most. */
const HDF5_START = 1 << 18;
const WEIGHT_MARKS = ['layer_names', 'model_weights', '_layer_checkpoint_dependencies', 'layers\0'];

/** What of a model a file seems to hold, by its beginning; null: nothing. The engine tells for sure. */
export async function looksLikeModel(path: string): Promise<ModelPart | null> {
  try {
    if (extname(path).toLowerCase() === '.json') return partInJson(await readStart(path, JSON_START));
    return partInBinary(await readStart(path, HDF5_START));
  } catch {
    return null;
  }
}

/**
 * The files that stand for a model each: of weights and topology beside each other only the weights, and neither
 * where the other is missing.
 */
export function standingForModels(files: readonly ModelFile[]): string[] {
  const described = new Set(files.filter(({ part }) => part === 'topology').map(({ path }) => dirname(path)));
  return files
    .filter(({ path, part }) => part === 'whole' || (part === 'weights' && described.has(dirname(path))))
    .map(({ path }) => path);
}

function partInJson(start: Uint8Array): ModelPart | null {
  if (!describesModel(start)) return null;
  const isWhole = /"(modelTopology|weightsManifest)"\s*:|"format"\s*:\s*"(layers|graph)-model"/;
  return isWhole.test(Buffer.from(start).toString('utf8')) ? 'whole' : 'topology';
}

function partInBinary(start: Uint8Array): ModelPart | null {
  // A zip: the container of Keras 3.
  if (start[0] === 0x50 && start[1] === 0x4b) return 'whole';
  if (!isHdf5(start)) return null;
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.includes('model_config')) return 'whole';
  return WEIGHT_MARKS.some((mark) => bytes.includes(mark)) ? 'weights' : null;
}
