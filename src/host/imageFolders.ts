import { basename, dirname, join } from 'node:path';
import { readName } from '../formats/data/names';
import { isIgnoredName } from './searchRules';

/** Names of the folders in a folder, hidden ones left out; null where they are too many to look at. */
export type FoldersIn = (folder: string) => Promise<readonly string[] | null>;

/** What a search of the workspace brought. */
export interface FoundFiles {
  /** Paths of pictures; not all of them where `complete` is false. */
  readonly images: readonly string[];
  readonly complete: boolean;
  /** Paths of tables that may hold the labels of pictures. */
  readonly tables: readonly string[];
  /** The workspace folders: nothing above them is looked at. */
  readonly roots: readonly string[];
}

/** Folders that are offered for a look. */
const MOST_FOLDERS = 200;
/** A folder of more sets than this has classes in them, not splits. */
const MOST_SPLITS = 3;

/**
 * Folders that may hold labelled pictures: those with a sub-folder for each class, and those with a table of labels in
 * them or beside them.
 */
export async function imageFolders(found: FoundFiles, foldersIn: FoldersIn): Promise<string[]> {
  const { images, complete, tables, roots } = found;
  const withImages = new Set(images.map((path) => dirname(path)));
  const childrenOf = new Map<string, string[]>();
  for (const folder of withImages) {
    if (roots.includes(folder)) continue;
    const parent = dirname(folder);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), folder]);
  }
  const chosen = new Set<string>();
  for (const [parent, children] of childrenOf) {
    if (chosen.size >= MOST_FOLDERS) break;
    // Where not all pictures were found, other classes may be among the rest.
    if (children.length < 2 && complete) continue;
    if (!(await areClasses(parent, children, complete, foldersIn))) continue;
    chosen.add(parent);
    if (!complete && !roots.includes(parent))
      for (const split of await splitsBeside(parent, foldersIn)) chosen.add(split);
  }
  const withTables = new Set(tables.map((path) => dirname(path)));
  for (const folder of withImages) {
    if (chosen.size >= MOST_FOLDERS) break;
    const siblings = childrenOf.get(dirname(folder)) ?? [];
    const isBeside = withTables.has(dirname(folder)) && siblings.length <= MOST_SPLITS;
    if (withTables.has(folder) || isBeside) chosen.add(folder);
  }
  return [...chosen];
}

/** The other splits of a data set, beside one that was found. */
async function splitsBeside(folder: string, foldersIn: FoldersIn): Promise<string[]> {
  const isSplit = (name: string): boolean => readName(name).split !== null;
  if (!isSplit(basename(folder))) return [];
  const names = (await foldersIn(dirname(folder))) ?? [];
  return names.filter(isSplit).map((name) => join(dirname(folder), name));
}

/** Most sub-folders of a folder of classes hold pictures; a project has others, or what was installed. */
async function areClasses(
  parent: string,
  children: readonly string[],
  complete: boolean,
  foldersIn: FoldersIn,
): Promise<boolean> {
  const names = await foldersIn(parent);
  if (names === null) return true;
  if (names.some(isIgnoredName)) return false;
  if (!complete) return names.length >= 2;
  const filled = new Set(children.map((folder) => basename(folder)));
  return 2 * names.filter((name) => filled.has(name)).length >= names.length;
}
