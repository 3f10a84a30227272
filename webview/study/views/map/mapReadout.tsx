import { t } from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { HEAD_HEIGHT, rectOf } from '../../../../src/pictures/networkMapLayout';
import type { Rect } from '../../../../src/pictures/surface';
import { count, NONE, unitName } from '../../../shared/format';
import { readOut, type Readout } from '../../readout';
import { Tooltip } from '../../tooltip';
import type { ViewProps } from '../../viewProps';
import type { MapModel } from './mapModel';

/** What {@link readOut} tells of every unit. */
const TOLD: ReadonlySet<string> = new Set(['accuracy_drop', 'loss_increase', 'selectivity']);

interface Props {
  readonly view: ViewProps;
  readonly model: MapModel;
}

/** What a screen reader says of the keyboard's place. Its `data-` attributes tell it to tests. */
export function MapReadout({ view, model, id }: Props & { readonly id: string }): VNode | null {
  const { store } = view;
  const record = store.record.value;
  const table = store.table.value?.table;
  const units = store.units.value;
  const unit = units[Math.min(store.cursor.value, units.length - 1)];
  const site = unit === undefined ? undefined : record?.sites[unit.siteIndex];
  if (record === null || table === undefined || unit === undefined || site === undefined) return null;
  const { text } = readOut(record, table, unit, store.deleted.value);
  const place = model.width.value === 0 ? null : rectOf(model.layout.value, unit.row);
  const rest = text.slice(unitName(unit).length).replace(/^; /, '');
  const taken = model.dragging.value ? null : model.taken.value;
  const said = [
    t('{0} of {1}', unitName(unit), count(site.units)),
    ...shown(model, unit.row).map(([name, value]) => `${name} ${value === NONE ? t('not known') : value}`),
    rest,
    ...(store.selected.value === unit.row ? [t('selected')] : []),
    ...(taken === null ? [] : [takenText(taken.rows.length)]),
  ];
  return (
    <p
      class="unseen readout"
      id={id}
      role="status"
      aria-live={model.focused.value ? 'polite' : 'off'}
      data-site={unit.site}
      data-unit={unit.unit}
      {...(place && { 'data-focus-x': place.x + place.w / 2, 'data-focus-y': place.y + place.h / 2 })}
    >
      {said.join('; ')}
    </p>
  );
}

/** The measure that the map is shaded by, where it is none of those that are told anyway. */
function shown(model: MapModel, row: number): (readonly [name: string, value: string])[] {
  if (TOLD.has(model.choices.value.measure)) return [];
  const { label, format } = model.measure.value;
  const value = model.values.value[row] ?? NaN;
  return [[label(), Number.isNaN(value) ? NONE : format(value)]];
}

function takenText(units: number): string {
  return units === 1
    ? t('1 neuron taken: Delete deletes it, Escape lets it go')
    : t('{0} neurons taken: Delete deletes them, Escape lets them go', count(units));
}

/** The figures of what is pointed at, beside it: a unit, or a site. */
export function MapTooltip({
  view,
  model,
  canvas,
}: Props & { readonly canvas: RefObject<HTMLCanvasElement | null> }): VNode | null {
  const { store } = view;
  const pointed = model.pointed.value;
  const record = store.record.value;
  const table = store.table.value?.table;
  const element = canvas.current;
  if (pointed === null || record === null || table === undefined || element === null) return null;
  const { left, top } = element.getBoundingClientRect();
  const placed = (rect: Rect): Rect => ({ ...rect, x: left + rect.x, y: top + rect.y });
  if (typeof pointed !== 'number') {
    const site = record.sites.find(({ name }) => name === pointed.name);
    const band = model.layout.value.bands[pointed.band];
    if (site === undefined || band === undefined) return null;
    let gone = 0;
    for (const row of store.deleted.value) {
      if (row >= pointed.first && row < pointed.first + pointed.units) gone++;
    }
    const readout: Readout = {
      name: site.name,
      pairs: [
        [t('Kind'), site.kind],
        [t('Neurons'), count(site.units)],
        [t('Output shape'), site.shape.map((size) => count(size)).join(' × ')],
        [t('Deleted'), gone === 0 ? NONE : count(gone)],
      ],
      marks: [],
      text: site.name,
    };
    return (
      <Tooltip
        readout={readout}
        cell={placed({ x: pointed.left, y: band.top, w: pointed.width, h: HEAD_HEIGHT })}
      />
    );
  }
  const unit = store.units.value[pointed];
  if (unit === undefined) return null;
  const figures = readOut(record, table, unit, store.deleted.value);
  return (
    <Tooltip
      readout={{ ...figures, pairs: [...shown(model, pointed), ...figures.pairs] }}
      cell={placed(rectOf(model.layout.value, pointed))}
    />
  );
}
