import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { requireKeras } from './kerasPython';
import { pythonJson, pythonWith } from './python';

const run = promisify(execFile);
const SCRIPT = path.join(__dirname, 'graph/make.py');
const CACHE = path.join(__dirname, '../../.cache/graph-models');

/** A network as the converter wrote it. */
export interface ConvertedModel {
  readonly name: string;
  /** The version of Keras that made it. */
  readonly keras: 2 | 3;
  /** Absolute paths of `model.json`: `graph`, `layers`, or a quantised graph model (`uint8`, …). */
  readonly files: Readonly<Record<string, string>>;
  /** Some samples `shape` and what Keras predicts of them; null where there are several inputs or outputs. */
  readonly predicted: {
    readonly x: readonly number[];
    readonly shape: readonly number[];
    readonly y: readonly number[];
  } | null;
}

/**
 * Networks of Keras 3 and 2, converted to graph models and layers models by the converter from pip (see
 * graph/make.py): made once, in about a minute, and kept in `.cache`. To be called in a `before` hook; skips like
 * {@link requireKeras}.
 */
export async function requireGraphModels(context: Mocha.Context): Promise<readonly ConvertedModel[]> {
  const version = createHash('sha256')
    .update(await readFile(SCRIPT))
    .digest('hex');
  const folder = path.join(CACHE, version.slice(0, 16));
  if (!existsSync(folder)) {
    const { python, env } = await requireKeras(context);
    const made = `${folder}.${String(process.pid)}`;
    await rm(CACHE, { recursive: true, force: true });
    await mkdir(made, { recursive: true });
    const PYTHONPATH = [env['PYTHONPATH'], await converterFolder()].join(path.delimiter);
    await run(python, [SCRIPT, made], { env: { ...env, PYTHONPATH }, maxBuffer: 2 ** 26 });
    await rename(made, folder);
  }
  const list = JSON.parse(await readFile(path.join(folder, 'made.json'), 'utf8')) as ConvertedModel[];
  return list.map(({ files, ...rest }) => ({
    ...rest,
    files: Object.fromEntries(Object.entries(files).map(([kind, file]) => [kind, path.join(folder, file)])),
  }));
}

/** Where the converter's Python package is: without what it asks for, most of which converting does not use. */
async function converterFolder(): Promise<string> {
  const python = await pythonWith(['packaging', 'six'], ['tensorflowjs==4.22.0']);
  return (await pythonJson(
    python,
    'import json, site; print(json.dumps(site.getsitepackages()[0]))',
    [],
  )) as string;
}
