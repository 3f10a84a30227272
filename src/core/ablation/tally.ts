import { emptyUnitTable, type UnitColumn, type UnitTable } from '../../protocol/units';
import {
  benjaminiHochberg,
  drawnInterval,
  drawnTest,
  mcnemarExact,
  pairedInterval,
} from '../measures/pairedInterval';
import type { Site } from '../network/sites';
import type { PassZero } from './passZero';
import type { PieceResult } from './piece';
import type { Slice } from './rounds';

/** False discovery rate of `within_noise`. */
const FALSE_DISCOVERY_RATE = 0.05;

/** What the network does on a slice when nothing is ablated. */
interface SliceBaseline {
  readonly samples: number;
  readonly correct: number;
  readonly loss: number;
  /** One entry a class. */
  readonly classSamples: Int32Array;
  readonly classCorrect: Int32Array;
}

/** What has been counted of the units, over the slices done so far, with every draw of the operator. */
interface UnitCounts {
  readonly toWrong: Float64Array;
  readonly toRight: Float64Array;
  readonly correct: Float64Array;
  /** Sums over samples of the squares of flips one way less flips the other. */
  readonly netSquares: Float64Array;
  /** One entry a half: samples, and flips to wrong − flips to right. */
  readonly halfSamples: Int32Array;
  readonly halfDrop: Float64Array;
}

/** Columns that do not come from ablating, each with one value a unit, in the order of the rows. */
export type StaticColumns = Partial<Record<UnitColumn, Float64Array>>;

/**
 * Adds pieces up to the measures of all units. Counts add up in any order; losses are kept a slice and summed
 * in slice order, so that the result does not depend on the order the pieces came in.
 */
export class Tally {
  readonly rows: number;
  private readonly firstRow: readonly number[];
  private readonly baselines: readonly SliceBaseline[];
  private readonly counts: UnitCounts;
  /** `[rows, slices]`, NaN where not measured. */
  private readonly loss: Float64Array;
  /** `[rows, classes]`. */
  private readonly classCorrect: Float64Array;
  private withinNoise: Float64Array;
  private ties = 0;
  private columns: StaticColumns = {};

  constructor(
    private readonly sites: readonly Site[],
    private readonly classes: number,
    private readonly before: PassZero,
    labels: Int32Array,
    private readonly slices: readonly Slice[],
    /** Of the operator; what it counts is shared out over them. */
    private readonly draws = 1,
  ) {
    const firstRow: number[] = [];
    let rows = 0;
    for (const site of sites) {
      firstRow.push(rows);
      rows += site.units;
    }
    this.rows = rows;
    this.firstRow = firstRow;
    this.baselines = slices.map((slice) => sliceBaseline(slice, before, labels, classes));
    this.counts = {
      toWrong: new Float64Array(rows),
      toRight: new Float64Array(rows),
      correct: new Float64Array(rows),
      netSquares: new Float64Array(rows),
      halfSamples: new Int32Array(2 * rows),
      halfDrop: new Float64Array(2 * rows),
    };
    this.loss = new Float64Array(rows * slices.length).fill(NaN);
    this.classCorrect = new Float64Array(rows * classes);
    this.withinNoise = new Float64Array(rows).fill(NaN);
  }

  /** Pairs decided by the plain forward pass. */
  get nearTies(): number {
    return this.ties;
  }

  /** Row of a site's first unit. */
  rowOf(site: number): number {
    return this.firstRow[site]!;
  }

  /** Counts a piece in; each piece once. */
  add(piece: PieceResult): void {
    const { counts, classes } = this;
    for (let k = 0; k < piece.units; k++) {
      const row = this.rowOf(piece.site) + piece.first_unit + k;
      counts.toWrong[row]! += piece.flips_to_wrong[k]!;
      counts.toRight[row]! += piece.flips_to_right[k]!;
      counts.correct[row]! += piece.ablated_correct[k]!;
      counts.netSquares[row]! += piece.net_squares[k]!;
      counts.halfSamples[2 * row + piece.half]! += piece.samples;
      counts.halfDrop[2 * row + piece.half]! += piece.flips_to_wrong[k]! - piece.flips_to_right[k]!;
      this.loss[row * this.slices.length + piece.slice] = piece.loss_sum[k]!;
      for (let c = 0; c < classes; c++) {
        this.classCorrect[row * classes + c]! += piece.class_correct[k * classes + c]!;
      }
      this.ties += piece.near_ties[k]!;
    }
  }

  /** Decides anew, over all units, which drops are within noise: after a round, when all have as many samples. */
  judgeNoise(): void {
    const { toWrong, toRight, netSquares } = this.counts;
    const p = Float64Array.from(toWrong, (b, row) => {
      const c = toRight[row]!;
      if (this.draws === 1) return mcnemarExact(b, c);
      return drawnTest((b - c) / this.draws, netSquares[row]! / this.draws ** 2, this.samplesOf(row));
    });
    const beyond = benjaminiHochberg(p, FALSE_DISCOVERY_RATE);
    this.withinNoise = Float64Array.from(beyond, (rejected) => (rejected ? 0 : 1));
  }

  /** Adds measures that do not come from ablating. */
  addColumns(columns: StaticColumns): void {
    this.columns = { ...this.columns, ...columns };
  }

  /** The measures of all units. */
  table(): UnitTable {
    return this.part(0, this.rows);
  }

  /** The measures of `count` units from row `from` on. */
  part(from: number, count: number): UnitTable {
    const table = emptyUnitTable(count, this.classes);
    let site = this.sites.length - 1;
    while (site > 0 && this.rowOf(site) > from) site -= 1;
    for (let k = 0; k < count; k++) {
      const row = from + k;
      while (site + 1 < this.sites.length && this.rowOf(site + 1) <= row) site += 1;
      this.fillStatistics(table, k, site, row - this.rowOf(site));
      this.fillImportance(table, k, row);
      for (const [name, values] of Object.entries(this.columns)) {
        table.columns[name as UnitColumn][k] = values[row]!;
      }
    }
    return table;
  }

  /** Importance of a unit on one half of what was measured, a fraction; NaN where nothing was. */
  halfDrop(row: number, half: 0 | 1): number {
    const { halfDrop, halfSamples } = this.counts;
    return halfDrop[2 * row + half]! / (halfSamples[2 * row + half]! * this.draws);
  }

  /** Loss increase of a unit on one half of what was measured, nats; NaN where nothing was. */
  halfLossIncrease(row: number, half: 0 | 1): number {
    let samples = 0;
    let increase = 0;
    this.baselines.forEach((baseline, slice) => {
      const loss = this.loss[row * this.slices.length + slice]!;
      if (this.slices[slice]!.half !== half || Number.isNaN(loss)) return;
      samples += baseline.samples;
      increase += loss / this.draws - baseline.loss;
    });
    return increase / samples;
  }

  /** Samples that a unit was measured on. */
  private samplesOf(row: number): number {
    const { halfSamples } = this.counts;
    return halfSamples[2 * row]! + halfSamples[2 * row + 1]!;
  }

  private fillStatistics(table: UnitTable, k: number, site: number, unit: number): void {
    const statistics = this.before.sites[site]!;
    const { columns } = table;
    const valid = statistics.valid[unit]!;
    columns.selectivity[k] = statistics.selectivity[unit]!;
    columns.preferred_class[k] = statistics.preferred[unit]!;
    columns.selectivity_valid[k] = valid;
    columns.mean_activation[k] = statistics.mean[unit]!;
    columns.active_fraction[k] = statistics.active[unit]!;
    columns.dead[k] = statistics.dead[unit]!;
    const { classes } = this;
    const means = statistics.classMeans.subarray(unit * classes, (unit + 1) * classes);
    table.class_mean.set(means, k * classes);
  }

  private fillImportance(table: UnitTable, k: number, row: number): void {
    const { columns } = table;
    const { classes } = this;
    let n = 0;
    let correct = 0;
    let lossIncrease = 0;
    const classSamples = new Int32Array(classes);
    const classCorrect = new Int32Array(classes);
    this.baselines.forEach((baseline, slice) => {
      const loss = this.loss[row * this.slices.length + slice]!;
      if (Number.isNaN(loss)) return;
      n += baseline.samples;
      correct += baseline.correct;
      lossIncrease += loss / this.draws - baseline.loss;
      for (let c = 0; c < classes; c++) {
        classSamples[c]! += baseline.classSamples[c]!;
        classCorrect[c]! += baseline.classCorrect[c]!;
      }
    });
    columns.n[k] = n;
    if (n === 0) return;
    const { counts, draws } = this;
    const b = counts.toWrong[row]! / draws;
    const c = counts.toRight[row]! / draws;
    const squares = counts.netSquares[row]! / draws ** 2;
    const interval = draws === 1 ? pairedInterval(b, c, n) : drawnInterval(b - c, squares, n);
    columns.baseline_correct[k] = correct;
    columns.ablated_correct[k] = counts.correct[row]! / draws;
    columns.flips_to_wrong[k] = b;
    columns.flips_to_right[k] = c;
    columns.accuracy_drop[k] = (b - c) / n;
    columns.drop_low[k] = interval.low;
    columns.drop_high[k] = interval.high;
    columns.loss_increase[k] = lossIncrease / n;
    columns.within_noise[k] = this.withinNoise[row]!;
    columns.max_class[k] = -1;
    for (let label = 0; label < classes; label++) {
      const left = this.classCorrect[row * classes + label]! / draws;
      const drop = (classCorrect[label]! - left) / classSamples[label]!;
      table.class_drop[k * classes + label] = drop;
      if (classSamples[label] === 0) continue;
      if (columns.max_class[k] === -1 || drop > columns.max_class_drop[k]!) {
        columns.max_class_drop[k] = drop;
        columns.max_class[k] = label;
      }
    }
  }
}

function sliceBaseline(slice: Slice, before: PassZero, labels: Int32Array, classes: number): SliceBaseline {
  const classSamples = new Int32Array(classes);
  const classCorrect = new Int32Array(classes);
  let correct = 0;
  let loss = 0;
  for (const index of slice.samples) {
    const label = labels[index]!;
    classSamples[label]! += 1;
    loss += before.loss[index]!;
    if (before.predicted[index] === label) {
      correct += 1;
      classCorrect[label]! += 1;
    }
  }
  return { samples: slice.samples.length, correct, loss, classSamples, classCorrect };
}
