// `npm run setup`: everything that the other scripts need, in place; run again, it does only what is missing.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Absolute path of the repository. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Something that the person at the machine can put right; `message` says how. */
export class SetupError extends Error {}

/**
 * Prepares the repository: dependencies and kernels, then, as asked, the native part
 * of tfjs-node, the bundles, the sample.
 * @param {{ native?: boolean, build?: boolean, sample?: boolean }} [parts] all but the sample by default
 * @returns {Promise<{ native: boolean }>} whether native TensorFlow works; without it WebAssembly computes
 * @throws {SetupError} when something is missing; also without a native part if REQUIRE_NATIVE=1
 */
export async function prepare({ native = true, build = true, sample = false } = {}) {
  checkNode();
  await installDependencies();
  const { buildKernels } = await import('./kernels.mjs');
  await buildKernels(path.join(repository, 'dist', 'kernels.wasm'));
  const works = native ? await setUpNative() : false;
  if (build) {
    say('building');
    await run(process.execPath, ['esbuild.js']);
  }
  if (sample) await run(process.execPath, [path.join('scripts', 'sample.mjs')]);
  return { native: works };
}

/**
 * Runs a command in the repository, its output on our own.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @throws {SetupError} when it fails
 */
export async function run(command, args, options = {}) {
  const code = await runForCode(command, args, options);
  if (code !== 0) throw new SetupError(`${[command, ...args].join(' ')} ended with code ${code}.`);
}

/**
 * Says what went wrong and ends with exit code 1.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

/**
 * Whether `npm ci` has to run: npm leaves `node_modules/.package-lock.json` when it has installed what the
 * lock file asks for.
 * @param {string} folder with package.json and package-lock.json
 */
export function dependenciesAreMissing(folder) {
  const installed = fs.statSync(path.join(folder, 'node_modules', '.package-lock.json'), {
    throwIfNoEntry: false,
  });
  if (installed === undefined) return true;
  return (
    fs.statSync(path.join(folder, 'package-lock.json')).mtimeMs > installed.mtimeMs && !locksAgree(folder)
  );
}

/**
 * Whether what is installed is what the lock file asks for. A fresh check-out, or a cache that was put back,
 * may leave a lock file that is newer but no different.
 * @param {string} folder
 */
function locksAgree(folder) {
  const read = (/** @type {string} */ file) =>
    JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')).packages;
  const wanted = read('package-lock.json');
  const installed = read(path.join('node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || installed[name]?.version === entry.version,
  );
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
  }
}

async function installDependencies() {
  if (!dependenciesAreMissing(repository)) return;
  say('installing dependencies (npm ci)');
  await run('npm', ['ci', '--no-audit', '--no-fund']);
}

async function setUpNative() {
  const code = await runForCode(process.execPath, [path.join('scripts', 'setup-native.mjs')]);
  if (code === 0) return true;
  if (code !== 3) throw new SetupError(`Setting up native TensorFlow ended with code ${code}.`);
  const missing = missingTools();
  const advice = missing.length === 0 ? '' : ` Missing on this machine: ${missing.join(', ')}.`;
  if (process.env['REQUIRE_NATIVE'] === '1') {
    throw new SetupError(
      `Native TensorFlow is required (REQUIRE_NATIVE=1) and could not be set up.${advice}`,
    );
  }
  say(`WARNING: no native TensorFlow; everything computes on WebAssembly, about ten times slower.${advice}`);
  return false;
}

/** What the native part may need and is not here, each with how to get it. */
function missingTools() {
  const tools = [
    { name: 'Python 3', command: 'python3', args: ['--version'], get: 'apt-get install python3' },
    { name: 'pip', command: 'python3', args: ['-m', 'pip', '--version'], get: 'apt-get install python3-pip' },
    { name: 'a C++ compiler', command: 'c++', args: ['--version'], get: 'apt-get install build-essential' },
    { name: 'make', command: 'make', args: ['--version'], get: 'apt-get install build-essential' },
  ];
  return tools
    .filter(({ command, args }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0)
    .map(({ name, get }) => `${name} (${get})`);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>} the exit code; 1 when it was ended by a signal
 */
function runForCode(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: options.env ?? process.env,
      stdio: 'inherit',
      shell: process.platform === 'win32' && command === 'npm',
    });
    // A signal to us alone would leave it behind.
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    const handlers = signals.map((signal) => () => void child.kill(signal));
    signals.forEach((signal, index) => process.on(signal, handlers[index] ?? (() => {})));
    const finish = () =>
      signals.forEach((signal, index) => process.off(signal, handlers[index] ?? (() => {})));
    child.once('error', (error) => {
      finish();
      reject(new SetupError(`${command} does not start (${error.message}).`));
    });
    child.once('close', (code) => {
      finish();
      resolve(code ?? 1);
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  prepare()
    .then(({ native }) => say(native ? 'done' : 'done, without native TensorFlow'))
    .catch(fail);
}
