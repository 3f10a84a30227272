import { t } from '@vscode/l10n';
import type { UnitDetails } from '../../../../src/protocol/details';
import type { InspectorState } from '../../../../src/protocol/webview';
import { activation, count, points, unitName } from '../../../shared/format';
import type { Twin, TwinColumn } from '../../../shared/twin/twin';

/** The activation histogram as a table: a row a class and bin. */
export function histogramTwin(state: InspectorState, details: UnitDetails): Twin {
  const { edges, counts } = details.histogram;
  const bins = edges.length - 1;
  const edge = (id: string, label: string, at: (bin: number) => number): TwinColumn => ({
    id,
    label,
    width: 110,
    number: true,
    value: (row) => edges[at(row % bins)] ?? NaN,
    text: (row) => activation(edges[at(row % bins)] ?? NaN),
  });
  return {
    label: t('Activations of {0}', unitName(state.unit)),
    rows: state.classes.length * bins,
    columns: [
      {
        id: 'class',
        label: t('Class'),
        width: 110,
        number: false,
        value: (row) => state.classes[Math.floor(row / bins)] ?? '',
      },
      edge('from', t('From'), (bin) => bin),
      edge('to', t('To'), (bin) => bin + 1),
      {
        id: 'samples',
        label: t('Samples'),
        width: 110,
        number: true,
        value: (row) => counts[row] ?? NaN,
        text: (row) => count(counts[row] ?? NaN),
      },
    ],
  };
}

/** What the unit is to each class, as a table. */
export function classTwin(state: InspectorState, details: UnitDetails | null): Twin {
  const column = (
    id: string,
    label: string,
    values: ArrayLike<number>,
    format: (value: number) => string,
  ): TwinColumn => ({
    id,
    label,
    width: 140,
    number: true,
    value: (row) => values[row] ?? NaN,
    text: (row) => format(values[row] ?? NaN),
  });
  const weights = details?.to_classes ?? null;
  return {
    label: t('Classes of {0}', unitName(state.unit)),
    rows: state.classes.length,
    columns: [
      {
        id: 'class',
        label: t('Class'),
        width: 120,
        number: false,
        value: (row) => state.classes[row] ?? '',
      },
      ...(details === null
        ? []
        : [column('class_mean', t('Mean activation'), details.class_means, activation)]),
      column('class_drop', t('Recall lost, points'), state.class_drop, points),
      ...(weights === null ? [] : [column('weight', t('Weight to the class'), weights, activation)]),
    ],
  };
}
