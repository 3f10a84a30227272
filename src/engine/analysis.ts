import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drawsOf } from '../core/ablation/clamp';
import { estimateSweep } from '../core/ablation/estimate';
import type { PieceTask } from '../core/ablation/counting';
import type { PieceResult } from '../core/ablation/piece';
import { prepareStudy, type PreparedStudy, type StudyParts } from '../core/ablation/prepare';
import type { Rounds, Slice } from '../core/ablation/rounds';
import { staticMeasures } from '../core/ablation/staticMeasures';
import { PIECE_UNITS, Sweep, sweepRounds } from '../core/ablation/sweep';
import { Tally } from '../core/ablation/tally';
import type { Control } from '../core/control';
import { headlineOf } from '../core/measures/headline';
import { runCorrelations } from '../core/measures/relations';
import type { AnalyzeEvent, AnalyzeParams, AnalyzeResult } from '../protocol/engine';
import { Cancelled, Failure } from '../protocol/failure';
import type { BackendInfo, Progress, RunRecord } from '../protocol/run';
import { MEASURES } from '../protocol/study';
import { writeCorrelations } from '../runs/correlationsFile';
import { RUN_FILES } from '../runs/runDirectory';
import { readRecord } from '../runs/runRecord';
import { RunWriter } from '../runs/runWriter';
import { chanceQuestion } from './chance';
import { differenceOf, draftRecord, keptOf, siteInfo } from './draftRecord';
import { passGate } from './gate';
import { refuseNotNumbers } from './notNumbers';
import { scaled, type OpenStudy } from './openStudy';
import { preprocess } from './preprocess';
import { fittedConstants, studyParts, type Resources } from './resources';
import { SweepTiming } from './timing';

/** How often the tables are written at most while a run goes on, in milliseconds. */
const WRITING_INTERVAL = 300;

/** How long pieces wait at most for their near-ties to be decided together, in milliseconds. */
const SETTLING_INTERVAL = 200;

/**
 * Carries out one analysis: preprocessing, baseline, then the sweep in rounds, writing the run directory and
 * telling of every piece. A directory that holds this very study already is continued.
 */
export class Analysis {
  private progress: Progress = {
    phase: 'preprocessing',
    fraction: 0,
    round: 0,
    rounds: 0,
    seconds_left: null,
  };
  private readonly began = performance.now();
  /** What pass 0 took: about as much as the measures that need no ablation will. */
  private passSeconds = 0;

  constructor(
    private readonly params: AnalyzeParams,
    private readonly study: OpenStudy,
    private readonly backend: BackendInfo,
    private readonly resources: Resources,
    private readonly on: (event: AnalyzeEvent) => void,
    private readonly control: Control,
  ) {}

  /**
   * @throws Failure if the directory cannot be written or holds another study
   * @throws Cancelled only before the run exists; later a cancel is a result
   */
  async run(): Promise<AnalyzeResult> {
    const { study, params } = this;
    this.tell({});
    const preprocessing = await preprocess(study, params.spec, this.control);
    const samples = scaled(study, preprocessing.chosen, params.spec);
    this.tell({ phase: 'baseline', fraction: 0 });
    const fitted = fittedConstants(study, await this.storedRecord());
    const parts: StudyParts = studyParts(study, params.spec, samples, this.resources, fitted);
    const passBegan = performance.now();
    const prepared = await prepareStudy(parts, this.control, (fraction) => {
      this.tell({ fraction });
    });
    if (params.spec.operator !== 'optimal') this.passSeconds = (performance.now() - passBegan) / 1000;
    try {
      refuseNotNumbers(prepared, study, params);
      return await this.measure(parts, prepared, preprocessing);
    } finally {
      prepared.dispose();
    }
  }

  private async measure(
    parts: StudyParts,
    prepared: PreparedStudy,
    preprocessing: RunRecord['preprocessing'],
  ): Promise<AnalyzeResult> {
    const { study, params } = this;
    const rounds = sweepRounds(study.network, prepared.measured);
    const draft = draftRecord(study, params, this.backend, preprocessing, prepared, rounds);
    const question = params.accept_chance ? null : chanceQuestion(draft, study, prepared);
    if (question !== null) return { kind: 'near_chance', question };
    const { before, sweep: sweepStudy } = prepared;
    const draws = Math.max(...sweepStudy.clamps.map(drawsOf));
    const { labels } = study.data;
    const tally = new Tally(study.sites, study.classes.length, before, labels, rounds.slices, draws);
    const sweep = new Sweep(sweepStudy);
    try {
      const estimate = await estimateSweep(sweep, sweepStudy, prepared.measured, this.control);
      const { writer, record, pieces } = await this.openRun(draft);
      const extras = (): Promise<void> => this.addMeasures(parts, prepared, tally);
      try {
        return await this.sweepAll({ writer, record, tally, sweep, rounds, pieces, estimate, extras });
      } finally {
        await writer.close();
      }
    } finally {
      sweep.dispose();
    }
  }

  /** Finds the measures that do not come from ablating; the map is there already. */
  private async addMeasures(parts: StudyParts, prepared: PreparedStudy, tally: Tally): Promise<void> {
    const wanted = new Set(this.params.spec.measures ?? MEASURES);
    const { fraction } = this.progress;
    this.tell({ phase: 'measures' });
    tally.addColumns(await staticMeasures(parts, prepared, wanted, this.control));
    this.tell({ phase: 'sweep', fraction });
  }

  private async sweepAll(run: {
    readonly writer: RunWriter;
    readonly record: RunRecord;
    readonly tally: Tally;
    readonly sweep: Sweep;
    readonly rounds: Rounds;
    readonly pieces: readonly PieceResult[];
    /** Seconds that each site is expected to take. */
    readonly estimate: Float64Array;
    readonly extras: () => Promise<void>;
  }): Promise<AnalyzeResult> {
    const { writer, tally, rounds } = run;
    const earlier = run.record.seconds;
    const finished = new Map(run.pieces.map((piece) => [pieceKey(piece, piece.slice), piece]));
    const measured = rounds.samples.reduce((sum, size) => sum + size, 0);
    const timing = new SweepTiming(
      this.study.sites.map((site) => site.units * measured),
      run.estimate,
    );
    let record: RunRecord = {
      ...run.record,
      estimate: run.estimate.reduce((sum, seconds) => sum + seconds, this.passSeconds),
      status: 'running',
      finished: null,
      error: null,
    };
    let written = -Infinity;
    const update = async (change: Partial<RunRecord>): Promise<void> => {
      const table = tally.table();
      record = {
        ...record,
        ...change,
        near_ties: { ...record.near_ties, pairs: tally.nearTies },
        ways: waysOf(record, run.sweep),
        headline: headlineOf(record.sites, table, (row, half) => tally.halfDrop(row, half)),
        seconds: earlier + (performance.now() - this.began) / 1000,
      };
      this.on({ event: 'units', from: 0, rows: table });
      // Rounds that follow fast share their writing; what is lost with one is in the journal.
      if (record.status === 'running' && performance.now() - written < WRITING_INTERVAL) {
        this.on({ event: 'record', record });
        return;
      }
      await writer.writeUnits(record, table);
      await writer.writeRecord(record);
      written = performance.now();
      this.on({ event: 'record', record });
    };
    this.on({ event: 'record', record });
    this.on({ event: 'units', from: 0, rows: tally.table() });
    this.tell({ phase: 'sweep', fraction: 0, rounds: rounds.samples.length });
    try {
      for (let round = 0; round < rounds.samples.length; round++) {
        await this.sweepRound(
          run,
          rounds.slices.filter((slice) => slice.round === round),
          finished,
          timing,
        );
        tally.judgeNoise();
        if (round === 0) await run.extras();
        const isLast = round + 1 === rounds.samples.length;
        // Data may be read as it is asked for: a round must not be of two versions.
        await this.study.unchanged.check();
        this.tell({ round: round + 1, fraction: this.fraction(timing, 0) });
        await update({
          rounds: { ...record.rounds, done: round + 1 },
          ...(isLast ? { status: 'complete', finished: new Date().toISOString() } : {}),
        });
        if (!isLast) await passGate(round + 1, this.control);
      }
      await this.writeRelations(tally);
      return { kind: 'complete', record };
    } catch (error) {
      const isCancel = error instanceof Cancelled;
      const message = error instanceof Error ? error.message : String(error);
      const status = isCancel ? 'cancelled' : 'failed';
      const end = update({ status, error: isCancel ? null : message, finished: new Date().toISOString() });
      if (isCancel) {
        await end;
        return { kind: 'cancelled', record };
      }
      // What stopped the sweep is what the user must hear, also when the disk will not take the record.
      await end.catch(() => undefined);
      throw error;
    }
  }

  /** How the measures relate, of a finished run. */
  private async writeRelations(tally: Tally): Promise<void> {
    const halves = {
      accuracy_drop: (row: number, half: 0 | 1) => tally.halfDrop(row, half),
      loss_increase: (row: number, half: 0 | 1) => tally.halfLossIncrease(row, half),
    };
    const { sites } = this.study;
    const relations = runCorrelations(sites.map(siteInfo), tally.table(), halves, this.params.spec.seed);
    await writeCorrelations(this.params.directory, relations);
  }

  /** Measures the pieces of a round, or takes them from an earlier session, and tells of their rows. */
  private async sweepRound(
    run: { readonly writer: RunWriter; readonly tally: Tally; readonly sweep: Sweep },
    slices: readonly Slice[],
    finished: ReadonlyMap<string, PieceResult>,
    timing: SweepTiming,
  ): Promise<void> {
    const { sweep, tally, writer } = run;
    const keep = async (pieces: readonly PieceResult[]): Promise<void> => {
      if (pieces.length > 0) await writer.append(...pieces);
      for (const piece of pieces) this.count(tally, piece);
    };
    let settled = performance.now();
    const settle = async (site: number): Promise<void> => {
      const began = performance.now();
      await keep(await sweep.settle(this.control));
      settled = performance.now();
      timing.finished(site, 0, (settled - began) / 1000);
      this.tell({ fraction: this.fraction(timing, 0), seconds_left: timing.secondsLeft });
    };
    let last = 0;
    try {
      for (const task of this.tasksOf(slices)) {
        const work = task.units * task.slice.samples.length;
        const known = finished.get(pieceKey(task, task.slice.index));
        if (known !== undefined) {
          this.count(tally, known);
          timing.finished(task.site, work, 0);
          continue;
        }
        const began = performance.now();
        await sweep.measure(task, this.control, (share) => {
          this.tell({ fraction: this.fraction(timing, share * work), seconds_left: timing.secondsLeft });
        });
        timing.finished(task.site, work, (performance.now() - began) / 1000);
        last = task.site;
        if (performance.now() - settled >= SETTLING_INTERVAL) await settle(last);
      }
      await settle(last);
    } catch (error) {
      if (error instanceof Cancelled) await keep(sweep.withoutTies());
      throw error;
    }
  }

  /** Counts a piece in and tells of its rows. */
  private count(tally: Tally, piece: PieceResult): void {
    tally.add(piece);
    const from = tally.rowOf(piece.site) + piece.first_unit;
    this.on({ event: 'units', from, rows: tally.part(from, piece.units) });
  }

  private *tasksOf(slices: readonly Slice[]): Generator<PieceTask> {
    // Site by site, so that what is kept of a site is used up before the next.
    for (const [site, { units }] of this.study.sites.entries()) {
      for (const slice of slices) {
        for (let first = 0; first < units; first += PIECE_UNITS) {
          yield { site, first_unit: first, units: Math.min(PIECE_UNITS, units - first), slice };
        }
      }
    }
  }

  /** The record of the run that is to be continued; null where there is none, or where the study is another. */
  private async storedRecord(): Promise<RunRecord | null> {
    const { directory, spec } = this.params;
    if (!existsSync(join(directory, RUN_FILES.record))) return null;
    const record = await readRecord(directory);
    const { model, data_sha256: data } = this.study;
    const isSame = record.model.sha256 === model.sha256 && record.data.sha256 === data;
    return isSame && record.spec.operator === spec.operator && record.seed === spec.seed ? record : null;
  }

  /** Starts the run directory, or goes on with it. */
  private async openRun(
    draft: RunRecord,
  ): Promise<{ writer: RunWriter; record: RunRecord; pieces: readonly PieceResult[] }> {
    const { directory } = this.params;
    if (!existsSync(join(directory, RUN_FILES.record))) {
      return { writer: await RunWriter.create(directory, draft), record: draft, pieces: [] };
    }
    const { writer, record, pieces } = await RunWriter.resume(directory);
    const difference = differenceOf(record, draft);
    if (difference !== null) {
      await writer.close();
      throw new Failure(
        `${directory} holds a run of another study (${difference}); choose another folder, or delete that run.`,
        { file: directory },
      );
    }
    return { writer, record: { ...draft, ...keptOf(record) }, pieces };
  }

  private fraction(timing: SweepTiming, started: number): number {
    const total = this.study.indices.length * this.study.sites.reduce((units, site) => units + site.units, 0);
    return (total - timing.workLeft + started) / total;
  }

  private tell(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
    this.on({ event: 'progress', progress: this.progress });
  }
}

function pieceKey(piece: { readonly site: number; readonly first_unit: number }, slice: number): string {
  return `${String(slice)}/${String(piece.site)}/${String(piece.first_unit)}`;
}

/** How each site was computed so far. */
function waysOf({ sites, ways }: RunRecord, sweep: Sweep): RunRecord['ways'] {
  const now = sites.flatMap(({ name }, site) => {
    const way = sweep.wayOf(site);
    return way === null ? [] : [[name, way] as const];
  });
  return { ...ways, ...Object.fromEntries(now) };
}
