import { t } from '@vscode/l10n';
import type { CurveRun } from '../../../../src/protocol/webview';
import { count, fixed, nats, percent } from '../../../shared/format';
import type { Twin, TwinColumn } from '../../../shared/twin/twin';
import { dataName, orderNames } from './cumulative';
import { runNames } from './runNames';

/** All points of cumulative curves, each repeat by itself. */
export function cumulativeTwin(runs: readonly CurveRun[]): Twin {
  const own = runs.filter(({ experiment }) => experiment.name === 'curves');
  const names = runNames(own);
  const rows = own.flatMap(({ experiment }, i) =>
    experiment.name === 'curves' ? experiment.rows.map((point) => ({ run: names[i]!, point })) : [],
  );
  const orders = orderNames();
  const column = columnsOf(rows);
  return {
    label: t('All points of the curves'),
    rows: rows.length,
    columns: [
      ...(own.length > 1 ? [column.text('run', t('Run'), 180, ({ run }) => run)] : []),
      column.text('data', t('Data'), 110, ({ point }) => dataName(point.data)),
      column.text('sites', t('Sites'), 160, ({ point }) => point.sites),
      column.text('order', t('Order'), 150, ({ point }) => orders[point.order]),
      column.text('direction', t('Direction'), 100, ({ point }) =>
        point.direction === '' ? '' : point.direction === 'ascending' ? t('least first') : t('most first'),
      ),
      column.number('repeat', t('Repeat'), 80, ({ point }) => point.repeat + 1, count),
      column.number('units_ablated', t('Deleted'), 90, ({ point }) => point.units_ablated, count),
      column.number(
        'fraction',
        t('Share'),
        90,
        ({ point }) => point.fraction,
        (value) => percent(value, 1),
      ),
      column.number('accuracy', t('Accuracy'), 100, ({ point }) => point.accuracy, percent),
      column.number('loss', t('Loss'), 90, ({ point }) => point.loss, nats),
    ],
  };
}

/** All points of noise curves, each repeat by itself. */
export function noiseTwin(runs: readonly CurveRun[]): Twin {
  const own = runs.filter(({ experiment }) => experiment.name === 'noise');
  const names = runNames(own);
  const rows = own.flatMap(({ experiment }, i) =>
    experiment.name === 'noise' ? experiment.rows.map((point) => ({ run: names[i]!, point })) : [],
  );
  const column = columnsOf(rows);
  return {
    label: t('All points of the noise curves'),
    rows: rows.length,
    columns: [
      ...(own.length > 1 ? [column.text('run', t('Run'), 180, ({ run }) => run)] : []),
      column.text('sites', t('Sites'), 160, ({ point }) => point.sites),
      column.number(
        'scale',
        t('Noise (σ)'),
        100,
        ({ point }) => point.scale,
        (value) => fixed(value, 3),
      ),
      column.number('repeat', t('Repeat'), 80, ({ point }) => point.repeat + 1, count),
      column.number('accuracy', t('Accuracy'), 100, ({ point }) => point.accuracy, percent),
      column.number('loss', t('Loss'), 90, ({ point }) => point.loss, nats),
    ],
  };
}

/** Makes columns over rows of one kind. */
function columnsOf<Row>(rows: readonly Row[]): {
  readonly text: (id: string, label: string, width: number, value: (row: Row) => string) => TwinColumn;
  readonly number: (
    id: string,
    label: string,
    width: number,
    value: (row: Row) => number,
    format: (value: number) => string,
  ) => TwinColumn;
} {
  return {
    text: (id, label, width, value) => ({ id, label, width, number: false, value: (i) => value(rows[i]!) }),
    number: (id, label, width, value, format) => ({
      id,
      label,
      width,
      number: true,
      value: (i) => value(rows[i]!),
      text: (i) => format(value(rows[i]!)),
    }),
  };
}
