import type { AnalyzeEvent, EngineMethod, EngineRequests } from '../protocol/engine';
import { Cancelled, Failure } from '../protocol/failure';
import { EngineConnection, type EngineLog, type EngineStart, type Pending } from './engineConnection';
import { Emitter, type Disposable } from './emitter';

/** How long a cancelled analysis may take to end by itself before its process is killed, milliseconds. */
const PATIENCE = 800;

/** What takes the whole engine, for long. */
const LONG: ReadonlySet<EngineMethod> = new Set(['analyze', 'curves', 'noise', 'pairs', 'prune', 'train']);

/** The engine process ended while it was working. `how` it ended, as part of a sentence. */
export class EngineStopped extends Failure {
  constructor(readonly how: string) {
    super(`The engine stopped (${how}). Try again: it is started anew.`);
  }
}

/** What goes with a request. */
export interface RequestOptions {
  /** What an analysis tells on its way. */
  readonly on?: (event: AnalyzeEvent) => void;
  /** Aborting it cancels the request. */
  readonly signal?: AbortSignal;
}

/**
 * The engine as everything in the host sees it: started with the first request, started anew after a crash.
 * Knows nothing of VS Code.
 */
export class EngineProcess implements Disposable {
  private connection: EngineConnection | undefined;
  private nextId = 1;
  private renewing = false;
  private disposed = false;
  private readonly analyses = new Emitter<void>();

  /** An analysis, an experiment or a saving began or ended. */
  readonly onDidChangeAnalysing = this.analyses.event;

  /**
   * @param start asked for each time a process is started, so that changed settings count
   */
  constructor(
    private readonly start: () => EngineStart,
    private readonly log: EngineLog,
  ) {}

  /** Process id of the running engine. */
  get pid(): number | undefined {
    return this.connection?.pid;
  }

  /** An analysis, an experiment or a saving is under way. */
  get analysing(): boolean {
    return this.connection?.works(LONG) === true;
  }

  /**
   * Asks the engine.
   * @throws Failure for what the user can mend, {@link EngineStopped} when the process ended, Cancelled
   */
  request<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[M]['result']> {
    const { on, signal } = options;
    if (this.disposed || signal?.aborted === true) return Promise.reject(new Cancelled());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => this.cancel(id, method);
      const settled = <T>(then: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          signal?.removeEventListener('abort', cancel);
          then(value);
          if (LONG.has(method)) this.analyses.fire();
          this.renewIfIdle();
        };
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.connect().request(id, {
        method,
        params,
        on,
        resolve: settled((value) => resolve(value as EngineRequests[M]['result'])),
        reject: settled(reject),
      });
      if (LONG.has(method)) this.analyses.fire();
    });
  }

  /** Ends the process, now or as soon as nothing is under way; the next request starts a new one. */
  renew(): void {
    this.renewing = true;
    this.renewIfIdle();
  }

  /** Ends the process now; what is under way is rejected as cancelled. */
  stop(): void {
    this.renewing = false;
    const left = this.connection?.kill();
    this.connection = undefined;
    for (const request of left?.values() ?? []) request.reject(new Cancelled());
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  private connect(): EngineConnection {
    if (this.connection !== undefined) return this.connection;
    const connection: EngineConnection = new EngineConnection(this.start(), this.log, (how, left) => {
      if (this.connection === connection) this.connection = undefined;
      this.log(left.length > 0 ? 'error' : 'warn', `The engine stopped (${how}).`);
      for (const request of left) request.reject(new EngineStopped(how));
    });
    this.connection = connection;
    this.log('info', `Engine started, process ${connection.pid ?? 'unknown'}.`);
    return connection;
  }

  private cancel(id: number, method: EngineMethod): void {
    const connection = this.connection;
    if (connection?.has(id) !== true) return;
    connection.cancel(id);
    // Only what takes long is worth a process: anything else ends soon by itself.
    if (!LONG.has(method)) return;
    setTimeout(() => {
      if (this.connection !== connection || !connection.has(id)) return;
      this.log('warn', `The engine did not stop within ${PATIENCE} ms of being asked; killed.`);
      this.replace(connection, id);
    }, PATIENCE);
  }

  /** Kills the process for the sake of one cancelled request; the others are asked again of a new one. */
  private replace(connection: EngineConnection, cancelled: number): void {
    const left = connection.kill();
    this.connection = undefined;
    const again: [number, Pending][] = [];
    for (const [id, request] of left) {
      if (id === cancelled) request.reject(new Cancelled());
      else again.push([id, request]);
    }
    for (const [id, request] of again) this.connect().request(id, request);
  }

  private renewIfIdle(): void {
    if (this.renewing && this.connection?.idle !== false) this.stop();
  }
}
