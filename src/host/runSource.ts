import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { STUDY_FOLDER } from '../runs/runDirectory';
import { listRuns } from '../runs/runRecord';
import type { RunSource } from './curveRuns';
import type { EngineProcess } from './engineProcess';
import { problemText } from './problems';
import { workspaceRoots } from './workspaceFiles';

const RECORDS = '**/.neuron-deletion/runs/*/run.json';

/** The runs of the workspace, and those beside a run that is elsewhere; the engine reads them. */
export function runSource(engine: EngineProcess): RunSource {
  return {
    list: async (directory) => {
      const folder = dirname(dirname(directory));
      const beside = basename(folder) === STUDY_FOLDER ? [join(folder, '..')] : [];
      const roots = [...new Set([...workspaceRoots(), ...beside])];
      return (await Promise.all(roots.map(listRuns))).flat();
    },
    read: (directory) => engine.request('readRun', { directory }),
    explain: problemText,
  };
}

/** Tells of every record of a run that comes, changes or goes. */
export function watchRuns(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(RECORDS);
  const events = [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete];
  return vscode.Disposable.from(watcher, ...events.map((event) => event(changed)));
}
