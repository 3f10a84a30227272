import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Folder of a workspace that holds runs; everything in it is ignored by git. */
export const STUDY_FOLDER = '.neuron-deletion';

/** Files of a run directory. */
export const RUN_FILES = {
  record: 'run.json',
  pieces: 'pieces.arrows',
  units: 'units.arrow',
  unitsCsv: 'units.csv',
  classMeans: 'class_means.arrow',
  classMeansCsv: 'class_means.csv',
  correlations: 'correlations.json',
  deletionSets: 'deletion-sets.json',
} as const;

/** What an experiment's directory, which stands among the runs, has instead of `run.json`. */
export const TRAINING_RECORD = 'experiment.json';
/** Its report, once there is one. */
export const TRAINING_REPORT = 'report.html';

/** Where the runs of a workspace are. */
export function runsFolder(workspaceRoot: string): string {
  return join(workspaceRoot, STUDY_FOLDER, 'runs');
}

/** A model's name in folders and tables. `model.json` says nothing: then it is called as its folder is. */
export function modelName(modelPath: string): string {
  const whole = resolve(modelPath);
  const stem = basename(whole).replace(/\.[^.]+$/, '');
  const name = /^(model|saved_model)$/i.test(stem) ? basename(dirname(whole)) : stem;
  return (
    name
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60) || 'model'
  );
}

/** `<time>-<model>`, such as `20261123-134014-generalizes`; the time is UTC, so that names sort by time. */
export function runDirectoryName(time: Date, modelPath: string): string {
  const stamp = time.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${modelName(modelPath)}`;
}

/** A path for a new run in the workspace that nothing has yet; creates nothing. */
export function newRunDirectory(workspaceRoot: string, modelPath: string, time: Date = new Date()): string {
  const first = join(runsFolder(workspaceRoot), runDirectoryName(time, modelPath));
  let path = first;
  for (let count = 2; existsSync(path); count++) path = `${first}-${count}`;
  return path;
}
