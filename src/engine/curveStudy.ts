import { CachedForward } from '../core/ablation/cachedForward';
import type { Clamp } from '../core/ablation/clamp';
import { measureCurve } from '../core/ablation/curves/measureCurve';
import { orderingSeed, randomOrder } from '../core/ablation/curves/orders';
import { curvePoints } from '../core/ablation/curves/points';
import { summarize } from '../core/ablation/curves/summary';
import { halvesOf } from '../core/ablation/halves';
import type { PlainForward } from '../core/ablation/plainForward';
import { largestShare } from '../core/measures/baseline';
import type { Site } from '../core/network/sites';
import type { Samples } from '../core/samples';
import type { CurveData, CurveOptions, CurvePoint, Direction, Order } from '../protocol/curves';
import type { AnalyzeResult } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import { modelName } from '../runs/runDirectory';
import { Experiment, type ExperimentSetting } from './experiment';
import { CurveRanking } from './curveRanking';
import { clampsOn, readTrainingData } from './trainingData';

/** One curve of the plan. */
interface PlannedCurve {
  readonly data: CurveData;
  readonly sites: readonly number[];
  readonly order: Order;
  readonly direction: Direction | null;
  readonly repeat: number;
}

/** Samples that curves are measured on. */
interface CurveSamples {
  readonly samples: Samples;
  readonly forward: PlainForward;
  readonly indices: Int32Array;
  readonly clamps: readonly Clamp[];
}

/** Measures cumulative ablation curves (science.md, "Curves") in a run of their own, or goes on with them. */
export function studyCurves(setting: ExperimentSetting<'curves'>): Promise<AnalyzeResult> {
  const { options, spec } = setting.params;
  const isRanked = options.orders.some((order) => order !== 'random');
  if (options.orders.includes('greedy') && spec.operator === 'resample') {
    throw new Failure('A greedy order needs an operator with a constant; choose zero, mean or optimal.');
  }
  return Experiment.run(
    setting,
    ({ measured }) => {
      const [first, second] = halvesOf(measured);
      const seeds = options.orders.includes('random') ? options.orderings : 0;
      return {
        options,
        ranked_on: isRanked ? first.length : 0,
        measured_on: isRanked ? second.length : measured.length,
        train_measured_on: null,
        train: null,
        ordering_seeds: Array.from({ length: seeds }, (_, repeat) => orderingSeed(spec.seed, repeat)),
        greedy: [],
        summary: [],
      };
    },
    (run) => carryOut(run, isRanked),
  );
}

async function carryOut(run: Experiment<'curves'>, isRanked: boolean): Promise<void> {
  const [first, second] = halvesOf(run.prepared.measured);
  const data = await samplesOf(run, isRanked ? second : run.prepared.measured);
  const curves = new CurveRun(run, data, first);
  try {
    await curves.carryOut();
  } finally {
    curves.dispose();
  }
}

/** Goes through the plan, curve by curve. */
class CurveRun {
  private readonly plan: readonly PlannedCurve[];
  private readonly done = new Map<string, CurvePoint[]>();
  private readonly ranking: CurveRanking;
  private finished: number;
  private cache: { readonly key: string; readonly forward: CachedForward } | null = null;

  constructor(
    private readonly run: Experiment<'curves'>,
    private readonly data: ReadonlyMap<CurveData, CurveSamples>,
    half: Int32Array,
  ) {
    const { options } = run.params;
    const all = run.study.sites.map((_, k) => k);
    const groups = options.each ? all.map((k) => [k]) : [all];
    this.plan = [...data.keys()].flatMap((name) => groups.flatMap((group) => planned(name, group, options)));
    for (const point of run.rows) {
      const key = [point.data, point.sites, point.order, point.direction, point.repeat].join('\n');
      this.done.set(key, [...(this.done.get(key) ?? []), point]);
    }
    this.finished = this.plan.filter((curve) => this.done.has(this.keyOf(curve))).length;
    this.ranking = new CurveRanking(run, half, (share) => {
      this.tell('ranking', share);
    });
  }

  async carryOut(): Promise<void> {
    const { plan, run } = this;
    const chances = { test: this.chanceOf('test'), train: this.chanceOf('train') };
    for (const curve of plan) {
      if (this.done.has(this.keyOf(curve))) continue;
      this.done.set(this.keyOf(curve), await this.measure(curve));
      this.finished += 1;
      const rows = plan.flatMap((each) => this.done.get(this.keyOf(each)) ?? []);
      await run.keep(rows, { summary: summarize(rows, chances), greedy: this.ranking.found });
      this.tell('measuring', this.finished / plan.length);
      if (this.finished < plan.length) await run.gate(this.finished);
    }
  }

  dispose(): void {
    this.cache?.forward.dispose();
    this.cache = null;
  }

  private async measure(curve: PlannedCurve): Promise<CurvePoint[]> {
    const { run } = this;
    const sites = curve.sites.map((k) => run.study.sites[k]!);
    const units = sites.reduce((sum, site) => sum + site.units, 0);
    const points = curvePoints(units, run.params.options.points);
    const order = await this.orderOf(curve, units, points);
    const own = this.data.get(curve.data)!;
    const measures = await measureCurve(
      this.forwardOf(curve, own, sites),
      own.forward,
      { sites, clamps: curve.sites.map((k) => own.clamps[k]!) },
      order,
      points,
      own.samples.labels,
      run.control,
      (share) => {
        this.tell('measuring', (this.finished + share) / this.plan.length);
      },
    );
    const common = commonOf(run, curve, sites);
    return measures.map(({ units_ablated, accuracy, loss }) => ({
      ...common,
      units_ablated,
      fraction: units_ablated / units,
      accuracy,
      loss,
    }));
  }

  /** What stands before the first site is kept between curves of the same sites and data. */
  private forwardOf(curve: PlannedCurve, own: CurveSamples, sites: readonly Site[]): CachedForward {
    const key = [curve.data, ...curve.sites].join();
    if (this.cache?.key !== key) {
      this.dispose();
      const { network, batch } = this.run.study;
      const { kept } = this.run.parts.budget;
      const forward = new CachedForward(network, own.samples, own.indices, sites, batch, kept);
      this.cache = { key, forward };
    }
    return this.cache.forward;
  }

  private orderOf(
    { order, direction, sites, repeat }: PlannedCurve,
    units: number,
    points: readonly number[],
  ): Promise<Int32Array> {
    if (order === 'random' || direction === null) {
      return Promise.resolve(randomOrder(units, this.run.params.spec.seed, repeat));
    }
    if (order === 'greedy') return this.ranking.greedy(sites, points, direction);
    return this.ranking.ranked(sites, order, direction);
  }

  private chanceOf(name: CurveData): number {
    const own = this.data.get(name);
    return own === undefined ? NaN : largestShare(own.indices, own.samples.labels);
  }

  private keyOf({ data, sites, order, direction, repeat }: PlannedCurve): string {
    const names = siteNames(sites.map((k) => this.run.study.sites[k]!));
    return [data, names, order, direction ?? '', repeat].join('\n');
  }

  private tell(phase: 'ranking' | 'measuring', fraction: number): void {
    this.run.tell(phase, fraction, [this.finished, this.plan.length]);
  }
}

/** The data to measure on, the study's own first. */
async function samplesOf(
  run: Experiment<'curves'>,
  indices: Int32Array,
): Promise<Map<CurveData, CurveSamples>> {
  const { parts, prepared, study, params, record } = run;
  const { clamps } = prepared.sweep;
  const data = new Map<CurveData, CurveSamples>();
  data.set('test', { samples: parts.samples, forward: parts.forward, indices, clamps });
  const { train } = params.options;
  if (train === null) return data;
  run.tell('reading', 0, [0, 0]);
  const scale = record.preprocessing.chosen;
  const read = await readTrainingData(study, params.spec, train, scale);
  const part = {
    path: read.data.data_file,
    sha256: read.data_sha256,
    labels_path: read.data.labels_file,
    labels_sha256: read.labels_sha256,
    scale,
  };
  const earlier = run.part.train;
  if (earlier !== null && JSON.stringify(earlier) !== JSON.stringify(part)) {
    throw new Failure(
      `${read.data.data_file} has changed since these curves were begun; choose another folder.`,
      { file: read.data.data_file },
    );
  }
  await run.keep(run.rows, { train: part, train_measured_on: read.indices.length });
  data.set('train', { ...read, clamps: clampsOn(clamps, read.indices, params.spec.seed) });
  return data;
}

function planned(data: CurveData, sites: readonly number[], options: CurveOptions): PlannedCurve[] {
  return options.orders.flatMap((order): PlannedCurve[] =>
    order === 'random'
      ? Array.from({ length: options.orderings }, (_, repeat) => ({
          data,
          sites,
          order,
          direction: null,
          repeat,
        }))
      : options.directions.map((direction) => ({ data, sites, order, direction, repeat: 0 })),
  );
}

/** What stands in `sites` of a table: the names, joined. */
export function siteNames(sites: readonly Site[]): string {
  return sites.map((site) => site.name).join('+');
}

function commonOf(
  run: Experiment<'curves'>,
  { data, order, direction, repeat }: PlannedCurve,
  group: readonly Site[],
): Pick<CurvePoint, 'model' | 'data' | 'sites' | 'operator' | 'order' | 'direction' | 'repeat'> {
  const { spec } = run.params;
  return {
    model: modelName(spec.model),
    data,
    sites: siteNames(group),
    operator: spec.operator,
    order,
    direction: direction ?? '',
    repeat,
  };
}
