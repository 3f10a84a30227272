import { t } from '@vscode/l10n';
import type { UnitColumn, UnitTable } from '../../../../src/protocol/units';
import { activation, className, fixed, nats, NONE, percent, points, samples } from '../../../shared/format';
import type { StudyStore, UnitRow } from '../../../shared/store';
import type { Twin } from '../../../shared/twin/twin';

/** One column of the unit table. */
interface Column {
  readonly id: string;
  /** Head of the column; the title says more. */
  readonly label: string;
  readonly title: string;
  readonly width: number;
  readonly number: boolean;
  /** What the column sorts by: a number (NaN sorts last) or a text. */
  readonly value: (table: UnitTable, unit: UnitRow) => number | string;
  readonly text: (table: UnitTable, unit: UnitRow, classes: readonly string[]) => string;
  /** What is copied, where it is not the value. */
  readonly copied?: (table: UnitTable, unit: UnitRow) => number | string;
}

function at(table: UnitTable, name: UnitColumn, unit: UnitRow): number {
  return table.columns[name][unit.row] ?? NaN;
}

function numeric(
  id: UnitColumn,
  label: string,
  title: string,
  width: number,
  format: (value: number) => string,
): Column {
  return {
    id,
    label,
    title,
    width,
    number: true,
    value: (table, unit) => at(table, id, unit),
    text: (table, unit) => format(at(table, id, unit)),
  };
}

function flag(id: UnitColumn, label: string, title: string, width: number): Column {
  return {
    ...numeric(id, label, title, width, (value) => (value === 1 ? t('yes') : value === 0 ? t('no') : NONE)),
    number: false,
  };
}

/** The columns of the table that is the pictures' twin, from left to right. */
const columnsOfUnits = (): readonly Column[] => [
  {
    id: 'site',
    label: t('Site'),
    title: t('The layer whose output the neuron is part of'),
    width: 116,
    number: false,
    value: (_, unit) => unit.siteIndex,
    text: (_, unit) => unit.site,
    copied: (_, unit) => unit.site,
  },
  {
    id: 'unit',
    label: t('Unit'),
    title: t('Index of the neuron in its site'),
    width: 60,
    number: true,
    value: (_, unit) => unit.unit,
    text: (_, unit) => `#${unit.unit}`,
  },
  numeric('accuracy_drop', t('Importance'), t('Accuracy points lost when it is deleted'), 118, points),
  numeric(
    'drop_low',
    t('95 % from'),
    t('Lower end of the interval of the importance, accuracy points'),
    96,
    points,
  ),
  numeric(
    'drop_high',
    t('to'),
    t('Upper end of the interval of the importance, accuracy points'),
    80,
    points,
  ),
  numeric('flips_to_wrong', t('Newly wrong'), t('Samples right before and wrong without it'), 126, samples),
  numeric('flips_to_right', t('Newly right'), t('Samples wrong before and right without it'), 120, samples),
  numeric(
    'loss_increase',
    t('Loss increase'),
    t('Mean cross-entropy without it minus before, nats'),
    132,
    (value) => nats(value, true),
  ),
  {
    id: 'max_class_drop',
    label: t('Class drop'),
    title: t('Largest loss of recall of one class, points, and that class'),
    width: 122,
    number: true,
    value: (table, unit) => at(table, 'max_class_drop', unit),
    text: (table, unit, classes) => {
      const drop = at(table, 'max_class_drop', unit);
      const name = className(classes, at(table, 'max_class', unit));
      return Number.isFinite(drop) ? (name === NONE ? points(drop) : `${points(drop)} (${name})`) : NONE;
    },
  },
  numeric('selectivity', t('Selectivity'), t('Class selectivity index, 0 to 1'), 116, (value) =>
    fixed(value, 3),
  ),
  {
    id: 'preferred_class',
    label: t('Prefers'),
    title: t('The class it is most active on'),
    width: 104,
    number: false,
    value: (table, unit) => at(table, 'preferred_class', unit),
    text: (table, unit, classes) => className(classes, at(table, 'preferred_class', unit)),
  },
  numeric(
    'mutual_information_corrected',
    t('Information'),
    t('Mutual information with the class, bits, corrected for the number of samples (Miller–Madow)'),
    120,
    (value) => fixed(value, 3),
  ),
  numeric('mean_activation', t('Activation'), t('Mean activation over all samples'), 116, activation),
  numeric('active_fraction', t('Active'), t('Share of samples on which it is above 0'), 90, (value) =>
    percent(value, 1),
  ),
  numeric('l1_norm', t('L1 norm'), t('Sum of its incoming weights’ sizes'), 104, activation),
  numeric(
    'first_order',
    t('First order'),
    t('Loss increase as the gradient foretells it, nats: an estimate, not a measurement'),
    120,
    (value) => nats(value, true),
  ),
  {
    ...numeric(
      'duplicate_of',
      t('Duplicate of'),
      t('An earlier neuron of the site it goes along with'),
      124,
      (value) => (value >= 0 ? `#${value}` : NONE),
    ),
    copied: (table, unit) => (at(table, 'duplicate_of', unit) >= 0 ? at(table, 'duplicate_of', unit) : ''),
  },
  flag('dead', t('Dead'), t('Never fires: 0 on every sample'), 88),
  flag('within_noise', t('Within noise'), t('Importance cannot be told from 0 (5 % false discoveries)'), 140),
];

/** All units with all figures: the twin of every picture that shows one unit a cell. */
export function unitTwin(store: StudyStore): Twin {
  const units = store.units.value;
  const table = store.table.value?.table;
  const classes = store.record.value?.classes ?? [];
  const columns = table === undefined ? [] : columnsOfUnits();
  return {
    label: t('All neurons'),
    rows: table === undefined ? 0 : units.length,
    columns: columns.map(({ value, text, copied, ...column }) => ({
      ...column,
      ...(copied === undefined ? {} : { copied: (row: number) => copied(table!, units[row]!) }),
      value: (row) => value(table!, units[row]!),
      text: (row) => text(table!, units[row]!, classes),
    })),
    unitOf: (row) => row,
  };
}
