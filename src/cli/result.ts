import type { StoredRun } from '../protocol/engine';
import { layerSummary, topUnits, type RankedUnit } from '../runs/summary';
import { backendText, count, decimals, MISSING, percent, plural, points, scaleText, wrap } from './figures';
import { textTable, type TableColumn } from './table';

/** How many of the most important neurons are shown. */
const SHOWN = 10;

const left = (head: string): TableColumn => ({ head, align: 'left' });
const right = (head: string): TableColumn => ({ head, align: 'right' });

/** What a finished analysis found, for people; no line is longer than 80 columns but by a long path. */
export function resultText(run: StoredRun, directory: string): string {
  const { record } = run;
  return [
    `Model     ${record.spec.model}`,
    `Data      ${record.spec.data}${record.spec.labels === undefined ? '' : `\nLabels    ${record.spec.labels}`}`,
    wrap(`Backend   ${backendText(record.backend)}`, '          '),
    `Run       ${directory}`,
    '',
    baselineText(run),
    ...(record.notes ?? []).map((note) => wrap(note)),
    '',
    preprocessingText(run),
    '',
    `The ${topUnits(run, SHOWN).length} most important neurons`,
    '',
    topTable(run),
    '',
    wrap(
      'importance: points of accuracy lost without the neuron, with a 95 % interval (*: within noise). ' +
        'flips: right → wrong / wrong → right. loss: increase, nats.',
    ),
    '',
    'Layers',
    '',
    layerTable(run),
    '',
    ...(record.headline === null ? [] : [wrap(record.headline.text), '']),
  ].join('\n');
}

function baselineText({ record }: StoredRun): string {
  const { baseline } = record;
  return wrap(
    `Baseline: ${percent(baseline.accuracy)} right (${count(baseline.correct)} of ${count(baseline.samples)}), ` +
      `balanced ${percent(baseline.balanced_accuracy)}, loss ${decimals(baseline.loss, 4)} nats.`,
  );
}

function preprocessingText({ record }: StoredRun): string {
  const { chosen, by, candidates } = record.preprocessing;
  const samples = new Set(candidates.map((trial) => trial.samples));
  const [only] = samples;
  const head = wrap(
    `Preprocessing: ${scaleText(chosen)}, ${by === 'auto' ? 'chosen automatically' : 'as asked for'}.` +
      (only === undefined ? '' : samples.size > 1 ? ' Tried:' : ` On ${plural(only, 'sample')}:`),
  );
  if (only === undefined) return head;
  const table = textTable(
    [left('scale'), right('right'), right('loss'), ...(samples.size > 1 ? [right('samples')] : [])],
    candidates.map((trial) => [
      trial.scale,
      percent(trial.accuracy),
      decimals(trial.loss, 4),
      ...(samples.size > 1 ? [count(trial.samples)] : []),
    ]),
  );
  return `${head}\n\n${table}`;
}

function topTable(run: StoredRun): string {
  const { columns } = run.table;
  const { classes } = run.record;
  const flips = ({ row }: RankedUnit) => `${columns.flips_to_wrong[row]!} / ${columns.flips_to_right[row]!}`;
  return textTable(
    [
      left('site'),
      right('neuron'),
      right('importance'),
      right('interval'),
      right('flips'),
      right('loss'),
      right('selectivity'),
      left('class'),
    ],
    topUnits(run, SHOWN).map((unit) => [
      unit.site,
      `#${unit.unit}`,
      points(unit.accuracy_drop) + (unit.within_noise === 1 ? '*' : ' '),
      `${points(unit.drop_low)} … ${points(unit.drop_high)}`,
      flips(unit),
      decimals(unit.loss_increase, 4),
      decimals(unit.selectivity, 2),
      unit.preferred_class >= 0 ? (classes[unit.preferred_class] ?? MISSING) : MISSING,
    ]),
  );
}

function layerTable(run: StoredRun): string {
  const known = (value: number | null) => (value === null ? MISSING : count(value));
  return textTable(
    [
      left('site'),
      right('neurons'),
      right('dead'),
      right('in noise'),
      right('worst'),
      right('points'),
      right('median'),
      right('selectivity'),
    ],
    layerSummary(run).map((layer) => [
      layer.site,
      count(layer.units),
      known(layer.dead),
      known(layer.within_noise),
      layer.worst === null ? MISSING : `#${layer.worst.unit}`,
      points(layer.worst?.accuracy_drop ?? NaN),
      points(layer.median_drop ?? NaN),
      decimals(layer.median_selectivity ?? NaN, 2),
    ]),
  );
}

/**
 * What a finished analysis found, for programs. Figures as in `units.csv` (fractions, nats); what was not computed
 * is null.
 */
export function resultJson(run: StoredRun, directory: string): Readonly<Record<string, unknown>> {
  const { record } = run;
  return {
    directory,
    status: record.status,
    backend: record.backend,
    baseline: record.baseline,
    notes: record.notes ?? [],
    preprocessing: record.preprocessing,
    headline: record.headline,
    // JSON writes NaN as null
    top: topUnits(run, SHOWN).map(({ row, ...unit }) => ({
      ...unit,
      flips_to_wrong: run.table.columns.flips_to_wrong[row],
      flips_to_right: run.table.columns.flips_to_right[row],
    })),
    layers: layerSummary(run).map(({ worst, ...layer }) => ({
      ...layer,
      worst: worst === null ? null : { unit: worst.unit, accuracy_drop: worst.accuracy_drop },
    })),
    estimate: record.estimate,
    seconds: record.seconds,
  };
}
