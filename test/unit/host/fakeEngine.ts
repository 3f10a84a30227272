import { Emitter } from '../../../src/host/emitter';
import type { Questions } from '../../../src/host/questions';
import type { EngineMethod, EngineRequests } from '../../../src/protocol/engine';

/** A question that waits for its answer. */
interface Question<M extends EngineMethod> {
  readonly params: EngineRequests[M]['params'];
  readonly withdrawn: boolean;
  answer(result: EngineRequests[M]['result']): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** An engine whose answers the test gives. */
export class FakeEngine {
  readonly problems: string[] = [];
  private readonly changes = new Emitter<void>();
  private readonly asked: { method: EngineMethod; question: Question<EngineMethod> }[] = [];
  private working = false;

  /** An analysis has the engine, or no longer. */
  set analysing(working: boolean) {
    this.working = working;
    this.changes.fire();
  }

  /** All questions of one kind so far, the oldest first. */
  questionsOf<M extends EngineMethod>(method: M): Question<M>[] {
    return this.asked.filter((one) => one.method === method).map(({ question }) => question as Question<M>);
  }

  /** As the host sees it. */
  get questions(): Questions {
    const { asked, problems } = this;
    const isWorking = (): boolean => this.working;
    return {
      engine: {
        get analysing() {
          return isWorking();
        },
        onDidChangeAnalysing: this.changes.event,
        request: (method, params, options) =>
          new Promise<never>((resolve, reject) => {
            const settle = async (act: () => void): Promise<void> => {
              act();
              await new Promise((done) => setImmediate(done));
            };
            const question = {
              params,
              get withdrawn() {
                return options?.signal?.aborted === true;
              },
              answer: (result: never) => settle(() => resolve(result)),
              fail: (error: Error) => settle(() => reject(error)),
            };
            asked.push({ method, question: question });
          }),
      },
      log: { error: (error) => void problems.push(String(error)), warn: (text) => void problems.push(text) },
      problemText: (error) => (error instanceof Error ? error.message : String(error)),
      busy: 'busy',
    };
  }
}
