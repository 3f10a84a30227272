import { Recent } from '../core/recent';
import type { Example } from '../protocol/details';
import { Cancelled } from '../protocol/failure';
import type { Evaluation, RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { DisposableStore } from './disposableStore';
import type { Questions } from './questions';
import { evaluateFromTable } from './singleDeletion';
import type { Study } from './study';

/** After this long without an answer the study says why it takes its time, milliseconds. */
const PATIENCE = 1000;

/** Samples that are shown with each answer. */
const EXAMPLES = 12;

/** What answers may take that are kept for undo and redo, bytes. */
const KEPT = 32 * 2 ** 20;

/**
 * Keeps a study's evaluation of its deleted units up to date, by the engine. Of several questions the latest wins,
 * the others are withdrawn; sets that were measured lately are answered at once. One unit with final counts is
 * answered from the table, and the engine then adds what the table does not hold. With nothing deleted the network as
 * it is is measured while the engine is free, so that it is ready for the first unit. Knows nothing of VS Code.
 */
export class Evaluator extends DisposableStore {
  /** The set that is asked about. */
  private asked: string | null = null;
  private controller = new AbortController();
  private readonly known = new Recent<Evaluation>(KEPT);

  constructor(
    private readonly study: Study,
    private readonly questions: Questions,
  ) {
    super();
    this.own(study.onDidChangeDeletion(() => this.update()));
    this.own(questions.engine.onDidChangeAnalysing(() => this.engineChanged()));
    this.own({ dispose: () => this.forget() });
  }

  private update(): void {
    const { record, table, deletion } = this.study.state;
    const { deleted } = deletion;
    if (record === null || table === null) {
      this.forget();
      return;
    }
    const key = keyOf(record, deleted);
    const known = this.known.get(key);
    if (known !== undefined) {
      this.forget();
      if (deletion.evaluation !== known) this.study.setEvaluation(known, null);
      return;
    }
    // The same question is under way already.
    if (this.asked === key) return;
    this.forget();
    const [only, ...others] = deleted;
    if (only === undefined && (this.study.running || this.questions.engine.analysing)) return;
    const fromTable =
      only !== undefined && others.length === 0 ? evaluateFromTable(record, table, only) : null;
    if (fromTable !== null) this.study.setEvaluation(fromTable, null);
    // The analysis has the engine.
    if (fromTable !== null && this.study.running) return;
    this.asked = key;
    void this.ask(record, deleted, fromTable, this.controller.signal);
  }

  /** An analysis goes before what nobody asked for. */
  private engineChanged(): void {
    const { deletion } = this.study.state;
    if (deletion.deleted.length > 0) return;
    if (this.questions.engine.analysing) this.forget();
    else if (deletion.evaluation === null) this.update();
  }

  /** @param part what the user has been told already */
  private async ask(
    record: RunRecord,
    deleted: readonly UnitRef[],
    part: Evaluation | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { study, questions } = this;
    const waiting = setTimeout(() => {
      if (signal.aborted || part !== null || !study.running) return;
      study.setEvaluation(null, questions.busy);
    }, PATIENCE);
    try {
      const params = { record, deleted, examples: EXAMPLES };
      const evaluation = await questions.engine.request('evaluate', params, { signal });
      if (signal.aborted) return;
      this.known.set(keyOf(record, deleted), evaluation, bytesOf(evaluation));
      study.setEvaluation(evaluation, null);
    } catch (error) {
      if (signal.aborted || error instanceof Cancelled) return;
      questions.log.error(error instanceof Error ? error : String(error));
      study.setEvaluation(part, questions.problemText(error));
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) this.asked = null;
    }
  }

  private forget(): void {
    this.asked = null;
    this.controller.abort();
    this.controller = new AbortController();
  }
}

/** The same for the same units of the same model and data, in whatever order they were deleted. */
function keyOf({ model, data, preprocessing, clamp }: RunRecord, deleted: readonly UnitRef[]): string {
  const units = deleted.map(({ site, unit }) => `${unit} ${site}`).sort();
  return JSON.stringify([model.sha256, data.sha256, preprocessing.chosen, clamp?.operator, units]);
}

function bytesOf({ confusion, examples = [] }: Evaluation): number {
  const matrices = (confusion?.before.byteLength ?? 0) + (confusion?.after.byteLength ?? 0);
  return matrices + examples.reduce((sum, example) => sum + exampleBytes(example), 4096);
}

function exampleBytes({ input, before, after }: Example): number {
  const values = input.kind === 'image' ? input.rgba : input.values;
  return values.byteLength + before.byteLength + after.byteLength;
}
