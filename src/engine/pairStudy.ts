import { CachedForward } from '../core/ablation/cachedForward';
import { measureCurve, type CurveMeasure } from '../core/ablation/curves/measureCurve';
import { pairsOf, synergy, topRows } from '../core/ablation/pairs';
import { measureUnits } from '../core/ablation/unitMeasures';
import type { PairRow, PairsPart } from '../protocol/curves';
import type { AnalyzeResult } from '../protocol/engine';
import { Experiment, type ExperimentSetting } from './experiment';

/** A unit by its site's index among the study's. */
interface StudyUnit {
  readonly site: number;
  readonly unit: number;
}

/** Measures pairs of the most important units (science.md, "Pair synergy") in a run of their own. */
export function studyPairs(setting: ExperimentSetting<'pairs'>): Promise<AnalyzeResult> {
  const { options } = setting.params;
  return Experiment.run(setting, () => ({ options, units: [], accuracy_drops: [] }), carryOut);
}

async function carryOut(run: Experiment<'pairs'>): Promise<void> {
  const { sites } = run.study;
  const { top } = run.params.options;
  const { measured, sweep } = run.prepared;
  const table = await measureUnits(
    { ...run.parts, indices: measured },
    sweep.clamps,
    new Set(),
    run.control,
    (share) => {
      run.tell('ranking', share, [0, 0]);
    },
  );
  const owners = sites.flatMap(({ units }, site) =>
    Array.from({ length: units }, (_, unit) => ({ site, unit })),
  );
  const chosen = topRows(table.columns.loss_increase, top);
  // In the order of the network, so that pairs of the same sites come together.
  const units = chosen.toSorted((a, b) => a - b).map((row) => owners[row]!);
  const groups = new Groups(run);
  try {
    const alone = new Map<StudyUnit, CurveMeasure>();
    for (const unit of units) alone.set(unit, await groups.measure([unit]));
    const { loss, accuracy } = run.record.baseline;
    const part: PairsPart['units'] = chosen.map((row) => {
      const { site, unit } = owners[row]!;
      const measure = alone.get(owners[row]!)!;
      return {
        site: sites[site]!.name,
        unit,
        loss_increase: measure.loss - loss,
        accuracy_drop: accuracy - measure.accuracy,
      };
    });
    const rows: PairRow[] = [];
    const drops: number[] = [];
    const earlier = new Map(
      run.rows.map((row, i) => [keyOf(row), { row, drop: run.part.accuracy_drops[i] }]),
    );
    const pairs = pairsOf(units);
    for (const [done, [a, b]] of pairs.entries()) {
      const names = {
        site_a: sites[a.site]!.name,
        unit_a: a.unit,
        site_b: sites[b.site]!.name,
        unit_b: b.unit,
      };
      const known = earlier.get(keyOf(names));
      if (known?.drop !== undefined) {
        rows.push(known.row);
        drops.push(known.drop);
        continue;
      }
      const both = await groups.measure([a, b]);
      const [increase_a, increase_b] = [alone.get(a)!.loss - loss, alone.get(b)!.loss - loss];
      rows.push({
        ...names,
        loss_increase_a: increase_a,
        loss_increase_b: increase_b,
        loss_increase_both: both.loss - loss,
        synergy: synergy(both.loss - loss, increase_a, increase_b),
      });
      drops.push(accuracy - both.accuracy);
      run.tell('measuring', (done + 1) / pairs.length, [done + 1, pairs.length]);
      const isLast = done + 1 === pairs.length;
      if (isLast || pairs[done + 1]![0] !== a) await run.keep(rows, { units: part, accuracy_drops: drops });
      if (!isLast) await run.gate(done + 1);
    }
    if (pairs.length === 0) await run.keep(rows, { units: part, accuracy_drops: drops });
  } finally {
    groups.dispose();
  }
}

function keyOf({ site_a, unit_a, site_b, unit_b }: Omit<PairRow, 'synergy' | `loss_${string}`>): string {
  return [site_a, unit_a, site_b, unit_b].join('\n');
}

/** Deletes units of one site or two together; what stands before them is kept between pairs of the same sites. */
class Groups {
  private cache: { readonly key: string; readonly forward: CachedForward } | null = null;

  constructor(private readonly run: Experiment<'pairs'>) {}

  async measure(units: readonly StudyUnit[]): Promise<CurveMeasure> {
    const { study, prepared, parts, control } = this.run;
    const indices = [...new Set(units.map(({ site }) => site))];
    const sites = indices.map((k) => study.sites[k]!);
    const clamps = indices.map((k) => prepared.sweep.clamps[k]!);
    const key = indices.join();
    if (this.cache?.key !== key) {
      this.dispose();
      const forward = new CachedForward(
        study.network,
        parts.samples,
        prepared.measured,
        sites,
        study.batch,
        parts.budget.kept,
      );
      this.cache = { key, forward };
    }
    const order = Int32Array.from(units, ({ site, unit }) => {
      const before = sites.slice(0, indices.indexOf(site));
      return before.reduce((sum, each) => sum + each.units, unit);
    });
    const { forward } = this.cache;
    const points = [units.length];
    const { labels } = study.data;
    const measures = await measureCurve(
      forward,
      parts.forward,
      { sites, clamps },
      order,
      points,
      labels,
      control,
      () => undefined,
    );
    return measures[0]!;
  }

  dispose(): void {
    this.cache?.forward.dispose();
    this.cache = null;
  }
}
