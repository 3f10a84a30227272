/** The numeric columns of `units.csv`, one value a unit (design.md, "Command line"; NaN: not computed). */
export const UNIT_COLUMNS = [
  'n',
  'baseline_correct',
  'ablated_correct',
  'flips_to_wrong',
  'flips_to_right',
  'accuracy_drop',
  'drop_low',
  'drop_high',
  'loss_increase',
  'max_class_drop',
  'max_class',
  'selectivity',
  'preferred_class',
  'mutual_information',
  'l1_norm',
  'mean_activation',
  'active_fraction',
  'dead',
  'within_noise',
  'selectivity_valid',
  'mutual_information_corrected',
  'first_order',
  'first_order_abs',
  'duplicate_of',
] as const;

export type UnitColumn = (typeof UNIT_COLUMNS)[number];

/**
 * The measures of all units of a run, one row a unit: rows by site in topological order, then unit.
 * `accuracy_drop`, `drop_low`, `drop_high` and class drops are fractions (0.01 = one point);
 * `loss_increase` is in nats; `dead`, `within_noise`, `selectivity_valid` are 0 or 1;
 * class columns are output indices, −1 if undefined.
 */
export interface UnitTable {
  readonly rows: number;
  readonly classes: number;
  readonly columns: Record<UnitColumn, Float64Array>;
  /** `[rows, classes]`: recall of class c before − after. */
  readonly class_drop: Float64Array;
  /** `[rows, classes]`: mean activation on the samples of class c, over positions and time steps too. */
  readonly class_mean: Float64Array;
}

/** A table of `rows` units with nothing computed. */
export function emptyUnitTable(rows: number, classes: number): UnitTable {
  const columns = {} as Record<UnitColumn, Float64Array>;
  for (const name of UNIT_COLUMNS) columns[name] = new Float64Array(rows).fill(NaN);
  const byClass = (): Float64Array => new Float64Array(rows * classes).fill(NaN);
  return { rows, classes, columns, class_drop: byClass(), class_mean: byClass() };
}

/** Copies the rows of `part` into `table` from row `from` on. */
export function mergeUnitRows(table: UnitTable, from: number, part: UnitTable): void {
  for (const name of UNIT_COLUMNS) table.columns[name].set(part.columns[name], from);
  table.class_drop.set(part.class_drop, from * table.classes);
  table.class_mean.set(part.class_mean, from * table.classes);
}
