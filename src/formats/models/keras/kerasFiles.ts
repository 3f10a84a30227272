import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { detectModelFormat, type ModelFormat } from '../modelFormat';

/** A Keras model whose weights and topology are two files. */
export interface KerasPair {
  readonly weights: string;
  readonly topology: string;
}

/** Files of a folder that are looked into. */
const MOST_FILES = 200;

/**
 * Finds the other file of a model that is two.
 * @param format what `file` is: the weights or the topology
 * @param topology the topology that the user named, for weights
 * @throws Failure when there is none, or more than one could be it
 */
export async function kerasPair(
  file: string,
  format: 'keras-weights' | 'keras-topology',
  topology?: string,
): Promise<KerasPair> {
  if (format === 'keras-topology') {
    const weights = await findBeside(file, 'keras-weights', /\.(h5|hdf5|keras)$/i, weightsRank(file));
    if (weights !== null) return { weights, topology: file };
    throw new Failure(
      `${file} describes a Keras model without its weights; put its weights (.h5) into the same folder.`,
      { file },
    );
  }
  if (topology !== undefined) {
    const named = resolve(dirname(file), topology);
    if ((await detectModelFormat(named)) === 'keras-topology') return { weights: file, topology: named };
    throw new Failure(`${named} is not the topology of a Keras model, as model.to_json() writes it.`, {
      file: named,
    });
  }
  const found = await findBeside(file, 'keras-topology', /\.json$/i, topologyRank(file));
  if (found !== null) return { weights: file, topology: found };
  throw new Failure(
    `${file} holds the weights of a Keras model without its layers; save the whole model, or put what model.to_json() gives beside it as topology.json.`,
    { file },
  );
}

/** How likely a name is, the lower the likelier. */
type Rank = (name: string) => number;

async function findBeside(
  file: string,
  format: ModelFormat,
  names: RegExp,
  rank: Rank,
): Promise<string | null> {
  const folder = dirname(resolve(file));
  const listed = (await readdir(folder)).filter((name) => names.test(name) && name !== basename(file));
  const sorted = listed.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, MOST_FILES);
  const found: string[] = [];
  for (const name of sorted) {
    const path = join(folder, name);
    if (
      !(await stat(path).then(
        (stats) => stats.isFile(),
        () => false,
      ))
    )
      continue;
    const is = await detectModelFormat(path).catch((error: unknown) => {
      if (error instanceof Failure) return null;
      throw error;
    });
    if (is === format) found.push(name);
  }
  const [first, second] = found;
  if (first === undefined) return null;
  if (second !== undefined && rank(first) === rank(second)) {
    throw new Failure(
      `${file} could belong to ${found.join(' or ')}: name the two files alike, or leave only one there.`,
      { file },
    );
  }
  return join(folder, first);
}

/** A file's name without its endings and what it says of its role. */
function stem(name: string): string {
  return basename(name)
    .replace(/\.(h5|hdf5|keras|json)$/i, '')
    .replace(/[._-]?(weights|config|topology|architecture|model)$/i, '')
    .toLowerCase();
}

function topologyRank(weights: string): Rank {
  const usual = ['topology.json', 'model.json', 'config.json', 'architecture.json'];
  return (name) => {
    if (stem(name) === stem(weights) && stem(name) !== '') return 0;
    const at = usual.indexOf(name.toLowerCase());
    return at >= 0 ? 1 + at : usual.length + 1;
  };
}

function weightsRank(topology: string): Rank {
  return (name) => {
    if (stem(name) === stem(topology) && stem(name) !== '') return 0;
    return /weights/i.test(name) ? 1 : 2;
  };
}
