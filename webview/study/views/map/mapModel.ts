import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { t } from '@vscode/l10n';
import { colourOf, diverging, type ColourScale, type Domain } from '../../../../src/pictures/colourScale';
import type { MapTexts } from '../../../../src/pictures/networkMap';
import type { MapView } from '../../../../src/pictures/networkMapCells';
import {
  layoutMap,
  unitsIn,
  type MapColumn,
  type MapLayout,
} from '../../../../src/pictures/networkMapLayout';
import type { MapLines } from '../../../../src/pictures/networkMapMarks';
import type { Rect } from '../../../../src/pictures/surface';
import { emptyUnitTable } from '../../../../src/protocol/units';
import { count } from '../../../shared/format';
import { keptSignal } from '../../../shared/keptSignal';
import type { Taken, Taking } from '../../taking/takenUnits';
import type { ViewProps } from '../../viewProps';
import { MAP_MEASURE, MAP_MEASURES, shades, type MapMeasure, type MapMeasureName } from './mapMeasures';

/** What the user chose of the map; it survives. */
export interface MapChoices {
  readonly measure: MapMeasureName;
  /** A click selects and does not delete. */
  readonly selecting: boolean;
}

/** The state of the map view, made from the store's. */
export interface MapModel extends Taking {
  readonly choices: Signal<MapChoices>;
  /** Width of the picture, CSS pixels; 0 before it is known. */
  readonly width: Signal<number>;
  readonly layout: ReadonlySignal<MapLayout>;
  readonly measure: ReadonlySignal<MapMeasure>;
  readonly values: ReadonlySignal<Float64Array>;
  readonly shades: ReadonlySignal<{ readonly scale: ColourScale; readonly domain: Domain }>;
  readonly cells: ReadonlySignal<MapView>;
  readonly texts: ReadonlySignal<MapTexts>;
  /** Connections of the selected unit, where they are known. */
  readonly lines: ReadonlySignal<MapLines | null>;
  readonly signColour: ReadonlySignal<(sign: 1 | -1) => string>;
  readonly focused: Signal<boolean>;
  /** Where the tooltip is: at a unit, or at a site's name. */
  readonly pointed: Signal<number | MapColumn | null>;
  readonly dragging: Signal<boolean>;
  /** Takes the units in a rectangle. */
  take(rect: Rect): void;
}

/** The state of a map. */
export function mapModel({ store, host, theme }: ViewProps): MapModel {
  const choices = keptSignal<MapChoices>(host, 'map', { measure: 'accuracy_drop', selecting: false });
  const width = signal(0);
  const taken = signal<Taken | null>(null);
  const sites = computed(() => store.record.value?.sites ?? []);
  const classes = computed(() => store.record.value?.classes ?? []);
  const texts = computed((): MapTexts => ({
    input: t('Input'),
    shape: (store.record.value?.data.shape ?? []).map((size) => count(size)).join(' × '),
    output: t('Output'),
    outputDetail: classes.value.length === 1 ? t('1 class') : t('{0} classes', count(classes.value.length)),
    classes: classes.value,
    count,
    detail: (kind, units) => `${kind} · ${count(units)}`,
  }));
  const layout = computed(() => layoutMap(sites.value, Math.max(width.value, 200), texts.value));
  const name = computed(() =>
    MAP_MEASURES.includes(choices.value.measure) ? choices.value.measure : 'accuracy_drop',
  );
  const measure = computed(() => MAP_MEASURE[name.value]);
  const table = computed(() => store.table.value ?? { table: emptyUnitTable(0, 0), version: 0 });
  const values = computed(() => table.value.table.columns[name.value]);
  const chosen = computed(() => {
    // The version is read because values are written in place.
    const { columns } = table.value.table;
    return shades(measure.value, columns[name.value], theme.value);
  });
  return {
    choices,
    width,
    layout,
    measure,
    values,
    shades: chosen,
    cells: computed(() => {
      const { table: units } = table.value;
      const { muted } = measure.value;
      const { scale, domain } = chosen.value;
      return {
        values: values.value,
        colour: colourOf(scale, domain),
        muted: (row) => muted?.(units, row) ?? false,
        dead: (row) => units.columns.dead[row] === 1,
        deleted: store.deleted.value,
        theme: theme.value,
      };
    }),
    texts,
    lines: computed(() => {
      const details = store.state.value?.unit?.details ?? null;
      const row = store.selected.value;
      const unit = row === null ? undefined : store.units.value[row];
      if (details === null || row === null || unit === undefined) return null;
      if (details.unit.site !== unit.site || details.unit.unit !== unit.unit) return null;
      return { row, incoming: details.incoming, outgoing: details.outgoing, to_classes: details.to_classes };
    }),
    signColour: computed(() => {
      const scale = diverging(theme.value);
      return (sign) => scale.colour(sign);
    }),
    focused: signal(false),
    pointed: signal(null),
    taken,
    dragging: signal(false),
    take: (rect) => (taken.value = { rect, rows: unitsIn(layout.peek(), rect) }),
  };
}
