import path from 'node:path';
import type { SpecFile, StudySpec } from '../protocol/study';
import type { StudyOptions } from './program';
import type { InputFlag } from './programOptions';
import { UsageError } from './terminal';

/**
 * The study that a command line means: flags win over the spec file, the spec file over defaults.
 *
 * @param model absolute path
 * @param file what the spec file says, its paths absolute; null when there is none
 * @param specPath where the spec file is or would be, for the message
 * @throws UsageError when no data is named
 */
export function studySpec(
  model: string,
  options: StudyOptions,
  file: SpecFile | null,
  specPath: string,
  cwd: string,
): StudySpec {
  const flags = flagsAsSpec(options, cwd);
  const data =
    flags.data ?? Object.values(flags.inputs ?? {})[0] ?? file?.data ?? Object.values(file?.inputs ?? {})[0];
  if (data === undefined) {
    throw new UsageError(`No data is named: give --data <path>, or write "data" into ${specPath}.`);
  }
  const inherited = data === file?.data ? file : withoutLabels(file);
  return {
    scale: 'auto',
    operator: 'zero',
    seed: 0,
    ...inherited,
    ...flags,
    data,
    model,
  };
}

/** Labels in the spec file belong to the data it names, not to any other; so do the data of single inputs. */
function withoutLabels(file: SpecFile | null): SpecFile {
  const { labels: _, label_column: _column, label_pattern: _pattern, inputs: _inputs, ...rest } = file ?? {};
  return rest;
}

/** The flags that were given, as a spec; paths made absolute. `path.resolve` leaves `#array` alone. */
function flagsAsSpec(options: StudyOptions, cwd: string): SpecFile {
  return {
    ...(options.output === undefined ? {} : { output: options.output }),
    ...(options.data === undefined ? {} : { data: path.resolve(cwd, options.data) }),
    ...(options.labels === undefined ? {} : { labels: path.resolve(cwd, options.labels) }),
    ...(options.labelColumn === undefined ? {} : { label_column: options.labelColumn }),
    ...(options.labelPattern === undefined ? {} : { label_pattern: options.labelPattern }),
    ...(options.classNames === undefined ? {} : { class_names: path.resolve(cwd, options.classNames) }),
    ...(options.resize === undefined ? {} : { resize: options.resize }),
    ...(options.input === undefined ? {} : { inputs: inputsFrom(options.input, cwd) }),
    ...(options.topology === undefined ? {} : { topology: path.resolve(cwd, options.topology) }),
    ...(options.sites === undefined ? {} : { sites: options.sites }),
    ...(options.operator === undefined ? {} : { operator: options.operator as StudySpec['operator'] }),
    ...(options.draws === undefined ? {} : { draws: options.draws }),
    ...(options.measures === undefined ? {} : { measures: options.measures }),
    ...(options.scale === undefined ? {} : { scale: options.scale }),
    ...(options.samples === undefined ? {} : { samples: options.samples }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
}

function inputsFrom(flags: readonly InputFlag[], cwd: string): Record<string, string> {
  return Object.fromEntries(flags.map(({ name, data }) => [name, path.resolve(cwd, data)]));
}
