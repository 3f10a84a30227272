import { t } from '@vscode/l10n';
import { cellValue } from '../../../../src/pictures/gridPyramid';
import { activation, className, percent, points } from '../../../shared/format';
import type { StudyStore } from '../../../shared/store';
import type { Twin } from '../../../shared/twin/twin';
import type { MatrixState } from './matrixState';
import { matrixWords } from './matrixWords';

/** The matrix as a table: its rows in its order, a column a class. */
export function matrixTwin(store: StudyStore, state: MatrixState): Twin {
  const { grid } = state.pyramid.value;
  const units = store.units.value;
  const classes = store.record.value?.classes ?? [];
  const { value } = state.choices.value;
  const text = value === 'class_drop' ? points : value === 'class_mean' ? activation : percent;
  const unitOf = (row: number): number => grid.rows[row]!;
  return {
    label: matrixWords(value).title,
    rows: grid.rows.length,
    columns: [
      {
        id: 'site',
        label: t('Site'),
        width: 116,
        number: false,
        value: (row) => units[unitOf(row)]!.site,
      },
      {
        id: 'unit',
        label: t('Unit'),
        width: 60,
        number: true,
        value: (row) => units[unitOf(row)]!.unit,
        text: (row) => `#${units[unitOf(row)]!.unit}`,
      },
      ...classes.map((_, column) => ({
        id: `${value}_${column}`,
        label: className(classes, column),
        title: t('Class {0}', className(classes, column)),
        width: 84,
        number: true,
        value: (row: number) => cellValue(grid, row, column),
        text: (row: number) => text(cellValue(grid, row, column)),
      })),
    ],
    unitOf,
  };
}
