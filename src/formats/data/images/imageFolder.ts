import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../../protocol/failure';
import type { DataCandidate } from '../../../protocol/study';
import { readingFailure } from '../../readingFailure';
import type { DataReader, LabelledSamples, ReadingChoices, WantedInput } from '../dataReader';
import { openEncodedImages } from '../encodedImages';
import { classCounts, type LabelSet } from '../labels';
import { readName } from '../names';
import { allImages, imageSets, listImages, type ImageSet, type ImageTree } from './imageTree';
import { labelsByPattern } from './labelPattern';
import { matchKeys, type KeyedLabels } from './labelsFile';

/** Reads the labels of a file that names the pictures they belong to. */
export type LabelsReader = (file: string, choices: ReadingChoices) => Promise<LabelSet>;

/** Pictures with a class each. */
interface LabelledSet extends KeyedLabels {
  /** The folder that paths of `images` begin at. */
  readonly folder: string;
  readonly labelSet: LabelSet;
}

/** A packed picture larger than this (bytes) is not read. */
const LARGEST = 2 ** 28;
/** Up to so many files are tried that may hold labels. */
const MOST_LABEL_FILES = 20;
/** A larger file (bytes) has to be chosen to be read for labels. */
const LARGEST_LABEL_FILE = 2 ** 26;
const TABLE = /\.(csv|tsv|txt|json|jsonl|ndjson)$/i;
const LABEL_FILE = /label|annotation|metadata|class|target|truth|index|list|train|test|val/i;

/**
 * Reads folders of pictures. A class is, in this order: what `label_pattern` finds in a file's name; what labels that
 * are given say of it; its sub-folder; what a file of labels says that lies in the folder or beside it.
 *
 * @param readLabels reads a file of labels
 */
export function imageFolderReader(readLabels: LabelsReader): DataReader {
  return {
    async inspect({ file }, wanted) {
      const tree = await listImages(file);
      const candidates: DataCandidate[] = [];
      let problem: Failure | undefined;
      for (const set of imageSets(tree)) {
        for await (const found of labelledSets(set, tree, {}, readLabels)) {
          try {
            candidates.push(await candidateOf(found, wanted));
          } catch (failure) {
            if (!(failure instanceof Failure)) throw failure;
            problem ??= failure;
          }
        }
      }
      if (candidates.length === 0) throw problem ?? unlabelled(tree);
      return candidates;
    },

    async open({ file, array }, given, choices, wanted) {
      if (array !== null) throw new Failure(`There is no ${file}#${array}.`, { file });
      return openSet(await chosenSet(file, given, choices, readLabels), choices, wanted);
    },

    labels: ({ file }) =>
      Promise.reject(new Failure(`${file} is a folder: choose the file of the labels in it.`, { file })),
  };
}

async function chosenSet(
  file: string,
  given: LabelSet | null,
  choices: ReadingChoices,
  readLabels: LabelsReader,
): Promise<LabelledSet> {
  const tree = await listImages(file);
  const images = allImages(tree);
  if (images.length === 0) throw unlabelled(tree);
  if (choices.label_pattern !== undefined) {
    const found = labelsByPattern(images, choices.label_pattern, file);
    return {
      ...found,
      folder: file,
      labelSet: { file, title: file, labels: found.labels, names: found.names },
    };
  }
  if (given !== null) return { ...matchKeys(images, given, file), folder: file, labelSet: given };
  for (const set of imageSets(tree)) {
    for await (const found of labelledSets(set, tree, choices, readLabels)) return found;
  }
  throw unlabelled(tree);
}

/** All ways to label a set of pictures without being told. */
async function* labelledSets(
  { folder, images, classes }: ImageSet,
  tree: ImageTree,
  choices: ReadingChoices,
  readLabels: LabelsReader,
): AsyncGenerator<LabelledSet> {
  const file = folder.path;
  if (classes !== null) {
    yield { folder: file, images, ...classes, labelSet: { file, title: file, ...classes } };
    return;
  }
  const found: LabelledSet[] = [];
  for (const path of await labelFiles(folder, tree)) {
    const size = await stat(path).then(
      (stats) => stats.size,
      () => Infinity,
    );
    if (size > LARGEST_LABEL_FILE) continue;
    try {
      const labelSet = await readLabels(path, choices);
      if (labelSet.keys !== undefined)
        found.push({ ...matchKeys(images, labelSet, file), folder: file, labelSet });
    } catch (failure) {
      // Most such files are something else.
      if (!(failure instanceof Failure)) throw failure;
    }
  }
  yield* found.sort((a, b) => b.images.length - a.images.length);
}

/** Files that may say what pictures show: in their folder, in the one that was chosen, and beside it. */
async function labelFiles(folder: ImageTree, tree: ImageTree): Promise<string[]> {
  const places = new Map<string, readonly string[]>([[folder.path, folder.others]]);
  places.set(tree.path, tree.others);
  const beside = dirname(folder.path);
  if (!places.has(beside)) places.set(beside, await namesIn(beside));
  const split = readName(basename(folder.path)).split;
  const files = [...places].flatMap(([place, names]) =>
    names
      .filter((name) => TABLE.test(name))
      .filter((name) => place !== beside || LABEL_FILE.test(name))
      .filter((name) => split === null || [null, split].includes(readName(name.replace(TABLE, '')).split))
      .map((name) => join(place, name)),
  );
  const rank = (path: string): number => (LABEL_FILE.test(basename(path)) ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_LABEL_FILES);
}

/** Names of files in a folder that is not ours to complain about. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
}

async function candidateOf(set: LabelledSet, wanted: WantedInput | null): Promise<DataCandidate> {
  const { data, labels } = await openSet(set, {}, wanted);
  return {
    data: set.folder,
    ...(labels.file === set.folder ? {} : { labels: labels.file }),
    samples: data.samples,
    shape: data.shape,
    dtype: data.dtype,
    class_counts: classCounts({ labels: data.labels, names: data.label_names }),
  };
}

async function openSet(
  { folder, images, labels, names, labelSet }: LabelledSet,
  choices: ReadingChoices,
  wanted: WantedInput | null,
): Promise<LabelledSamples> {
  const decoded = await openEncodedImages(
    {
      file: folder,
      samples: images.length,
      title: (index) => join(folder, images[index] ?? ''),
      load: (indices) =>
        Promise.all(Array.from(indices, (index) => readImage(join(folder, images[index] ?? '')))),
    },
    wanted,
    choices.resize,
  );
  const data = { ...decoded, samples: images.length, labels, label_names: names };
  return { data, file: folder, labels: { ...labelSet, labels, names } };
}

async function readImage(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST)
      throw new Failure(`${path} is too large for a picture: ${size} bytes.`, { file: path });
    return await readFile(path);
  } catch (cause) {
    throw readingFailure(path, cause);
  }
}

function unlabelled(tree: ImageTree): Failure {
  const { path } = tree;
  const images = allImages(tree);
  if (images.length === 0) {
    return new Failure(`${path} holds no pictures (PNG, JPEG or BMP; links are not followed).`, {
      file: path,
    });
  }
  return new Failure(
    `What the ${images.length} pictures in ${path} show is not known: put them into one sub-folder for each class, ` +
      'or beside them a file labels.csv with their names and labels, or give a label pattern (such as ^([a-z]+)_ for ' +
      'cat_01.png).',
    { file: path },
  );
}
