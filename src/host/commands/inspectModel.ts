import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import { isRefused } from '../../protocol/study';
import type { EngineProcess } from '../engineProcess';
import { MODEL_VIEW } from '../panel/modelEditor';
import { modelOf } from './pickModel';

/** Inspect Model: opens the page that says what is in a model. */
export async function inspectModel(engine: EngineProcess, target: unknown): Promise<void> {
  const model = await modelOf(target);
  if (model === undefined) return;
  const file = (await isFolder(model)) ? await modelIn(engine, model) : model;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), MODEL_VIEW);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** The file of the one model in a folder; editors show files only. */
async function modelIn(engine: EngineProcess, folder: string): Promise<string> {
  const model = await engine.request('describeModel', { path: folder });
  if (isRefused(model)) throw new Failure(model.problem, { file: folder });
  return model.path;
}
