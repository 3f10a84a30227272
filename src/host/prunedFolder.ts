import { basename, dirname, join } from 'node:path';
import { modelName } from './names';

/**
 * The folder that is proposed for a model without some of its units: `<name>-pruned` beside what is called so, the
 * model's folder or its file.
 * @param roots the workspace folders; where the model lies in one of them, so does what is proposed
 */
export function prunedFolder(model: string, roots: readonly string[]): string {
  const folder = dirname(model);
  const name = modelName(model);
  const isFolder = name === basename(folder) && !roots.includes(folder);
  return join(isFolder ? dirname(folder) : folder, `${name}-pruned`);
}
