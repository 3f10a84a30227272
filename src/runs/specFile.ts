import Ajv, { type ErrorObject } from 'ajv';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { Failure } from '../protocol/failure';
import type { SpecFile } from '../protocol/study';
import { writeAtomically } from './atomicFile';
import { isMissing, readFailure } from './fileErrors';
import schema from './spec.schema.json';

/** What stands in the file: a {@link SpecFile} with relative paths, and perhaps `$schema`. */
type StoredSpec = SpecFile & { readonly $schema?: string };

const validate = new Ajv({
  allErrors: false,
  verbose: true,
  // For editors: a line about each value.
  keywords: ['enumDescriptions'],
  formats: { regex: isPattern },
}).compile<StoredSpec>(schema);

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a model's spec file is: `<model file>.neuron-deletion.json`, beside the model. */
export function specFilePath(model: string): string {
  return `${resolve(model)}.neuron-deletion.json`;
}

/** Says in half a sentence what is wrong, at which key, and what is allowed. */
function explain(error: ErrorObject): string {
  const key = error.instancePath.slice(1).replaceAll('/', ' item ');
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties')
    return `has the unknown key "${String(params['additionalProperty'])}"; allowed are ${Object.keys(schema.properties).join(', ')}`;
  if (key === '') return 'must be a JSON object';
  const value = brief(error.data);
  if (error.keyword === 'enum') {
    const values = (params['allowedValues'] as readonly unknown[]).map((one) => JSON.stringify(one));
    const more = values.length > 12 ? `, … (${values.length} in all)` : '';
    const allowed = `${values.slice(0, 12).join(', ')}${more}`;
    return `has ${value} as "${key}"; allowed ${allowed.includes(',') ? 'are' : 'is'} ${allowed}`;
  }
  return `has ${value} as "${key}", which ${error.message ?? 'is not allowed'}`;
}

/** A value in a few letters. */
function brief(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 60);
  } catch {
    return 'lists or objects nested too deep';
  }
}

function parse(text: string, file: string): StoredSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${file} is not JSON: correct it or delete it.`, { file, cause });
  }
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  throw new Failure(
    `${file} ${error === undefined ? 'is not a study' : explain(error)}: correct it or delete it.`,
    {
      file,
    },
  );
}

async function readStored(file: string): Promise<StoredSpec | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw readFailure(error, file);
  }
  return parse(text.replace(/^\uFEFF/, ''), file);
}

/** The keys whose values are paths. */
const PATH_KEYS = ['data', 'labels', 'class_names', 'topology'] as const;

/** `change` for every path, everything else as it is. */
function withPaths(spec: SpecFile, change: (path: string) => string): SpecFile {
  const paths = PATH_KEYS.flatMap((key) => {
    const value = spec[key];
    return value === undefined ? [] : [[key, change(value)] as const];
  });
  const { inputs } = spec;
  return {
    ...spec,
    ...Object.fromEntries(paths),
    ...(inputs === undefined ? {} : { inputs: changed(inputs, change) }),
  };
}

function changed(
  paths: Readonly<Record<string, string>>,
  change: (path: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, change(path)]));
}

/**
 * Reads a spec file, paths made absolute; null where there is none.
 * Throws {@link Failure} that names file, key and what is allowed.
 */
export async function readSpecAt(file: string): Promise<SpecFile | null> {
  const stored = await readStored(file);
  if (stored === null) return null;
  const { $schema: _, ...spec } = stored;
  const folder = dirname(resolve(file));
  return withPaths(spec, (path) => resolve(folder, path));
}

/** Reads the spec file beside a model, as {@link readSpecAt}. */
export function readSpecFile(model: string): Promise<SpecFile | null> {
  return readSpecAt(specFilePath(model));
}

/**
 * Writes the spec file beside a model, replacing what it held but its `$schema`; absolute paths become
 * relative to its folder, with forward slashes. Throws {@link Failure} where it cannot be written.
 */
export async function writeSpecFile(model: string, spec: SpecFile): Promise<void> {
  const file = specFilePath(model);
  const folder = dirname(file);
  const old = await readStored(file).catch(() => null);
  const stored: StoredSpec = {
    ...(old?.$schema === undefined ? {} : { $schema: old.$schema }),
    ...withPaths(spec, (path) => {
      if (!isAbsolute(path)) return path;
      const near = relative(folder, path);
      return isAbsolute(near) ? path : near.split(sep).join('/');
    }),
  };
  const text = `${JSON.stringify(stored, null, 2)}\n`;
  try {
    parse(text, file);
  } catch (error) {
    if (error instanceof Failure)
      throw new Failure(error.message.replace(file, `The study for ${basename(model)}`));
    throw error;
  }
  await writeAtomically(file, text);
}
