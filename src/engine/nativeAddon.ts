import { existsSync } from 'node:fs';
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

/** The outcome of trying one folder: the addon, or why not, as the end of a sentence. */
export type AddonAttempt =
  | { readonly kind: 'loaded'; readonly binding: TFJSBinding }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Loads TensorFlow's native part into this process. An addon stays loaded until the process ends.
 * @param folder laid out as the tfjs-node package is: `lib/napi-v8/tfjs_binding.node`, `deps/lib/libtensorflow*`
 */
export function loadAddon(folder: string): AddonAttempt {
  const file = join(folder, ADDON);
  if (!existsSync(folder)) return { kind: 'absent', reason: `${folder} does not exist` };
  if (!existsSync(file)) return { kind: 'absent', reason: `${folder} has no ${ADDON}` };
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
