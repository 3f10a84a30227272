import { t } from '@vscode/l10n';
import { activation, className, fixed, NONE, percent, points } from '../../../shared/format';
import type { StudyStore } from '../../../shared/store';
import type { Readout } from '../../readout';
import { readOut } from '../../readout';
import { withFirst } from './gridTooltip';
import { legendPoints } from './measures';
import type { MatrixValue } from './matrixState';

/** What a matrix says of itself. */
export interface MatrixWords {
  readonly choice: string;
  readonly title: string;
  readonly explanation: string;
  readonly legend: string;
  readonly format: (value: number) => string;
  /** Name and text of a cell's value. */
  readonly pair: (value: number) => readonly [name: string, value: string];
  /** The same as a sentence, of a unit and a class. */
  readonly sentence: (unit: string, name: string, value: number) => string;
  /** Why there is nothing. */
  readonly missing: string;
}

/** The words for one kind of value. */
export function matrixWords(value: MatrixValue): MatrixWords {
  const known = (number: number, say: (number: number) => string): string =>
    Number.isFinite(number) ? say(number) : NONE;
  const unknown = (unit: string, name: string): string => t('{0}, class {1}: not known', unit, name);
  switch (value) {
    case 'class_drop':
      return {
        choice: t('Class drops'),
        title: t('What each class loses'),
        explanation: t('Recall of a class (column) lost when a neuron (row) alone is deleted'),
        legend: t('Points of recall lost'),
        format: legendPoints,
        pair: (number) => [t('Recall lost'), known(number, (lost) => t('{0} points', points(lost)))],
        sentence: (unit, name, number) => {
          if (!Number.isFinite(number)) return unknown(unit, name);
          const size = fixed(Math.abs(number) * 100, 1);
          if (Number(fixed(Math.abs(number) * 100, 2)) === 0) {
            return t('{0}, class {1}: recall unchanged', unit, name);
          }
          return number > 0
            ? t('{0}, class {1}: recall lost {2} points', unit, name, size)
            : t('{0}, class {1}: recall gained {2} points', unit, name, size);
        },
        missing: t('What each class loses comes with the first round.'),
      };
    case 'class_mean':
      return {
        choice: t('Class means'),
        title: t('How active on each class'),
        explanation: t('Mean activation of a neuron (row) on the samples of a class (column)'),
        legend: t('Mean activation'),
        format: (number) => (number === 0 ? '0' : activation(number)),
        pair: (number) => [t('Mean activation'), activation(number)],
        sentence: (unit, name, number) =>
          Number.isFinite(number)
            ? t('{0}, class {1}: mean activation {2}', unit, name, activation(number))
            : unknown(unit, name),
        missing: t('This run has no means of the classes. Runs made from now on have them.'),
      };
    case 'class_share':
      return {
        choice: t('Class means, each neuron by its own largest'),
        title: t('On which classes each is most active'),
        explanation: t('Mean activation of a neuron (row) on a class (column), over its own largest'),
        legend: t('Share of its own largest'),
        format: (number) => percent(number, 0),
        pair: (number) => [t('Of its own largest'), percent(number, 1)],
        sentence: (unit, name, number) =>
          Number.isFinite(number)
            ? t('{0}, class {1}: {2} of its own largest mean', unit, name, percent(number, 1))
            : unknown(unit, name),
        missing: t('This run has no means of the classes. Runs made from now on have them.'),
      };
  }
}

/** One cell in words: the tooltip's pairs, and a sentence to be spoken. */
export function readOutCell(
  store: StudyStore,
  value: MatrixValue,
  row: number,
  column: number,
  number: number,
): Readout | null {
  const record = store.record.value;
  const table = store.table.value?.table;
  const unit = store.units.value[row];
  if (record === null || table === undefined || unit === undefined) return null;
  const words = matrixWords(value);
  const name = className(record.classes, column);
  const all = readOut(record, table, unit, store.deleted.value);
  const short = { ...all, pairs: all.pairs.filter((_, index) => index === 0 || index >= 4) };
  const readout = withFirst(short, [[t('Class'), name], words.pair(number)]);
  return { ...readout, text: [words.sentence(all.name, name, number), ...all.marks].join('; ') };
}
