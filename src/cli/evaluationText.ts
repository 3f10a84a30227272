import type { Evaluation } from '../protocol/run';
import type { StudySpec } from '../protocol/study';
import type { EvaluatedStudy } from '../runs/evaluationFiles';
import { unitsText } from './deleteFlags';
import { backendText, count, decimals, percent, plural, points, wrap } from './figures';
import { textTable, type TableColumn } from './table';

/** Columns of a terminal. */
const WIDTH = 80;

/** Pairs of classes that are told where the matrix is too wide. */
const SHOWN = 15;

const left = (head: string): TableColumn => ({ head, align: 'left' });
const right = (head: string): TableColumn => ({ head, align: 'right' });

/** What deleting some neurons together does, for people. */
export function evaluationText(
  { evaluation, classes, backend }: EvaluatedStudy,
  spec: StudySpec,
  directory: string | null,
): string {
  const { deleted, operator, samples } = evaluation;
  const how = operator === 'zero' ? '' : `, set to ${HOW[operator]}`;
  const units = deleted.length === 0 ? 'none' : unitsText(deleted);
  return [
    `Model     ${spec.model}`,
    `Data      ${spec.data}${spec.labels === undefined ? '' : `\nLabels    ${spec.labels}`}`,
    wrap(`Backend   ${backendText(backend)}`, '          '),
    wrap(`Deleted   ${plural(deleted.length, 'neuron')}${how}: ${units}`, '          '),
    ...(directory === null ? [] : [`Files     ${directory}`]),
    '',
    `On ${plural(samples, 'sample')}`,
    '',
    effectTable(evaluation),
    '',
    wrap(
      `Flips: ${figure(evaluation.flips_to_wrong)} right → wrong, ` +
        `${figure(evaluation.flips_to_right)} wrong → right.`,
    ),
    '',
    ...confusionText(evaluation, classes),
    '',
  ].join('\n');
}

const HOW = {
  mean: 'their mean',
  resample: 'their activation on another sample (means over the draws)',
  optimal: 'their best constant',
} as const;

function effectTable({ before, ...after }: Evaluation): string {
  const { correct, accuracy, loss } = after;
  return textTable(
    [left(''), right('before'), right('after'), right('change')],
    [
      ['right', figure(before.correct), figure(correct), signed(correct - before.correct, figure)],
      [
        'accuracy',
        percent(before.accuracy),
        percent(accuracy),
        signed(accuracy - before.accuracy, (change) => `${points(change)} points`),
      ],
      balancedRow(before.recalls, after.recalls),
      [
        'loss, nats',
        decimals(before.loss, 4),
        decimals(loss, 4),
        signed(loss - before.loss, (change) => decimals(change, 4)),
      ],
    ],
  );
}

/** Balanced accuracy: the mean recall of the classes that have samples. */
function balancedRow(before: Evaluation['recalls'], after: Evaluation['recalls']): string[] {
  const mean = (recalls: Evaluation['recalls']): number => {
    const known = recalls.filter((recall) => recall !== null);
    return known.reduce((sum, recall) => sum + recall, 0) / known.length;
  };
  const [was, is] = [mean(before), mean(after)];
  return ['balanced', percent(was), percent(is), signed(is - was, (change) => `${points(change)} points`)];
}

/** The matrix with its changes below each row; the largest changes alone where it is wider than a terminal. */
function confusionText({ confusion }: Evaluation, classes: readonly string[]): string[] {
  if (confusion === null) return [];
  const { before, after } = confusion;
  const at = (row: number, column: number): number => row * classes.length + column;
  const change = (place: number): string => {
    const difference = after[place]! - before[place]!;
    return difference === 0 ? '' : signed(difference, figure);
  };
  const cells = classes.flatMap((name, row) => [
    [name, ...classes.map((_, column) => figure(after[at(row, column)]!))],
    ['', ...classes.map((_, column) => change(at(row, column)))],
  ]);
  const changed = cells.filter((row, n) => n % 2 === 0 || row.some((cell) => cell !== ''));
  const matrix = textTable([left('class'), ...classes.map((name) => right(name))], changed, Infinity);
  if (matrix.split('\n').every((line) => [...line].length <= WIDTH)) {
    const legend =
      'Confusion matrix: rows are true classes, columns predicted ones; below a count its change.';
    return [wrap(legend), '', matrix];
  }
  const places = [...after.keys()].filter((place) => after[place] !== before[place]);
  const size = (place: number): number => Math.abs(after[place]! - before[place]!);
  places.sort((a, b) => size(b) - size(a) || a - b);
  if (places.length === 0) return ['No sample changes its class.'];
  const rows = places
    .slice(0, SHOWN)
    .map((place) => [
      classes[Math.floor(place / classes.length)]!,
      classes[place % classes.length]!,
      figure(before[place]!),
      figure(after[place]!),
      change(place),
    ]);
  const heads = [left('true'), left('predicted'), right('before'), right('after'), right('change')];
  return [
    places.length > SHOWN
      ? `The ${SHOWN} largest changes of the confusion matrix`
      : 'Confusion matrix: what changes',
    '',
    textTable(heads, rows),
  ];
}

/** A count, or a mean of counts. */
function figure(value: number): string {
  return Number.isInteger(value) ? (value < 0 ? `−${count(-value)}` : count(value)) : decimals(value, 1);
}

/** With its sign, also where it is positive. */
function signed(value: number, text: (value: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}
