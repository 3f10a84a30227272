import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding';

/** A real `require`, which the bundler leaves alone: native code is loaded from where the user has it. */
const requireAtRuntime = createRequire(__filename);

/** Where the addon lies in a folder laid out as the tfjs-node package is. */
export const ADDON = join('lib', 'napi-v8', 'tfjs_binding.node');

/**
 * The folders a native part may be in without being named by anyone: `@tensorflow/tfjs-node` in the
 * `node_modules` folders from the running file upwards, nearest first. At least one is returned, whether or
 * not it exists.
 */
export function defaultNativeFolders(): string[] {
  const roots = requireAtRuntime.resolve.paths('@tensorflow/tfjs-node') ?? [];
  const folders = roots.map((root) => join(root, '@tensorflow', 'tfjs-node'));
  const present = folders.filter((folder) => existsSync(folder));
  return present.length > 0 ? present : [join(packageRoot(), 'node_modules', '@tensorflow', 'tfjs-node')];
}

/** The folder of the package.json this code belongs to (the extension's, or the repository's). */
export function packageRoot(): string {
  for (let at = __dirname; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return __dirname;
  }
}

/** Why a folder's native part cannot be used; `reason` is the end of a sentence. */
export interface AddonProblem {
  readonly kind: 'absent' | 'broken';
  readonly reason: string;
}

/**
 * Whether a folder holds a native part, by its files alone: nothing is loaded.
 * @param folder laid out as the tfjs-node package is: `lib/napi-v8/tfjs_binding.node`, `deps/lib/libtensorflow*`
 * @returns null where nothing speaks against loading it
 */
export function inspectAddon(folder: string): AddonProblem | null {
  const file = join(folder, ADDON);
  if (!existsSync(folder)) return { kind: 'absent', reason: `${folder} does not exist` };
  if (!existsSync(file)) return { kind: 'absent', reason: `${folder} has no ${ADDON}` };
  const cut = [file, ...librariesIn(join(folder, 'deps', 'lib'))].find(isCutShort);
  return cut === undefined ? null : { kind: 'broken', reason: `${cut} is cut short` };
}

/** The outcome of loading an addon. */
export type AddonAttempt = { readonly kind: 'loaded'; readonly binding: TFJSBinding } | AddonProblem;

/** Loads the native part of a folder into this process, where it stays until the process ends. */
export function loadAddon(folder: string): AddonAttempt {
  const problem = inspectAddon(folder);
  if (problem !== null) return problem;
  const file = join(folder, ADDON);
  // TensorFlow reads it while it is loaded; 3 leaves errors that are fatal.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  try {
    const binding = requireAtRuntime(file) as TFJSBinding;
    return { kind: 'loaded', binding };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { kind: 'broken', reason: `${file} does not load (${line.trim()})` };
  }
}

function librariesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /\.so(\.|$)/.test(name));
  return names.map((name) => join(folder, name)).filter((file) => existsSync(file));
}

/**
 * Whether a 64-bit ELF library lacks its end, where its table of sections lies. The system's loader would not
 * say so but end the process (SIGBUS). False for anything that is not such a library.
 */
function isCutShort(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const header = Buffer.alloc(64);
    if (readSync(handle, header) < header.length) return true;
    if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) return false;
    const end = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    return fstatSync(handle).size < end;
  } finally {
    closeSync(handle);
  }
}

/**
 * Loads the first native part that loads without the notice TensorFlow writes to stderr at that moment, which no
 * variable turns off (but for one that changes results): stderr is led to nowhere meanwhile. Only for a program
 * that begins, before it reads or writes anything asynchronously; {@link loadAddon} then finds it loaded.
 * Does nothing where stderr cannot be opened anew (a socket, another system).
 */
export function preloadQuietly(folders: readonly string[]): void {
  const restore = process.platform === 'linux' ? silenceStderr() : null;
  if (restore === null) return;
  try {
    for (const folder of folders) if (loadAddon(folder).kind === 'loaded') return;
  } finally {
    restore();
  }
}

/** Leads file descriptor 2 to nowhere; the function returned leads it back. Null if that cannot be. */
function silenceStderr(): (() => void) | null {
  // A file opened anew has an offset of its own: what others write to it would be overwritten.
  if (fstatSync(2).isFile()) return null;
  let kept: number;
  try {
    kept = openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return null;
  }
  // A descriptor opened gets the lowest free number: the one just closed.
  const reopen = (path: string): void => {
    closeSync(2);
    openSync(path, constants.O_WRONLY | constants.O_APPEND);
  };
  reopen('/dev/null');
  return () => {
    reopen(`/proc/self/fd/${kept}`);
    closeSync(kept);
  };
}
