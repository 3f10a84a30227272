import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = resolve(__dirname, '../../.cache/python');
/** A lock older than this was left by a process that died. */
const LOCK_LIFE_MS = 15 * 60_000;

function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

async function lock(folder: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(folder);
      return;
    } catch {
      const age = await stat(folder).then(
        (stats) => Date.now() - stats.mtimeMs,
        () => 0,
      );
      if (age > LOCK_LIFE_MS) await rmdir(folder).catch(() => undefined);
      else await new Promise((wake) => setTimeout(wake, 200));
    }
  }
}

/** The folder of an environment: its packages, cut short where they are many. */
function folderName(packages: readonly string[]): string {
  const name = [...packages]
    .sort()
    .join('+')
    .replace(/[^\w.+=-]/g, '_');
  if (name.length <= 80) return name;
  return `${name.slice(0, 60)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

/**
 * A Python interpreter that has the packages, in a virtual environment under `.cache/python` made on first
 * use with pip. Safe to call from several processes at once.
 *
 * @param packages as pip takes them, such as `pyarrow` or `keras==3.5`
 * @param alone further packages, installed without those they ask for
 * @returns path of the interpreter
 */
export async function pythonWith(
  packages: readonly string[],
  alone: readonly string[] = [],
): Promise<string> {
  const name = folderName([...packages, ...alone]);
  const environment = join(CACHE, name);
  const done = join(environment, '.ready');
  if (existsSync(done)) return pythonOf(environment);
  await mkdir(CACHE, { recursive: true });
  const held = join(CACHE, `${name}.lock`);
  await lock(held);
  try {
    if (!existsSync(done)) {
      await rm(environment, { recursive: true, force: true });
      await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', environment]);
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await run(pythonOf(environment), [...install, ...packages]);
      if (alone.length > 0) await run(pythonOf(environment), [...install, '--no-deps', ...alone]);
      await writeFile(`${done}.tmp`, '');
      await rename(`${done}.tmp`, done);
    }
  } finally {
    await rmdir(held);
  }
  return pythonOf(environment);
}

/**
 * Runs a Python script and gives what it printed, read as JSON.
 *
 * @param python from {@link pythonWith}
 */
export async function pythonJson(python: string, script: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(python, ['-c', script, ...args], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as unknown;
}
