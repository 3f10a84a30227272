import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import { Failure } from '../protocol/failure';
import type { BackendInfo } from '../protocol/run';
import { defaultNativeFolders, inspectAddon, loadAddon, type AddonProblem } from './nativeAddon';

export { defaultNativeFolders } from './nativeAddon';

/** What computes, and where its native code may be. */
export interface BackendOptions {
  /** `auto`: native where it loads, else WebAssembly. */
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
  /** Folders laid out as the tfjs-node package is, tried in this order. */
  readonly native: readonly string[];
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
}

/** What was loaded already, by what was asked for. */
const known = new Map<string, BackendInfo>();
/** The one native part of this process: a second copy of TensorFlow would clash with the first. */
let native: { readonly folder: string; readonly info: BackendInfo } | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * Sets the tfjs backend and sees that it computes. Calling it again is cheap, and may switch to another backend.
 * @throws Failure when `tfjs-node` is asked for and none of the folders has a native part that works
 */
export function loadBackend(options: BackendOptions): Promise<BackendInfo> {
  const key = JSON.stringify([options.backend, options.native]);
  const loading = last.then(async () => {
    const before = known.get(key);
    if (before !== undefined) {
      await tf.setBackend(before.name === 'wasm' ? 'wasm' : 'tensorflow');
      return before;
    }
    const info = await load(options);
    known.set(key, info);
    return info;
  });
  last = loading.catch(() => null);
  return loading;
}

async function load(options: BackendOptions): Promise<BackendInfo> {
  if (options.backend === 'wasm') return loadWasm('WASM was chosen in the settings.', options);
  const attempt = await loadNative(options);
  if (typeof attempt !== 'string') return attempt;
  if (options.backend === 'auto') return loadWasm(attempt, options);
  throw new Failure(
    `${attempt.replace(/\.$/, '')}: run “Neuron Deletion: Set Up Native TensorFlow” (npm run setup in the ` +
      `repository), or choose the backend auto or wasm.`,
  );
}

/** The native backend, or one sentence why there is none. */
async function loadNative(options: BackendOptions): Promise<BackendInfo | string> {
  const standard = defaultNativeFolders();
  const reasons: string[] = [];
  for (const folder of options.native) {
    const outcome = await tryFolder(folder, options);
    if ('name' in outcome) return outcome;
    reasons.push(outcome.reason);
    if (outcome.kind === 'broken' || !standard.includes(folder)) {
      options.log('warn', `Native TensorFlow: ${outcome.reason}.`);
    }
  }
  if (reasons.length === 0) return 'Native TensorFlow is not set up.';
  return `Native TensorFlow is not available: ${reasons.join('; ')}.`;
}

/** Starts the native part of a folder and remembers it, or says why that cannot be. */
async function tryFolder(folder: string, options: BackendOptions): Promise<BackendInfo | AddonProblem> {
  if (native?.folder === folder) {
    await tf.setBackend('tensorflow');
    return native.info;
  }
  if (native !== null) {
    const reason = `${native.folder} is loaded already, ${folder} cannot be loaded beside it`;
    return inspectAddon(folder) ?? { kind: 'broken', reason };
  }
  const attempt = loadAddon(folder);
  if (attempt.kind !== 'loaded') return attempt;
  const reason = await startNative(attempt.binding, folder);
  if (reason !== null) return { kind: 'broken', reason };
  native = { folder, info: nativeInfo(attempt.binding.TF_Version) };
  options.log('info', `Native TensorFlow ${attempt.binding.TF_Version} from ${folder}.`);
  return native.info;
}

/** Makes tfjs compute on `binding`; the end of a sentence if it does not. */
async function startNative(binding: TFJSBinding, folder: string): Promise<string | null> {
  try {
    // tfjs-node 4.22 calls it and Node 23 took it away.
    (util as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) =>
      value === null || value === undefined;
    const { NodeJSKernelBackend } = await import('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js');
    await import('@tensorflow/tfjs-node/dist/register_all_kernels.js');
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node'), 3);
    if (!(await tf.setBackend('tensorflow'))) throw new Error('tfjs refused the backend');
    await checkComputes();
    return null;
  } catch (error) {
    if ('tensorflow' in tf.engine().registryFactory) tf.removeBackend('tensorflow');
    return `the native part in ${folder} loads but does not compute (${(error as Error).message})`;
  }
}

function nativeInfo(version: string): BackendInfo {
  const wanted = Number(process.env['TF_NUM_INTRAOP_THREADS'] ?? 0);
  const onednn = process.env['TF_ENABLE_ONEDNN_OPTS'];
  return {
    name: 'tfjs-node',
    tensorflow: version,
    threads: wanted > 0 ? wanted : availableParallelism(),
    onednn: onednn === undefined ? process.arch === 'x64' : !/^(0|false)$/i.test(onednn),
    fallback: null,
  };
}

async function loadWasm(fallback: string, options: BackendOptions): Promise<BackendInfo> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  // Fails once the backend has started, when it changes nothing any more.
  if (tf.engine().registry['wasm'] === undefined) wasm.setWasmPaths(wasmFolder() + '/');
  // The generated code adds handlers that throw again whatever is uncaught; those are for us to decide on.
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  if (!(await tf.setBackend('wasm'))) {
    throw new Failure('The WebAssembly backend does not start: reinstall the extension.');
  }
  events.forEach((event, index) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[index]?.includes(listener)) process.removeListener(event, listener as () => void);
    }
  });
  await checkComputes();
  options.log(options.backend === 'wasm' ? 'info' : 'warn', `Computing on WebAssembly. ${fallback}`);
  return { name: 'wasm', tensorflow: null, threads: wasm.getThreadsCount(), onednn: null, fallback };
}

/** Where the WASM backend's .wasm files are: beside the bundle, or in its package when run from source. */
function wasmFolder(): string {
  const shipped = join(__dirname, 'wasm');
  if (existsSync(join(shipped, 'tfjs-backend-wasm.wasm'))) return shipped;
  const main = createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm');
  return dirname(main);
}

async function checkComputes(): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]))); // prettier-ignore
  const values = await product.data();
  product.dispose();
  if (values.join() !== '19,22,43,50') throw new Error(`a 2 × 2 product gave ${values.join()}`);
}
