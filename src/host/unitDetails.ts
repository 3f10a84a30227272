import { Recent } from '../core/recent';
import type { SampleInput, UnitDetails } from '../protocol/details';
import { Cancelled } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { UnitRef } from '../protocol/study';
import { DisposableStore } from './disposableStore';
import type { Questions } from './questions';
import type { Study } from './study';
import { sameUnit } from './unitRows';

/** What the details of units seen before may take, bytes. */
const KEPT = 32 * 2 ** 20;

/**
 * Asks the engine for all of the selected unit. Of several selections the latest wins, the others are withdrawn; units
 * seen lately are known at once. While an analysis has the engine the question waits. Knows nothing of VS Code.
 */
export class UnitDetailsFinder extends DisposableStore {
  private asked: UnitRef | null = null;
  private controller = new AbortController();
  private readonly known = new Recent<UnitDetails>(KEPT);

  constructor(
    private readonly study: Study,
    private readonly questions: Questions,
  ) {
    super();
    this.own(study.onDidChangeSelection(() => this.update()));
    this.own(questions.engine.onDidChangeAnalysing(() => this.update()));
    this.own({ dispose: () => this.forget() });
  }

  private update(): void {
    const { record, selection: unit, unit: shown } = this.study.state;
    if (record === null || unit === null) {
      this.forget();
      return;
    }
    // It is known, or the very question is under way.
    if (sameUnit(shown?.unit ?? null, unit) && shown?.details != null) return;
    const known = this.known.get(keyOf(unit));
    if (known !== undefined) {
      this.forget();
      this.study.setUnit({ unit, details: known, problem: null });
      return;
    }
    if (this.questions.engine.analysing) {
      this.forget();
      this.study.setUnit({ unit, details: null, problem: this.questions.busy });
      return;
    }
    if (sameUnit(this.asked, unit)) return;
    this.forget();
    this.asked = unit;
    void this.ask(record, unit, this.controller.signal);
  }

  private async ask(record: RunRecord, unit: UnitRef, signal: AbortSignal): Promise<void> {
    const { study, questions } = this;
    if (study.state.unit?.problem != null) study.setUnit({ unit, details: null, problem: null });
    try {
      const details = await questions.engine.request('describeUnit', { record, unit }, { signal });
      if (signal.aborted) return;
      this.known.set(keyOf(unit), details, bytesOf(details));
      study.setUnit({ unit, details, problem: null });
    } catch (error) {
      if (signal.aborted || error instanceof Cancelled) return;
      questions.log.warn(`${unit.site} #${unit.unit} is not described: ${String(error)}`);
      study.setUnit({ unit, details: null, problem: questions.problemText(error) });
    } finally {
      if (!signal.aborted) this.asked = null;
    }
  }

  private forget(): void {
    this.asked = null;
    this.controller.abort();
    this.controller = new AbortController();
  }
}

function keyOf({ site, unit }: UnitRef): string {
  return `${unit} ${site}`;
}

function bytesOf({ most, least, class_means, histogram }: UnitDetails): number {
  const inputs = [...most, ...least].reduce((sum, { input }) => sum + inputBytes(input), 4096);
  return inputs + class_means.byteLength + histogram.counts.byteLength;
}

function inputBytes(input: SampleInput): number {
  return input.kind === 'image' ? input.rgba.byteLength : input.values.byteLength;
}
