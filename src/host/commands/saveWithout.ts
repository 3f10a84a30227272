import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../protocol/failure';
import type { UnitRef } from '../../protocol/study';
import { readDeletionSets } from '../../runs/deletionSetsFile';
import { readRecord } from '../../runs/runRecord';
import { measuredSpec } from '../measurements';
import { modelName } from '../names';
import { neurons } from '../numberText';
import { withNotice } from '../requestNotice';
import type { Services } from '../services';
import { whyStale } from '../staleness';
import { pickPrunedFolder } from './pickPrunedFolder';
import { saySaved } from './saySaved';

/**
 * Save Model Without These Neurons…: which neurons, where to, and what came of it.
 * @param current the neurons that are deleted now, and no question about it
 * @throws Failure where none are deleted, or model or data changed since the run
 */
export async function saveWithout(services: Services, directory: string, current: boolean): Promise<void> {
  const { l10n } = vscode;
  const record = await readRecord(directory);
  const deleted = await chooseUnits(services, directory, current);
  if (deleted === undefined) return;
  const stale = await whyStale(record);
  if (stale !== null) throw new Failure(stale);
  const { path: model } = record.model;
  const folder = await pickPrunedFolder(model);
  if (folder === undefined) return;
  const replace = existsSync(join(folder, 'model.json'));
  if (replace && !(await mayReplace(folder, model))) return;
  const title = l10n.t('Saving {0} without {1}', modelName(model), neurons(deleted.length));
  const params = {
    spec: measuredSpec(record),
    choice: { kind: 'units', deleted },
    directory: folder,
    replace,
  } as const;
  const result = await withNotice(title, (options) =>
    services.engine.process.request('prune', params, options),
  );
  if (result.kind === 'complete') saySaved(result.report, folder);
}

/** The units that the model is to be saved without; undefined when the user turned away. */
async function chooseUnits(
  { studies }: Services,
  directory: string,
  current: boolean,
): Promise<readonly UnitRef[] | undefined> {
  const { l10n } = vscode;
  const now = studies.deletedIn(directory);
  const sets = current ? [] : await readDeletionSets(directory);
  const all = [
    { label: l10n.t('$(circle-slash) Those deleted now'), units: now },
    ...sets.map(({ name, units }) => ({ label: `$(bookmark) ${name}`, units })),
  ].filter(({ units }) => units.length > 0);
  const [only, ...others] = all;
  if (only === undefined) {
    throw new Failure(
      l10n.t('No neurons of this run are deleted, and it has no saved sets; delete some in its map first.'),
    );
  }
  if (others.length === 0) return only.units;
  const items = all.map(({ label, units }) => ({
    label,
    description: neurons(units.length),
    units,
  }));
  const title = l10n.t('Save Model Without Which Neurons?');
  return (await vscode.window.showQuickPick(items, { title }))?.units;
}

/** @throws Failure where it is the very model that is to be saved anew */
async function mayReplace(folder: string, model: string): Promise<boolean> {
  const { l10n } = vscode;
  const [there, own] = await Promise.all([realpath(folder), realpath(dirname(model))]);
  if (there === own) {
    throw new Failure(l10n.t('{0} holds the model itself; choose another folder.', folder));
  }
  const replace = l10n.t('Replace');
  const question = l10n.t('There is a model in {0} already. Replace it?', folder);
  const detail = l10n.t('It is deleted for good.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
}
