import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireKeras, type KerasPython } from './kerasPython';
import { KERAS_NETWORKS, type KerasNetwork } from './keras/networks';

const SCRIPTS = join(__dirname, 'keras');
const CACHE = join(__dirname, '../../.cache/keras');

/** How a model was saved. */
export type KerasFile =
  /** `model.keras` */
  | 'keras'
  /** `model.h5` with topology and weights */
  | 'h5'
  /** `model.json` and `model.weights.h5` beside it */
  | 'apart'
  /** `model.json` and `model.h5` beside it, weights as Keras 2 lays them out */
  | 'legacy';

/** What Keras says of one network in the files it saved. */
export interface KerasModel {
  readonly name: string;
  /** The version that made it. */
  readonly keras: 2 | 3;
  /** Absolute paths. */
  readonly files: Readonly<Partial<Record<KerasFile, string>>>;
  /** An npz file of `x` and `y`. */
  readonly data: string;
  /** The same `x`: its values as float32, and its shape. */
  readonly x: string;
  readonly shape: readonly number[];
  /** What Keras predicts: for each output the values of each sample. */
  readonly outputs: readonly { readonly name: string; readonly values: readonly (readonly number[])[] }[];
  readonly correct: number;
  /** For each site what happens without each of its units. */
  readonly units: Readonly<
    Record<
      string,
      {
        readonly correct: readonly number[];
        readonly to_wrong: readonly number[];
        readonly to_right: readonly number[];
      }
    >
  >;
}

/** All that Python made. */
export interface KerasFixtures {
  readonly models: readonly KerasModel[];
  /** Absolute paths of models that are to be refused, by what is wrong with them. */
  readonly refused: Readonly<Record<string, string>>;
}

/**
 * The models made with Keras, and what Python found in them by brute force: made once for these scripts (about a
 * minute, one Python process) and kept in `.cache`. To be called in a `before` hook; skips like
 * {@link requireKeras}.
 */
export async function requireKerasFixtures(context: Mocha.Context): Promise<KerasFixtures> {
  const folder = join(CACHE, await versionOfScripts());
  if (!existsSync(folder)) {
    const keras = await requireKeras(context);
    making ??= makeOnce(keras, folder);
    await making;
  }
  const text = await readFile(join(folder, 'found.json'), 'utf8');
  const found = JSON.parse(text) as { made: KerasModel[]; refused: Record<string, string> };
  const absolute = <Files extends object>(files: Files): Files =>
    Object.fromEntries(
      Object.entries(files).map(([key, file]) => [key, join(folder, String(file))]),
    ) as Files;
  return {
    models: found.made.map((model) => ({
      ...model,
      files: absolute(model.files),
      data: join(folder, model.data),
      x: join(folder, model.x),
    })),
    refused: absolute(found.refused),
  };
}

/** Within this process. */
let making: Promise<void> | undefined;

async function makeOnce(keras: KerasPython, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const outdated = (await readdir(CACHE)).filter((name) => !name.includes('.'));
  for (const name of outdated) await rm(join(CACHE, name), { recursive: true, force: true });
  const made = `${folder}.${String(process.pid)}`;
  try {
    await mkdir(made);
    await make(keras, made);
    if (!existsSync(folder)) await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** What was found of a network in one version of Keras. */
export function modelOf(fixtures: KerasFixtures, network: KerasNetwork, keras: 2 | 3): KerasModel {
  const model = fixtures.models.find((each) => each.name === network.name && each.keras === keras);
  if (model === undefined) throw new Error(`Keras ${String(keras)} made no ${network.name}`);
  return model;
}

async function versionOfScripts(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(KERAS_NETWORKS));
  const scripts = (await readdir(SCRIPTS)).filter((name) => name.endsWith('.py')).sort();
  for (const name of [...scripts.map((script) => join(SCRIPTS, script)), join(__dirname, 'kerasPython.ts')]) {
    hash.update(await readFile(name));
  }
  return hash.digest('hex').slice(0, 16);
}

function make({ python, env }: KerasPython, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(SCRIPTS, 'make.py'), folder], {
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Python could not make the models:\n${said.slice(-2000)}`));
    });
    child.stdin.end(JSON.stringify(KERAS_NETWORKS));
  });
}
