import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { looksLikeModel } from './looksLikeModel';

const IGNORED = '**/{node_modules,.git,.venv,venv,.neuron-deletion,__pycache__,.tox,site-packages}/**';
const MODELS = '**/*.{json,keras,h5}';
/** Looked for first, so that thousands of other JSON files cannot crowd them out. */
const LIKELY_MODELS = '**/{*model*.json,*.keras,*.h5}';
const DATA = '**/{*.npz,*.npy,*.csv,*.tsv,*idx?-ubyte,*idx?-ubyte.gz}';
/** Enough to choose from; a workspace of more files than this gets the first ones found. */
const MOST_MODELS = 2000;
const MOST_DATA = 200;
/** Files open at the same time. */
const AT_ONCE = 32;

/** Files that may appear, change or go as models. */
export const MODEL_GLOB = MODELS;

/** The models found in the workspace, by path. JSON files count when they begin like a TensorFlow.js model. */
export async function findModels(): Promise<vscode.Uri[]> {
  const found = await Promise.all(
    [LIKELY_MODELS, MODELS].map((glob) => vscode.workspace.findFiles(glob, IGNORED, MOST_MODELS)),
  );
  const files = new Map(found.flat().map((uri) => [uri.fsPath, uri]));
  const models: vscode.Uri[] = [];
  const paths = [...files.keys()].sort();
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const some = paths.slice(first, first + AT_ONCE);
    const wanted = await Promise.all(
      some.map(async (path) => !path.endsWith('.json') || (await looksLikeModel(path))),
    );
    for (const [index, path] of some.entries()) {
      const uri = files.get(path);
      if (uri?.scheme === 'file' && wanted[index] === true) models.push(uri);
    }
  }
  return models;
}

/** Files of the workspace that may hold labelled data; label files of IDX pairs are left to their images. */
export async function findData(): Promise<vscode.Uri[]> {
  const uris = await vscode.workspace.findFiles(DATA, IGNORED, MOST_DATA);
  return uris
    .filter((uri) => uri.scheme === 'file' && !/idx1-ubyte(\.gz)?$/.test(basename(uri.fsPath)))
    .sort((a, b) => a.fsPath.localeCompare(b.fsPath));
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
