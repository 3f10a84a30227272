/** Words of the memory by which a pool and its threads agree on a job. */
export const NEXT_CHUNK = 0;
export const STOP = 1;

/** What a thread is given at its start. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Int32 words: {@link NEXT_CHUNK}, {@link STOP}. */
  readonly words: Int32Array;
}

/** What a thread is asked to do. */
export interface ThreadJob {
  readonly kernel: string;
  readonly args: readonly number[];
  readonly chunks: number;
  /** Address of memory of this thread's own. */
  readonly scratch: number;
}

/** What it answers: ready, done with its share, or what went wrong. */
export type ThreadAnswer = { readonly kind: 'ready' | 'done' } | { readonly kind: 'failed'; message: string };

/**
 * The program of a thread, as text, because the bundle is one file: takes chunks until there are none left or it
 * is told to stop.
 */
export const THREAD_PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, words } = workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.on('message', ({ kernel, args, chunks, scratch }) => {
  try {
    while (Atomics.load(words, ${STOP}) === 0) {
      const chunk = Atomics.add(words, ${NEXT_CHUNK}, 1);
      if (chunk >= chunks) break;
      kernels[kernel](chunk, scratch, ...args);
    }
    parentPort.postMessage({ kind: 'done' });
  } catch (error) {
    Atomics.store(words, ${STOP}, 1);
    parentPort.postMessage({ kind: 'failed', message: String(error && error.message || error) });
  }
});
parentPort.postMessage({ kind: 'ready' });
`;
