import * as vscode from 'vscode';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import { fileOf } from './names';

/** Why a run no longer stands for its files, as a sentence; null when model and data are unchanged. */
export async function whyStale(record: RunRecord): Promise<string | null> {
  const { hashAll, hashData } = await import('../formats/hash');
  const { hashModel } = await import('../formats/models/findModel');
  const { model, data } = record;
  const files: (readonly [path: string, sha256: string, hash: (path: string) => Promise<string>])[] = [
    [model.path, model.sha256, (path) => hashModel(path, record.spec.topology)],
    [fileOf(data.path), data.sha256, (path) => hashAll([path, ...(data.more_paths ?? [])])],
    ...(data.labels_path !== null && data.labels_sha256 !== null
      ? [[fileOf(data.labels_path), data.labels_sha256, hashData] as const]
      : []),
  ];
  for (const [path, sha256, hash] of files) {
    try {
      if ((await hash(path)) !== sha256) {
        return vscode.l10n.t(
          '{0} has changed since this run was made; analyze again to see it as it is now.',
          path,
        );
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return vscode.l10n.t('The files of this run are no longer as they were: {0}', error.message);
    }
  }
  return null;
}
