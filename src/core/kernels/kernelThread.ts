/** Int32 words by which a pool and its threads agree on a job. */
export const NEXT_CHUNK = 0;
export const STOP = 1;
/** Number of the job; threads wait for the next one. */
export const JOB = 2;
/** Threads that are not yet done with the job. */
export const PENDING = 3;
/** 1 once a kernel has trapped. */
export const FAILED = 4;
const WORDS = 5;

/** Arguments of a kernel at most. */
const MOST_ARGUMENTS = 32;
/** Float64 numbers of a job: kernel, chunks, scratch of the first thread, bytes of scratch, arguments. */
const NUMBERS = 5 + MOST_ARGUMENTS;
/** Bytes of what a kernel says that failed. */
const MESSAGE_BYTES = 512;

/** Memory that a pool shares with its threads, beside that of the kernels. */
export interface JobBlock {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** UTF-8, filled up with zeros. */
  readonly message: Uint8Array;
}

export function jobBlock(): JobBlock {
  return {
    words: new Int32Array(new SharedArrayBuffer(WORDS * 4)),
    numbers: new Float64Array(new SharedArrayBuffer(NUMBERS * 8)),
    message: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)),
  };
}

/** Writes what the threads are to do next. */
export function writeJob(
  { words, numbers, message }: JobBlock,
  kernel: number,
  chunks: number,
  scratch: number,
  scratchBytes: number,
  args: readonly number[],
): void {
  if (args.length > MOST_ARGUMENTS) throw new RangeError(`A kernel takes ${MOST_ARGUMENTS} arguments at most`);
  numbers.set([kernel, chunks, scratch, scratchBytes, args.length, ...args]);
  message.fill(0);
  for (const word of [NEXT_CHUNK, STOP, FAILED]) Atomics.store(words, word, 0);
}

/** What a thread is given at its start. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Exported functions; a job says which by its place here. */
  readonly kernels: readonly string[];
  readonly block: JobBlock;
  /** Which of the threads it is. */
  readonly index: number;
}

/**
 * The program of a thread, as text, because the bundle is one file: waits for a job, takes chunks until there are
 * none left or it is told to stop, and waits again. It says `ready` once it waits.
 */
export const THREAD_PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, kernels, block, index } = workerData;
const { words, numbers, message } = block;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.postMessage('ready');
for (let job = 0; ; ) {
  Atomics.wait(words, ${JOB}, job);
  job = Atomics.load(words, ${JOB});
  const [kernel, chunks, scratch, scratchBytes, count, ...args] = numbers;
  args.length = count;
  try {
    const run = exports[kernels[kernel]];
    const own = scratch + index * scratchBytes;
    while (Atomics.load(words, ${STOP}) === 0) {
      const chunk = Atomics.add(words, ${NEXT_CHUNK}, 1);
      if (chunk >= chunks) break;
      run(chunk, own, ...args);
    }
  } catch (error) {
    Atomics.store(words, ${STOP}, 1);
    if (Atomics.exchange(words, ${FAILED}, 1) === 0) {
      const text = Buffer.from(String(error && error.message || error));
      message.set(text.subarray(0, message.length));
    }
  }
  if (Atomics.sub(words, ${PENDING}, 1) === 1) Atomics.notify(words, ${PENDING});
}
`;
