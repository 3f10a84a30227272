/**
 * The engine process: answers requests that come over the channel it was forked with, and ends with it.
 * Its one argument is JSON: `{ backend, native, memoryLimit }`, see {@link SessionOptions}.
 */
import { packFailure } from '../protocol/failure';
import type {
  AnalyzeEvent,
  AnalyzeParams,
  EngineMethod,
  EngineRequests,
  FromEngine,
  ToEngine,
} from '../protocol/engine';
import { exportRun } from '../runs/exportRun';
import { Session, type SessionOptions } from './session';
import { siteFigures } from './siteFigures';
import { estimateTraining, train } from './training/train';

type Handlers = {
  readonly [M in EngineMethod]: (
    params: EngineRequests[M]['params'],
    context: { readonly signal: AbortSignal; readonly on: (event: AnalyzeEvent) => void },
  ) => Promise<EngineRequests[M]['result']>;
};

function send(message: FromEngine): void {
  process.send?.(message);
}

function handlersOf(session: Session): Handlers {
  return {
    hello: () => session.hello(),
    inspectModel: ({ path }) => session.inspectModel(path),
    describeModel: ({ path, ...options }) => session.describeModel(path, options),
    inspectData: ({ path, inputs }) => session.inspectData(path, inputs),
    analyze: (params: AnalyzeParams, { on, signal }) => session.analyze(params, on, signal),
    evaluate: (params, { signal }) => session.evaluate(params, signal),
    describeUnit: (params, { signal }) => session.describeUnit(params, signal),
    curves: (params, { on, signal }) => session.curves(params, on, signal),
    noise: (params, { on, signal }) => session.noise(params, on, signal),
    pairs: (params, { on, signal }) => session.pairs(params, on, signal),
    readRun: ({ directory }) => session.readRun(directory),
    exportRun: async ({ directory, format, file }) => {
      await exportRun(directory, format, file);
      return null;
    },
    siteFigures: ({ directory }) => siteFigures(directory),
    prune: (params, { on, signal }) => session.prune(params, on, signal),
    estimateTraining: (options, { signal }) => estimateTraining(session, options, signal),
    train: (params, { on, signal }) => train(session, params, on, signal),
  };
}

function main(): void {
  const options = JSON.parse(process.argv[2] ?? '{}') as Partial<SessionOptions>;
  const session = new Session({
    backend: options.backend ?? 'auto',
    native: options.native ?? [],
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    log: (level, text) => {
      send({ kind: 'log', level, text });
    },
  });
  const handlers = handlersOf(session);
  const running = new Map<number, AbortController>();

  const answer = async (id: number, method: EngineMethod, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = handlers[method] as (params: unknown, context: object) => Promise<unknown>;
      const on = (body: AnalyzeEvent): void => {
        send({ kind: 'event', id, body });
      };
      send({ kind: 'ok', id, value: await handler(params, { signal: controller.signal, on }) });
    } catch (error) {
      send({ kind: 'error', id, failure: packFailure(error) });
    } finally {
      running.delete(id);
    }
  };

  process.on('message', (message: ToEngine) => {
    if (message.kind === 'request') void answer(message.id, message.method, message.params);
    else running.get(message.id)?.abort();
  });
  // The window is gone: nothing is lost, finished pieces are on disk.
  process.on('disconnect', () => process.exit(0));
}

main();
