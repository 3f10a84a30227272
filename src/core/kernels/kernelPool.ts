import { Worker } from 'node:worker_threads';
import type { Control } from '../control';
import { Arena } from './arena';
import {
  NEXT_CHUNK,
  STOP,
  THREAD_PROGRAM,
  type ThreadAnswer,
  type ThreadData,
  type ThreadJob,
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
    private readonly words: Int32Array,
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
    const words = new Int32Array(new SharedArrayBuffer(8));
    const data: ThreadData = { module, memory: arena.memory, words };
    const workers = Array.from(
      { length: threads },
      () => new Worker(THREAD_PROGRAM, { eval: true, workerData: data, execArgv: [], name: 'kernels' }),
    );
    const pool = new KernelPool(arena, words, workers);
    try {
      await Promise.all(workers.map((worker) => answerOf(worker)));
    } catch (error) {
      await pool.dispose();
      throw error;
    }
    for (const worker of workers) {
      worker.unref();
      worker.on('error', (error) => (pool.broken ??= error));
      worker.on('exit', () => (pool.broken ??= new Error('A thread of the kernels has ended')));
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
    Atomics.store(this.words, STOP, 1);
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async runNow(job: KernelJob, control: Control, progress?: (share: number) => void): Promise<void> {
    await control.breathe();
    if (this.broken !== null) throw this.broken;
    const { words, workers, arena } = this;
    Atomics.store(words, NEXT_CHUNK, 0);
    Atomics.store(words, STOP, 0);
    const size = Math.ceil(job.scratch / 64) * 64;
    const scratch = arena.allocate(size * workers.length);
    let running = true;
    let failure: unknown = null;
    const stop = (error: unknown): void => {
      if (!running) return;
      failure ??= error;
      Atomics.store(words, STOP, 1);
    };
    const look = setInterval(() => {
      progress?.(Math.min(1, Atomics.load(words, NEXT_CHUNK) / job.chunks));
      control.breathe().catch(stop);
    }, LOOK);
    try {
      const shares = workers.map(async (worker, index) => {
        const own = scratch + index * size;
        const part: ThreadJob = { kernel: job.kernel, args: job.args, chunks: job.chunks, scratch: own };
        const answer = answerOf(worker);
        worker.ref();
        worker.postMessage(part);
        return answer;
      });
      for (const share of shares) share.catch(stop);
      // All of them have to be done before the memory is anyone else's.
      for (const share of await Promise.allSettled(shares)) {
        if (share.status === 'rejected') throw share.reason as Error;
        if (share.value.kind !== 'failed') continue;
        throw new Error(`The kernel ${job.kernel} failed: ${share.value.message}`);
      }
      if (failure !== null) throw failure as Error;
    } finally {
      running = false;
      clearInterval(look);
      for (const worker of workers) worker.unref();
      arena.release(scratch);
    }
  }
}

/** The next message of a thread; rejects if it ends or fails instead. */
function answerOf(worker: Worker): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      settle();
    };
    const onMessage = (answer: ThreadAnswer): void => done(() => resolve(answer));
    const onError = (error: unknown): void =>
      done(() => reject(error instanceof Error ? error : new Error(String(error))));
    const onExit = (): void => done(() => reject(new Error('A thread of the kernels has ended')));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
