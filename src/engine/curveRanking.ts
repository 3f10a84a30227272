import { greedyOrder } from '../core/ablation/curves/greedy';
import { percentilesWithin, rankedOrder, RANKINGS } from '../core/ablation/curves/orders';
import { PlainForward } from '../core/ablation/plainForward';
import { measureUnits } from '../core/ablation/unitMeasures';
import type { CurvesPart, Direction, RankedOrder } from '../protocol/curves';
import { Failure } from '../protocol/failure';
import { MEASURES } from '../protocol/study';
import type { UnitTable } from '../protocol/units';
import type { Experiment } from './experiment';

/** Finds the orders of a run of curves that are ranked on data, each when it is first asked for. */
export class CurveRanking {
  private table: Promise<UnitTable> | null = null;
  private greedyOrders: CurvesPart['greedy'];

  /**
   * @param half the samples to rank on
   * @param progress called with the share of a ranking done, 0 … 1
   */
  constructor(
    private readonly run: Experiment<'curves'>,
    private readonly half: Int32Array,
    private readonly progress: (share: number) => void,
  ) {
    this.greedyOrders = run.part.greedy;
  }

  /** The greedy orders found so far. */
  get found(): CurvesPart['greedy'] {
    return this.greedyOrders;
  }

  /**
   * All units of some sites by a measure, rows counted over those sites.
   * @param sites indices of the sites
   * @throws Failure if the measure is not known of any of the units
   */
  async ranked(sites: readonly number[], order: RankedOrder, direction: Direction): Promise<Int32Array> {
    this.table ??= this.measure();
    const { columns } = await this.table;
    const { column, within_site } = RANKINGS[order];
    const all = this.run.study.sites;
    const rows = sites.flatMap((k) => {
      const first = all.slice(0, k).reduce((sum, { units }) => sum + units, 0);
      return Array.from({ length: all[k]!.units }, (_, unit) => first + unit);
    });
    const values = rows.map((row) => columns[column][row]!);
    if (values.every((value) => Number.isNaN(value))) {
      throw new Failure(
        `No neuron of ${sites.map((k) => all[k]!.name).join(', ')} has a value of ${column}; leave the order ${order} out.`,
      );
    }
    const sizes = sites.map((k) => all[k]!.units);
    return rankedOrder(within_site ? percentilesWithin(values, sizes) : values, direction);
  }

  /** The greedy order of some sites; one that an earlier session found is taken from its record. */
  async greedy(
    indices: readonly number[],
    points: readonly number[],
    direction: Direction,
  ): Promise<Int32Array> {
    const { run } = this;
    const sites = indices.map((k) => run.study.sites[k]!);
    const names = sites.map((site) => site.name).join('+');
    const rows = new Map<string, number>();
    for (const { name, units } of sites) {
      for (let unit = 0; unit < units; unit++) rows.set(`${name}\n${unit}`, rows.size);
    }
    const known = this.greedyOrders.find((one) => one.sites === names && one.direction === direction);
    if (known !== undefined) {
      return Int32Array.from(known.order, ({ site, unit }) => rows.get(`${site}\n${unit}`)!);
    }
    const clamps = indices.map((k) => run.prepared.sweep.clamps[k]!);
    const order = await greedyOrder(
      run.study.network,
      { sites, clamps },
      points,
      direction,
      async (network, progress) => {
        const also = sites.filter((site) => !site.feeds).map((site) => site.id);
        const forward = new PlainForward(network, run.parts.samples, run.study.batch, also);
        const parts = { ...run.parts, network, sites, forward, indices: this.half };
        const table = await measureUnits(parts, clamps, new Set(), run.control, progress);
        return table.columns.accuracy_drop;
      },
      this.progress,
    );
    const owners = sites.flatMap(({ name, units }) =>
      Array.from({ length: units }, (_, unit) => ({ site: name, unit })),
    );
    const units = Array.from(order, (row) => owners[row]!);
    this.greedyOrders = [...this.greedyOrders, { sites: names, direction, order: units }];
    return order;
  }

  private measure(): Promise<UnitTable> {
    const { parts, prepared, control } = this.run;
    const wanted = new Set(MEASURES.filter((measure) => measure !== 'duplicates'));
    return measureUnits(
      { ...parts, indices: this.half },
      prepared.sweep.clamps,
      wanted,
      control,
      this.progress,
    );
  }
}
