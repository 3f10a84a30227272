import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';
import { readSpecAt, readSpecFile, specFilePath } from '../runs/specFile';
import type { StudyOptions } from './program';
import { studySpec } from './studySpec';
import type { Terminal } from './terminal';

/**
 * The study that a command line means, its spec file read.
 *
 * @throws Failure when model or spec file are not there, UsageError when no data is named
 */
export async function readStudySpec(
  model: string,
  options: StudyOptions,
  terminal: Terminal,
): Promise<StudySpec> {
  const modelPath = path.resolve(terminal.cwd, model);
  if (!existsSync(modelPath)) throw new Failure(`${modelPath} is not there: give the path of a model.`);
  const given = options.spec === undefined ? null : path.resolve(terminal.cwd, options.spec);
  const specPath = given ?? specFilePath(modelPath);
  const file = given === null ? await readSpecFile(modelPath) : await readSpecAt(given);
  if (given !== null && file === null) throw new Failure(`${given} is not there: give a spec file that is.`);
  return studySpec(modelPath, options, file, path.relative(terminal.cwd, specPath), terminal.cwd);
}
