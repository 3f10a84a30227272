import { t } from '@vscode/l10n';
import type { Twin } from '../../../shared/twin/twin';
import type { StudyStore } from '../../../shared/store';
import type { PlotChoice } from './scatterChoices';
import { SCATTER_MEASURE, type ScatterMeasureName } from './scatterMeasures';

/** The units of a plot with their two figures. */
export function scatterTwin(store: StudyStore, rows: Int32Array, choice: PlotChoice): Twin {
  const units = store.units.value;
  const columns = store.table.value?.table.columns;
  const figure = (name: ScatterMeasureName) => {
    const measure = SCATTER_MEASURE[name];
    return {
      id: name,
      label: measure.label(),
      title: measure.axis(),
      width: 130,
      number: true,
      value: (at: number) => columns?.[name][rows[at]!] ?? NaN,
      text: (at: number) => measure.format(columns?.[name][rows[at]!] ?? NaN),
    };
  };
  return {
    label: t('{0} against {1}', SCATTER_MEASURE[choice.y].label(), SCATTER_MEASURE[choice.x].label()),
    rows: rows.length,
    columns: [
      {
        id: 'site',
        label: t('Site'),
        width: 116,
        number: false,
        value: (at) => units[rows[at]!]?.site ?? '',
      },
      {
        id: 'unit',
        label: t('Unit'),
        width: 60,
        number: true,
        value: (at) => units[rows[at]!]?.unit ?? NaN,
        text: (at) => `#${units[rows[at]!]?.unit ?? ''}`,
      },
      figure(choice.y),
      ...(choice.x === choice.y ? [] : [figure(choice.x)]),
    ],
    unitOf: (at) => rows[at] ?? null,
  };
}
