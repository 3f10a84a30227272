import type { StoredRun } from '../protocol/engine';
import type { UnitRef } from '../protocol/study';
import type { UnitColumn } from '../protocol/units';
import { unitRows } from './unitColumns';

/** A unit with the figures that tables show of it; NaN where not computed. */
export interface RankedUnit extends UnitRef {
  /** Its row in the table. */
  readonly row: number;
  readonly accuracy_drop: number;
  readonly drop_low: number;
  readonly drop_high: number;
  readonly loss_increase: number;
  readonly max_class_drop: number;
  /** Class index, −1 if undefined. */
  readonly max_class: number;
  readonly selectivity: number;
  readonly preferred_class: number;
  readonly within_noise: number;
}

/** One site in a line. Counts and figures are null where nothing was computed. */
export interface LayerSummary {
  readonly site: string;
  readonly kind: string;
  readonly units: number;
  /** Units whose importance is known. */
  readonly measured: number;
  readonly dead: number | null;
  readonly within_noise: number | null;
  /** The unit with the largest accuracy drop; the larger loss increase, then the lower index, on a tie. */
  readonly worst: RankedUnit | null;
  /** Median accuracy drop. */
  readonly median_drop: number | null;
  readonly median_selectivity: number | null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? NaN) + upper) / 2;
}

function ranked(run: StoredRun): RankedUnit[] {
  const { columns } = run.table;
  return unitRows(run.record.sites).map((unit, row) => {
    const at = (name: UnitColumn): number => columns[name][row] ?? NaN;
    return {
      ...unit,
      row,
      accuracy_drop: at('accuracy_drop'),
      drop_low: at('drop_low'),
      drop_high: at('drop_high'),
      loss_increase: at('loss_increase'),
      max_class_drop: at('max_class_drop'),
      max_class: at('max_class'),
      selectivity: at('selectivity'),
      preferred_class: at('preferred_class'),
      within_noise: at('within_noise'),
    };
  });
}

function byImportance(a: RankedUnit, b: RankedUnit): number {
  const loss = (unit: RankedUnit): number =>
    Number.isNaN(unit.loss_increase) ? -Infinity : unit.loss_increase;
  if (a.accuracy_drop !== b.accuracy_drop) return b.accuracy_drop - a.accuracy_drop;
  if (loss(a) !== loss(b)) return loss(b) - loss(a);
  return a.row - b.row;
}

/** The `k` most important units whose importance is known, most important first. */
export function topUnits(run: StoredRun, k: number): RankedUnit[] {
  return ranked(run)
    .filter((unit) => !Number.isNaN(unit.accuracy_drop))
    .sort(byImportance)
    .slice(0, k);
}

/** One line a site, in the order of the sites. */
export function layerSummary(run: StoredRun): LayerSummary[] {
  const units = ranked(run);
  let first = 0;
  return run.record.sites.map((site): LayerSummary => {
    const start = first;
    first += site.units;
    const own = units.slice(start, first);
    const values = (name: UnitColumn): number[] =>
      [...run.table.columns[name].slice(start, start + site.units)].filter((value) => !Number.isNaN(value));
    const count = (name: UnitColumn): number | null => {
      const known = values(name);
      return known.length === 0 ? null : known.filter((value) => value === 1).length;
    };
    const measured = own.filter((unit) => !Number.isNaN(unit.accuracy_drop)).sort(byImportance);
    return {
      site: site.name,
      kind: site.kind,
      units: site.units,
      measured: measured.length,
      dead: count('dead'),
      within_noise: count('within_noise'),
      worst: measured[0] ?? null,
      median_drop: median(values('accuracy_drop')),
      median_selectivity: median(values('selectivity')),
    };
  });
}
