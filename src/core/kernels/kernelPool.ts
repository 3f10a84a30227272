import { Worker } from 'node:worker_threads';
import type { Control } from '../control';
import { Arena } from './arena';
import {
  FAILED,
  JOB,
  jobBlock,
  NEXT_CHUNK,
  PENDING,
  STOP,
  THREAD_PROGRAM,
  writeJob,
  type JobBlock,
  type ThreadData,
} from './kernelThread';

/** How often a running job looks whether it is cancelled, and tells how far it is, in milliseconds. */
const LOOK = 20;

/** How a kernel is to be run. */
export interface KernelJob {
  /** Name of an exported function `(chunk, scratch, ...args)` of the kernels. */
  readonly kernel: string;
  readonly args: readonly number[];
  /** Parts of the work, each well under 100 ms: threads take the next one as they get free. */
  readonly chunks: number;
  /** Bytes of memory each thread needs for itself. */
  readonly scratch: number;
}

/** The WebAssembly kernels, on a pool of threads with one shared memory. */
export class KernelPool {
  /** Jobs run one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private broken: Error | null = null;

  private constructor(
    readonly arena: Arena,
    private readonly kernels: readonly string[],
    private readonly block: JobBlock,
    private readonly workers: readonly Worker[],
  ) {}

  get threads(): number {
    return this.workers.length;
  }

  /**
   * Starts threads. They keep no process alive while they have nothing to do.
   * @param bytes the compiled kernels (dist/kernels.wasm)
   * @throws Error where WebAssembly threads or SIMD are not to be had
   */
  static async start(bytes: Uint8Array<ArrayBuffer>, threads: number): Promise<KernelPool> {
    const module = await WebAssembly.compile(bytes);
    const arena = new Arena();
    const block = jobBlock();
    const kernels = WebAssembly.Module.exports(module).map(({ name }) => name);
    const workers = Array.from({ length: threads }, (_, index) => {
      const workerData: ThreadData = { module, memory: arena.memory, kernels, block, index };
      return new Worker(THREAD_PROGRAM, { eval: true, workerData, execArgv: [], name: 'kernels' });
    });
    const pool = new KernelPool(arena, kernels, block, workers);
    try {
      await Promise.all(workers.map((worker) => readyOf(worker)));
    } catch (error) {
      await pool.dispose();
      throw error;
    }
    for (const worker of workers) {
      worker.unref();
      worker.on('error', (error) => (pool.broken ??= error));
      worker.on('exit', () => {
        pool.broken ??= new Error('A thread of the kernels has ended');
        // It is done with what was running; the others end theirs.
        Atomics.store(block.words, STOP, 1);
        Atomics.sub(block.words, PENDING, 1);
        Atomics.notify(block.words, PENDING);
      });
    }
    return pool;
  }

  /**
   * Runs a kernel on all its chunks, each once, on all threads.
   * @param progress called now and then with the share done, 0 … 1
   * @throws Cancelled soon after a cancel; Error if a kernel traps or a thread dies
   */
  run(job: KernelJob, control: Control, progress?: (share: number) => void): Promise<void> {
    const turn = this.last.then(() => this.runNow(job, control, progress));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the threads. */
  async dispose(): Promise<void> {
    this.broken ??= new Error('The kernels have been disposed');
    Atomics.store(this.block.words, STOP, 1);
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async runNow(job: KernelJob, control: Control, progress?: (share: number) => void): Promise<void> {
    await control.breathe();
    if (this.broken !== null) throw this.broken;
    const { block, workers, arena } = this;
    const { words } = block;
    const kernel = this.kernels.indexOf(job.kernel);
    if (kernel < 0) throw new Error(`The kernel ${job.kernel} failed: there is none of this name`);
    const size = Math.ceil(job.scratch / 64) * 64;
    const scratch = arena.allocate(size * workers.length);
    let failure: unknown = null;
    // Keeps the process alive while threads are at work, which by themselves do not.
    const look = setInterval(() => {
      progress?.(Math.min(1, Atomics.load(words, NEXT_CHUNK) / job.chunks));
      control.breathe().catch((error: unknown) => {
        failure ??= error;
        Atomics.store(words, STOP, 1);
      });
    }, LOOK);
    try {
      writeJob(block, kernel, job.chunks, scratch, size, job.args);
      Atomics.store(words, PENDING, workers.length);
      Atomics.add(words, JOB, 1);
      Atomics.notify(words, JOB);
      // All of them have to be done before the memory is anyone else's.
      await untilDone(words);
    } finally {
      clearInterval(look);
      arena.release(scratch);
    }
    if (this.broken !== null) throw this.broken;
    if (Atomics.load(words, FAILED) !== 0) {
      throw new Error(`The kernel ${job.kernel} failed: ${messageOf(block)}`);
    }
    if (failure !== null) throw failure as Error;
  }
}

/** Until no thread is at work any more. */
async function untilDone(words: Int32Array): Promise<void> {
  for (;;) {
    const pending = Atomics.load(words, PENDING);
    if (pending <= 0) return;
    const waiting = Atomics.waitAsync(words, PENDING, pending, LOOK);
    if (waiting.async) await waiting.value;
  }
}

function messageOf({ message }: JobBlock): string {
  const end = message.indexOf(0);
  return Buffer.from(message.slice(0, end < 0 ? message.length : end)).toString('utf8');
}

/** The first message of a thread; rejects if it ends or fails instead. */
function readyOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('A thread of the kernels has ended'));
    });
  });
}
