import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { AnalyzeEvent, EngineMethod, FromEngine, ToEngine } from '../protocol/engine';
import { unpackFailure } from '../protocol/failure';

/** How an engine process is started. */
export interface EngineStart {
  /** The bundled engine, `dist/engine.js`. */
  readonly entry: string;
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
  /** Folders that may hold the native part, in the order to try. */
  readonly native: readonly string[];
  /** Bytes that the process may take. */
  readonly memoryLimit: number;
}

/** Where what an engine says goes. */
export type EngineLog = (level: 'info' | 'warn' | 'error', text: string) => void;

/** One request on its way. */
export interface Pending {
  readonly method: EngineMethod;
  readonly params: unknown;
  readonly on: ((event: AnalyzeEvent) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One engine process from its start to its end, and the requests it has not answered. */
export class EngineConnection {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private over = false;

  /**
   * @param ended called once when the process ends by itself, with how, and what it leaves unanswered
   */
  constructor(
    start: EngineStart,
    private readonly log: EngineLog,
    private readonly ended: (how: string, left: readonly Pending[]) => void,
  ) {
    const { entry, ...options } = start;
    this.child = fork(entry, [JSON.stringify(options)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        TF_CPP_MIN_LOG_LEVEL: '3',
        // The extension host of a desktop VS Code is Electron; without this the child would be one too.
        ELECTRON_RUN_AS_NODE: '1',
      },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => log('info', line));
    }
    this.child.on('message', (message) => this.receive(message as FromEngine));
    this.child.on('error', (error) => this.end(error.message));
    this.child.on('exit', (code, signal) =>
      this.end(signal === null ? `exit code ${code ?? 'unknown'}` : `killed by ${signal}`),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get idle(): boolean {
    return this.pending.size === 0;
  }

  /** Is one of these methods under way? */
  works(methods: ReadonlySet<EngineMethod>): boolean {
    return [...this.pending.values()].some(({ method }) => methods.has(method));
  }

  has(id: number): boolean {
    return this.pending.has(id);
  }

  request(id: number, request: Pending): void {
    this.pending.set(id, request);
    this.send({ kind: 'request', id, method: request.method, params: request.params });
  }

  /** Asks the engine to stop working on a request. */
  cancel(id: number): void {
    if (this.pending.has(id)) this.send({ kind: 'cancel', id });
  }

  /** Ends the process at once, without a word, and hands back what it had not answered. */
  kill(): ReadonlyMap<number, Pending> {
    const left = new Map(this.pending);
    this.over = true;
    this.pending.clear();
    this.child.kill('SIGKILL');
    return left;
  }

  private send(message: ToEngine): void {
    if (!this.child.connected) return;
    this.child.send(message, (error) => {
      // The process is going; its exit tells how.
      if (error !== null) this.log('warn', `A message did not reach the engine: ${error.message}`);
    });
  }

  private receive(message: FromEngine): void {
    if (this.over) return;
    if (message.kind === 'log') {
      this.log(message.level, message.text);
      return;
    }
    const request = this.pending.get(message.id);
    if (request === undefined) return;
    if (message.kind === 'event') {
      request.on?.(message.body);
      return;
    }
    this.pending.delete(message.id);
    if (message.kind === 'ok') request.resolve(message.value);
    else request.reject(unpackFailure(message.failure));
  }

  private end(how: string): void {
    if (this.over) return;
    this.over = true;
    const left = [...this.pending.values()];
    this.pending.clear();
    this.ended(how, left);
  }
}
