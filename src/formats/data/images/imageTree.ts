import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Failure } from '../../../protocol/failure';
import { readingFailure } from '../../readingFailure';
import { readName, type NameParts } from '../names';

/** A folder, as far as it concerns pictures. Hidden entries and links are left out. */
export interface ImageTree {
  readonly path: string;
  /** Names of the pictures right in it, in order. */
  readonly images: readonly string[];
  /** Names of other files. */
  readonly others: readonly string[];
  readonly folders: readonly ImageTree[];
}

/** One set of pictures in a tree. */
export interface ImageSet {
  readonly folder: ImageTree;
  /** Of each picture the path from `folder`, with `/`. */
  readonly images: readonly string[];
  /** The class of each picture where sub-folders are classes; `names` are theirs, in Keras' order. */
  readonly classes: { readonly labels: Int32Array; readonly names: readonly string[] } | null;
}

/** Pictures by extension; which of them are read is told by content. */
const EXTENSIONS = new Set(
  '.png .jpg .jpeg .jpe .jfif .bmp .dib .gif .tif .tiff .webp .avif .heic'.split(' '),
);
const DEEPEST = 6;
const MOST_FOLDERS = 100_000;
const SPLIT_ORDER: readonly NameParts['split'][] = ['test', 'validation', 'train'];

/**
 * Lists a folder and what is below it, names in code point order, as Python sorts.
 * @throws Failure when it cannot be read
 */
export async function listImages(path: string): Promise<ImageTree> {
  let folders = 0;
  const list = async (folder: string, depth: number): Promise<ImageTree> => {
    if (++folders > MOST_FOLDERS) throw new Failure(`${path} has too many folders in it.`, { file: path });
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw readingFailure(folder, cause);
    });
    const shown = entries.filter(({ name }) => !name.startsWith('.') && name !== '__MACOSX');
    const files = shown.filter((entry) => entry.isFile()).map(({ name }) => name);
    const below: ImageTree[] = [];
    for (const name of inOrder(shown.filter((entry) => entry.isDirectory()).map((entry) => entry.name))) {
      if (depth < DEEPEST) below.push(await list(join(folder, name), depth + 1));
    }
    return {
      path: folder,
      images: inOrder(files.filter((name) => EXTENSIONS.has(extname(name).toLowerCase()))),
      others: inOrder(files.filter((name) => !EXTENSIONS.has(extname(name).toLowerCase()))),
      folders: below,
    };
  };
  return list(path, 0);
}

/** All pictures below a folder: paths from it, with `/`. */
export function allImages(tree: ImageTree): string[] {
  const below = tree.folders.map((folder) =>
    allImages(folder).map((name) => `${basename(folder.path)}/${name}`),
  );
  return [...tree.images, ...below.flat()];
}

/**
 * The sets of pictures that a folder holds, best first: its splits (`test`, `val`, `train`) where it has such, its
 * sub-folders as classes, or the pictures right in it. A sub-folder of other files is no class; an empty one is.
 */
export function imageSets(tree: ImageTree): ImageSet[] {
  const filled = tree.folders.filter(hasImages);
  const splits = filled.filter((folder) => splitOf(folder) !== null);
  if (splits.length > 0 && splits.length === filled.length) {
    return splits
      .sort((a, b) => SPLIT_ORDER.indexOf(splitOf(a)) - SPLIT_ORDER.indexOf(splitOf(b)))
      .flatMap(imageSets);
  }
  const [only] = filled;
  if (only === undefined || (filled.length === 1 && tree.images.length > 0)) {
    return tree.images.length === 0 ? [] : [{ folder: tree, images: tree.images, classes: null }];
  }
  if (filled.length === 1 && (only.folders.some(hasImages) || tree.folders.length === 1))
    return imageSets(only);
  const classes = tree.folders.filter((folder) => hasImages(folder) || isEmpty(folder));
  const names = classes.map(({ path }) => basename(path));
  const images = classes.map((folder, c) => allImages(folder).map((image) => `${names[c] ?? ''}/${image}`));
  const labels = Int32Array.from(images.flatMap((list, c) => list.map(() => c)));
  return [{ folder: tree, images: images.flat(), classes: { labels, names } }];
}

/** Sorted by code point. */
export function inOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function hasImages(tree: ImageTree): boolean {
  return tree.images.length > 0 || tree.folders.some(hasImages);
}

function isEmpty(tree: ImageTree): boolean {
  return tree.others.length === 0 && tree.images.length === 0 && tree.folders.every(isEmpty);
}

/** A split, where the folder's name says that and nothing more: `test`, `train_images`. */
function splitOf({ path }: ImageTree): NameParts['split'] {
  const { split, stem } = readName(basename(path));
  return stem.includes(' ') ? null : split;
}
