import type { StoredRun } from '../protocol/engine';
import type { SiteInfo, UnitRef } from '../protocol/study';
import type { UnitColumn } from '../protocol/units';

/** A column of a file with one row a unit. `flag` is true or false. */
export type FileColumn =
  | { readonly name: 'site' | 'operator'; readonly kind: 'text' }
  | { readonly name: 'unit'; readonly kind: 'unit' }
  | { readonly name: UnitColumn; readonly kind: 'integer' | 'real' | 'flag' }
  | {
      readonly name: string;
      readonly kind: 'by_class';
      readonly of: 'class_drop' | 'class_mean';
      readonly class: number;
    };

const integer = (name: UnitColumn): FileColumn => ({ name, kind: 'integer' });
const real = (name: UnitColumn): FileColumn => ({ name, kind: 'real' });
const flag = (name: UnitColumn): FileColumn => ({ name, kind: 'flag' });

function byClass(of: 'class_drop' | 'class_mean', classes: number): FileColumn[] {
  return Array.from({ length: classes }, (_, index) => ({
    name: `${of}_${index}`,
    kind: 'by_class',
    of,
    class: index,
  }));
}

/** Columns of `class_means.csv` and `class_means.arrow`. */
export function classMeanColumns(classes: number): readonly FileColumn[] {
  return [{ name: 'site', kind: 'text' }, { name: 'unit', kind: 'unit' }, ...byClass('class_mean', classes)];
}

/** Columns of `units.csv` and `units.arrow` in their order, for a run of that many classes. */
export function fileColumns(classes: number): readonly FileColumn[] {
  return [
    { name: 'site', kind: 'text' },
    { name: 'unit', kind: 'unit' },
    integer('n'),
    integer('baseline_correct'),
    // Means over the draws under `resample`.
    real('ablated_correct'),
    real('flips_to_wrong'),
    real('flips_to_right'),
    real('accuracy_drop'),
    real('drop_low'),
    real('drop_high'),
    real('loss_increase'),
    real('max_class_drop'),
    integer('max_class'),
    ...byClass('class_drop', classes),
    real('selectivity'),
    integer('preferred_class'),
    real('mutual_information'),
    real('l1_norm'),
    real('mean_activation'),
    real('active_fraction'),
    flag('dead'),
    { name: 'operator', kind: 'text' },
    flag('within_noise'),
    flag('selectivity_valid'),
    real('mutual_information_corrected'),
    real('first_order'),
    real('first_order_abs'),
    integer('duplicate_of'),
  ];
}

/** The units of the sites in the order of the rows: by site, then unit. */
export function unitRows(sites: readonly Pick<SiteInfo, 'name' | 'units'>[]): UnitRef[] {
  return sites.flatMap((site) =>
    Array.from({ length: site.units }, (_, unit) => ({ site: site.name, unit })),
  );
}

/** The values of a column, one a row. A number is NaN where it was not computed. */
export function columnValues(run: StoredRun, column: FileColumn): readonly string[] | Float64Array {
  const { table, record } = run;
  switch (column.kind) {
    case 'text':
      if (column.name === 'operator') return Array<string>(table.rows).fill(record.spec.operator);
      return unitRows(record.sites).map((unit) => unit.site);
    case 'unit':
      return Float64Array.from(unitRows(record.sites), (unit) => unit.unit);
    case 'by_class': {
      const values = table[column.of];
      return new Float64Array(table.rows).map((_, row) => values[row * table.classes + column.class]!);
    }
    default:
      return table.columns[column.name];
  }
}
