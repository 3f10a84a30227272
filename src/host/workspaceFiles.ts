import { opendir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { imageFolders } from './imageFolders';
import { looksLikeData } from './looksLikeData';
import { looksLikeModel, standingForModels, type ModelFile } from './looksLikeModel';
import { lookAtFirst, type DataSource } from './dataOrder';
import { IGNORED, isToolFile } from './searchRules';

const MODELS = '**/*.{json,keras,h5,hdf5}';
/** Looked for first, so that thousands of other JSON files cannot crowd them out. */
const LIKELY_MODELS = '**/{*model*.json,*.keras,*.h5,*.hdf5}';
/** Each family of formats by itself, so that none crowds out another. */
const ARRAYS = '**/{*.npz,*.npy,*.h5,*.hdf5,*idx?-ubyte,*idx?-ubyte.gz}';
const TABLES = '**/{*.csv,*.tsv,*.jsonl,*.ndjson,*.parquet,*.tfrecord,*.tfrecords,*.tfrecord-*-of-*}';
const JSON_TABLES = '**/*.json';
const LABEL_TEXTS = '**/*{label,annotation,class,target}*.txt';
const IMAGES = '**/*.{png,jpg,jpeg,bmp,PNG,JPG,JPEG,BMP}';
/**
 * Enough to choose from, and few enough to take in without a pause; a workspace of more files than this gets the first
 * ones found.
 */
const MOST_JSON = 1000;
const MOST_DATA = 200;
const MOST_IMAGES = 1000;
/** Sub-folders of a folder that are looked at, to tell whether they are classes. */
const MOST_ENTRIES = 2000;
/** Files open at the same time. */
const AT_ONCE = 32;

/** Files that may appear, change or go as models. */
export const MODEL_GLOB = MODELS;

/**
 * The files that stand for the models of the workspace, by path; told by how they begin. A Keras model of weights and
 * topology is there once.
 */
export async function findModels(): Promise<vscode.Uri[]> {
  const found = await Promise.all([LIKELY_MODELS, MODELS].map((glob) => search(glob, MOST_JSON)));
  const files = new Map(found.flat().map((uri) => [uri.fsPath, uri]));
  const paths = [...files.keys()].filter((path) => !isToolFile(basename(path))).sort();
  const parts = await mapSome(paths, looksLikeModel);
  const models = paths.flatMap((path, index): ModelFile[] => {
    const part = parts[index] ?? null;
    return part === null ? [] : [{ path, part }];
  });
  return standingForModels(models).flatMap((path) => files.get(path) ?? []);
}

/**
 * Files and folders of the workspace that may hold labelled data, in the order worth looking into.
 * @param model that they are for, if for any: what is near it comes first
 */
export async function findData(model: string | null): Promise<string[]> {
  const [arrays, tabular, json, texts, images] = await Promise.all([
    search(ARRAYS, MOST_DATA),
    search(TABLES, MOST_DATA),
    search(JSON_TABLES, MOST_JSON),
    search(LABEL_TEXTS, MOST_DATA),
    search(IMAGES, MOST_IMAGES),
  ]);
  const paths = [...arrays, ...tabular, ...json].map((uri) => uri.fsPath);
  const wanted = await mapSome(paths, looksLikeData);
  const files = paths.filter((_, index) => wanted[index]);
  const tables = [...paths.filter((path) => !isToolFile(basename(path))), ...texts.map((uri) => uri.fsPath)];
  const folders = await imageFolders(
    {
      images: images.map((uri) => uri.fsPath),
      complete: images.length < MOST_IMAGES,
      tables,
      roots: workspaceRoots(),
    },
    foldersIn,
  );
  const sizes = await mapSome(files, sizeOf);
  const sources: DataSource[] = files.map((path, index) => ({ path, size: sizes[index] ?? 0 }));
  return lookAtFirst([...sources, ...folders.map((path) => ({ path, size: null }))], model);
}

async function search(glob: string, most: number): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(glob, IGNORED, most);
  return found.filter((uri) => uri.scheme === 'file');
}

/** Results in the order of `items`; so many at a time that neither files nor time run out. */
async function mapSome<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(each))));
  }
  return results;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function foldersIn(folder: string): Promise<readonly string[] | null> {
  const names: string[] = [];
  let entries = 0;
  try {
    for await (const entry of await opendir(folder)) {
      if (++entries > MOST_ENTRIES) return null;
      if (entry.isDirectory() && !entry.name.startsWith('.')) names.push(entry.name);
    }
  } catch {
    return null;
  }
  return names;
}

/** Where a model's runs are kept: its workspace folder, the first one where it is in none, or its own folder. */
export function rootOf(model: string): string {
  const uri = vscode.Uri.file(model);
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : dirname(model);
}

/** The workspace folders on disk. */
export function workspaceRoots(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** A path as people see it: relative to its workspace folder. */
export function shownPath(path: string): string {
  return vscode.workspace.asRelativePath(path);
}
