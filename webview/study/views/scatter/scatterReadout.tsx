import { t } from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { count, NONE, unitName } from '../../../shared/format';
import type { UnitRow } from '../../../shared/store';
import { readOut, type Readout } from '../../readout';
import { Tooltip } from '../../tooltip';
import type { ViewProps } from '../../viewProps';
import { SCATTER_MEASURE } from './scatterMeasures';
import type { ScatterModel } from './scatterModel';
import type { PlotChoice } from './scatterChoices';

interface Props {
  readonly view: ViewProps;
  readonly model: ScatterModel;
  readonly choice: PlotChoice;
}

/** What a screen reader says of the keyboard's point; its `data-` attributes tell it to tests. */
export function ScatterReadout({ view, model, choice, id }: Props & { readonly id: string }): VNode | null {
  const { store } = view;
  const unit = store.units.value[store.cursor.value];
  const { points } = model.plot.value;
  const place = unit === undefined ? -1 : (model.places.value[unit.row] ?? -1);
  if (unit === undefined || place < 0) return <p class="unseen readout" id={id} role="status" />;
  const readout = read(view, choice, unit);
  const taken = model.dragging.value ? null : model.taken.value;
  const said = [
    readout?.text ?? unitName(unit),
    ...(store.selected.value === unit.row ? [t('selected')] : []),
    ...(taken === null ? [] : [takenText(taken.rows.length)]),
  ];
  return (
    <p
      class="unseen readout"
      id={id}
      role="status"
      aria-live={model.focused.value ? 'polite' : 'off'}
      data-row={unit.row}
      data-x={points.x[place]}
      data-y={points.y[place]}
    >
      {said.join('; ')}
    </p>
  );
}

function takenText(units: number): string {
  return units === 1
    ? t('1 neuron taken: Delete deletes it, Escape lets it go')
    : t('{0} neurons taken: Delete deletes them, Escape lets them go', count(units));
}

/** The figures of the point that is pointed at, beside it. */
export function ScatterTooltip({
  view,
  model,
  choice,
  canvas,
}: Props & { readonly canvas: RefObject<HTMLCanvasElement | null> }): VNode | null {
  const row = model.pointed.value;
  const unit = row === null ? undefined : view.store.units.value[row];
  if (unit === undefined || canvas.current === null) return null;
  const place = model.places.value[unit.row] ?? -1;
  const readout = read(view, choice, unit);
  if (readout === null || place < 0) return null;
  const { left, top } = canvas.current.getBoundingClientRect();
  const { x, y } = model.plot.value.points;
  return <Tooltip readout={readout} cell={{ x: left + x[place]! - 4, y: top + y[place]! - 4, w: 8, h: 8 }} />;
}

/** A unit's figures, those of the two axes first. */
function read({ store }: ViewProps, choice: PlotChoice, unit: UnitRow): Readout | null {
  const record = store.record.value;
  const table = store.table.value?.table;
  if (record === null || table === undefined) return null;
  const plain = readOut(record, table, unit, store.deleted.value);
  const own = [choice.y, choice.x].flatMap((name): [string, string][] => {
    const measure = SCATTER_MEASURE[name];
    const value = table.columns[name][unit.row] ?? NaN;
    // What every readout says is not said twice.
    const said = plain.pairs.some(([label]) => label === measure.label());
    return said || Number.isNaN(value) ? [] : [[measure.label(), measure.format(value)]];
  });
  const pairs = [...own, ...plain.pairs];
  const said = pairs.map(([name, value]) => `${name} ${value === NONE ? t('not known') : value}`);
  return { ...plain, pairs, text: [plain.name, ...said, ...plain.marks].join('; ') };
}
