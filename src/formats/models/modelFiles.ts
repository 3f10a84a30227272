import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { Failure } from '../../protocol/failure';
import { jsonDepth } from '../jsonDepth';
import { readingFailure } from '../readingFailure';

/** The parts of a TensorFlow.js `model.json` this program reads; both current and legacy files fit. */
export interface ModelJson {
  readonly modelTopology: Record<string, unknown>;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly io.WeightsManifestEntry[];
  }[];
  readonly format?: string | null;
  readonly generatedBy?: string | null;
  readonly convertedBy?: string | null;
}

/** Reads a file that the user named, or says in a sentence why not. */
export async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw readingFailure(file, cause);
  }
}

/**
 * Checks that parsed JSON is a TensorFlow.js model with its weights beside it.
 * @throws Failure naming what is missing
 */
export function asModelJson(json: unknown, file: string): ModelJson {
  const fields = json as Partial<ModelJson> | null;
  const topology: unknown = fields?.modelTopology;
  if (typeof fields !== 'object' || fields === null || typeof topology !== 'object' || topology === null) {
    throw new Failure(
      `${file} is not a TensorFlow.js model: it has no "modelTopology". Choose the model.json that the converter or model.save wrote.`,
      { file },
    );
  }
  const manifest: unknown = fields.weightsManifest;
  if (!Array.isArray(manifest) || !manifest.every(isWeightGroup)) {
    throw new Failure(
      `${file} describes a model but not where its weights are ("weightsManifest" is missing or damaged); save the model again.`,
      { file },
    );
  }
  return fields as ModelJson;
}

function isWeightGroup(group: unknown): boolean {
  const { paths, weights } = (group ?? {}) as Record<string, unknown>;
  return (
    Array.isArray(paths) &&
    paths.every((p) => typeof p === 'string') &&
    Array.isArray(weights) &&
    weights.every((w) => {
      const { name, shape, dtype } = (w ?? {}) as Record<string, unknown>;
      return (
        typeof name === 'string' &&
        typeof dtype === 'string' &&
        Array.isArray(shape) &&
        shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
      );
    })
  );
}

/** The weight files of a model, in manifest order, as absolute paths inside its folder. */
export function shardPaths(model: ModelJson, file: string): string[] {
  const folder = path.dirname(path.resolve(file));
  return model.weightsManifest.flatMap((group) =>
    group.paths.map((name) => {
      const shard = path.resolve(folder, name);
      const inside = path.relative(folder, shard);
      if (inside.startsWith('..') || path.isAbsolute(inside) || /^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
        throw new Failure(
          `${file} names a weight file outside its own folder (${name}); it is not read. Put the weights beside the model.`,
          { file },
        );
      }
      return shard;
    }),
  );
}

/**
 * Reads the weights of a model, group by group, and checks their sizes against the manifest.
 * @throws Failure for a missing, short or long weight file
 */
export async function readWeights(model: ModelJson, file: string): Promise<ArrayBuffer> {
  const shards = shardPaths(model, file);
  refuseTwice(model, file);
  const parts: Buffer[] = [];
  let at = 0;
  for (const group of model.weightsManifest) {
    const files = shards.slice(at, (at += group.paths.length));
    const expected = group.weights.reduce((bytes, weight) => bytes + weightBytes(weight, file), 0);
    const sizes = await Promise.all(files.map((shard) => shardSize(shard, file)));
    const found = sizes.reduce((sum, size) => sum + size, 0);
    const names = files.map((shard) => path.basename(shard)).join(', ');
    if (found < expected) {
      throw new Failure(
        `${names} is cut short: ${file} expects ${expected} bytes of weights, ${found} are there. Copy the model again.`,
        { file },
      );
    }
    if (found > expected) {
      throw new Failure(
        `${names} does not belong to ${file}: it holds ${found} bytes of weights, the model expects ${expected}.`,
        { file },
      );
    }
    for (const shard of files) parts.push(await readNamed(shard));
  }
  const all = Buffer.concat(parts);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength);
}

function refuseTwice({ weightsManifest }: ModelJson, file: string): void {
  const names = new Set<string>();
  for (const { name } of weightsManifest.flatMap(({ weights }) => weights)) {
    if (names.has(name)) {
      throw new Failure(`${file} is damaged: it lists the weight ${name} twice; save the model again.`, {
        file,
      });
    }
    names.add(name);
  }
}

async function shardSize(shard: string, file: string): Promise<number> {
  try {
    return (await stat(shard)).size;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw readingFailure(shard, cause);
    throw new Failure(
      `${path.basename(shard)}, a weight file of ${file}, is missing: copy all files of the model into one folder.`,
      { file, cause },
    );
  }
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

function weightBytes(weight: io.WeightsManifestEntry, file: string): number {
  const dtype = weight.quantization?.dtype ?? weight.dtype;
  const bytes = ELEMENT_BYTES[dtype];
  if (bytes === undefined) {
    throw new Failure(`The weight ${weight.name} of ${file} is of type ${dtype}, which is not read.`, {
      file,
    });
  }
  return weight.shape.reduce((size, axis) => size * axis, 1) * bytes;
}

/** Models within models within models nest less. */
const DEEPEST = 500;

/** Parses a model file's JSON, or says that it is none. */
export function parseJson(bytes: Buffer, file: string): unknown {
  const text = bytes.toString('utf8');
  if (jsonDepth(text) > DEEPEST) {
    throw new Failure(`${file} is not a model: it nests lists or objects more than ${DEEPEST} deep.`, {
      file,
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw notJson(file, cause);
  }
}

/** Says that a model file, which is JSON by its name or its beginning, is none. */
export function notJson(file: string, cause: unknown): Failure {
  return new Failure(`${file} is not a model: it is not valid JSON.`, { file, cause });
}
