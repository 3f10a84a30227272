import * as v from 'valibot';
import type { StoredRun } from '../../../protocol/engine';
import { Failure } from '../../../protocol/failure';
import type { UnitRef } from '../../../protocol/study';
import type { UnitColumn } from '../../../protocol/units';
import { topUnits } from '../../../runs/summary';
import { unitRows } from '../../../runs/unitColumns';
import { rowOf } from '../../unitRows';
import { provenance, readChosen } from './chooseRun';
import { countTo, natural, readInput, text } from './readInput';
import { figure, type ToolWorkspace } from './toolWorkspace';

export const UNIT_FIGURES_INPUT = v.strictObject({
  run: v.optional(text),
  model: v.optional(text),
  site: v.optional(text),
  units: v.optional(
    v.pipe(v.array(natural, 'a list of whole numbers'), v.maxLength(20, 'a list of at most 20 numbers')),
  ),
  class: v.optional(v.union([text, natural], 'the name or number of a class')),
  top: v.optional(countTo(30)),
});

/** Classes told of a unit; of more those that change or answer most. */
const MOST_CLASSES = 20;
const TOP = 10;

/**
 * Fewer samples of a class than this changing sides, net, can be chance: even if all went the same way, a sign test
 * gives p = 2 · 0.5^5 = 0.0625.
 */
const LEAST_NET = 6;

/**
 * Units by their names, the units that carry a class, or the most important ones, with their measures as in
 * `units.csv` (drops are fractions, losses nats).
 * @throws Failure for what is not there
 */
export async function unitFigures(
  input: unknown,
  workspace: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  const { run: named, model, site, units, class: wanted, top = TOP } = readInput(UNIT_FIGURES_INPUT, input);
  const { directory, run } = await readChosen({ run: named, model }, workspace);
  const head = await provenance({ directory, record: run.record }, workspace);
  const baseline = figure(run.record.baseline.accuracy);
  if (site !== undefined && !run.record.sites.some(({ name }) => name === site)) {
    const names = run.record.sites.slice(0, 20).map(({ name }) => name);
    throw new Failure(`There is no site ${site} in this run; there are ${names.join(', ')}.`);
  }
  if (units !== undefined) {
    if (site === undefined) throw new Failure('Say of which site the units are: give site beside units.');
    return { ...head, baseline_accuracy: baseline, units: units.map((unit) => oneUnit(run, { site, unit })) };
  }
  if (wanted !== undefined) {
    return { ...head, baseline_accuracy: baseline, ...unitsOfClass(run, classIndex(run, wanted), site, top) };
  }
  const ranked = topUnits(run, run.table.rows).filter((unit) => site === undefined || unit.site === site);
  return {
    ...head,
    baseline_accuracy: baseline,
    units_in_all:
      site === undefined ? run.table.rows : run.record.sites.find(({ name }) => name === site)!.units,
    most_important: ranked.slice(0, top).map(({ row, site: of, unit }) => ({
      site: of,
      unit,
      ...importance(run, row),
      selectivity: at(run, 'selectivity', row),
      preferred_class: className(run, at(run, 'preferred_class', row)),
      max_class_drop: at(run, 'max_class_drop', row),
      max_class: className(run, at(run, 'max_class', row)),
    })),
  };
}

function at({ table }: StoredRun, column: UnitColumn, row: number): number | null {
  return figure(table.columns[column][row]);
}

function importance(run: StoredRun, row: number): Readonly<Record<string, unknown>> {
  return {
    accuracy_drop: at(run, 'accuracy_drop', row),
    interval_95: [at(run, 'drop_low', row), at(run, 'drop_high', row)],
    within_noise: flag(run, 'within_noise', row),
    flips_to_wrong: at(run, 'flips_to_wrong', row),
    flips_to_right: at(run, 'flips_to_right', row),
    loss_increase: at(run, 'loss_increase', row),
  };
}

function flag(run: StoredRun, column: UnitColumn, row: number): boolean | null {
  const value = at(run, column, row);
  return value === null ? null : value === 1;
}

function className({ record }: StoredRun, index: number | null): string | null {
  return index === null || index < 0 ? null : (record.classes[index] ?? null);
}

/** All measures of a unit. */
function oneUnit(run: StoredRun, unit: UnitRef): Readonly<Record<string, unknown>> {
  const row = rowOf(run.record, unit);
  if (row === null) {
    const { units } = run.record.sites.find(({ name }) => name === unit.site)!;
    throw new Failure(`${unit.site} has no unit ${unit.unit}; its units are 0 to ${units - 1}.`);
  }
  const { classes, class_drop, class_mean } = run.table;
  const of = (values: Float64Array, index: number): number | null => figure(values[row * classes + index]);
  const size = (index: number): number => Math.abs(of(class_drop, index) ?? 0);
  const order = run.record.classes.map((_, index) => index).sort((a, b) => size(b) - size(a) || a - b);
  const shown = order.slice(0, MOST_CLASSES).sort((a, b) => a - b);
  const duplicate = at(run, 'duplicate_of', row);
  return {
    ...unit,
    ...importance(run, row),
    max_class_drop: at(run, 'max_class_drop', row),
    max_class: className(run, at(run, 'max_class', row)),
    selectivity: at(run, 'selectivity', row),
    selectivity_valid: flag(run, 'selectivity_valid', row),
    preferred_class: className(run, at(run, 'preferred_class', row)),
    mutual_information: at(run, 'mutual_information', row),
    l1_norm: at(run, 'l1_norm', row),
    mean_activation: at(run, 'mean_activation', row),
    active_fraction: at(run, 'active_fraction', row),
    dead: flag(run, 'dead', row),
    first_order: at(run, 'first_order', row),
    ...(duplicate === null || duplicate < 0 ? {} : { duplicate_of: duplicate }),
    classes: shown.map((index) => ({
      class: run.record.classes[index],
      recall_drop: of(class_drop, index),
      mean_activation: of(class_mean, index),
    })),
    ...(order.length > shown.length ? { more_classes: order.length - shown.length } : {}),
  };
}

/** The index of a class by its name, else by its number. */
function classIndex({ record }: StoredRun, wanted: string | number): number {
  const { classes } = record;
  const byName = classes.indexOf(String(wanted));
  const index = byName >= 0 ? byName : Number(wanted);
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  const names = classes.slice(0, 20).join(', ') + (classes.length > 20 ? ', …' : '');
  throw new Failure(`There is no class ${wanted}; the classes are ${names}.`);
}

/** Which units a class leans on: those that cost it most recall, and those that answer it more than any other. */
function unitsOfClass(
  run: StoredRun,
  index: number,
  site: string | undefined,
  top: number,
): Readonly<Record<string, unknown>> {
  const { table, record } = run;
  const { classes, class_drop, class_mean } = table;
  const counts = record.baseline.per_class[index];
  const samples = counts?.samples ?? 0;
  const rows = unitRows(record.sites)
    .map((unit, row) => ({ ...unit, row, drop: class_drop[row * classes + index] ?? NaN }))
    .filter((unit) => site === undefined || unit.site === site);
  const losing = rows
    .filter(({ drop }) => drop > 0)
    .sort((a, b) => b.drop - a.drop || a.row - b.row)
    .slice(0, top);
  const selectivity = (row: number): number => table.columns.selectivity[row] ?? NaN;
  const answering = rows
    .filter(({ row }) => table.columns.preferred_class[row] === index && selectivity(row) > 0)
    .sort((a, b) => selectivity(b.row) - selectivity(a.row) || a.row - b.row);
  return {
    class: record.classes[index],
    class_samples: samples,
    baseline_recall: figure(counts?.recall),
    most_recall_lost_without: losing.map(({ site: of, unit, row, drop }) => ({
      site: of,
      unit,
      recall_drop: figure(drop),
      could_be_chance: Math.round(drop * samples) < LEAST_NET,
      accuracy_drop: at(run, 'accuracy_drop', row),
      accuracy_within_noise: flag(run, 'within_noise', row),
      largest_for_this_class: table.columns.max_class[row] === index,
    })),
    prefer_this_class: answering.slice(0, top).map(({ site: of, unit, row }) => ({
      site: of,
      unit,
      selectivity: figure(selectivity(row)),
      mean_activation: figure(class_mean[row * classes + index]),
      recall_drop: figure(class_drop[row * classes + index]),
    })),
    units_preferring_it: answering.length,
    note: `could_be_chance: fewer than ${LEAST_NET} of the class's samples changed sides, net. A unit that answers a class need not be needed for it.`,
  };
}
