import { useComputed, useSignalEffect } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { drawLegend, LEGEND_HEIGHT } from '../../../../src/pictures/heatmap';
import { paint } from '../../../shared/paint';
import type { ViewProps } from '../../viewProps';
import type { MapModel } from './mapModel';

/** Width of the colour bar, pixels. */
export const LEGEND_WIDTH = 200;

/** The colour bar of a map, and what its marks mean: those that occur. */
export function MapLegend({ view, model }: { readonly view: ViewProps; readonly model: MapModel }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useSignalEffect(() => {
    if (canvas.current === null) return;
    const size = { width: LEGEND_WIDTH, height: LEGEND_HEIGHT };
    const measure = model.measure.value;
    const { scale, domain } = model.shades.value;
    paint(canvas.current, size, view.ratio.value, view.theme.value.fontFamily, (surface) =>
      drawLegend(
        surface,
        { x: 0, y: 0, w: size.width, h: size.height },
        scale,
        domain,
        measure.legend(),
        measure.format,
      ),
    );
  });
  const measure = model.measure.value;
  const [low, high] = model.shades.value.domain;
  const words = t(
    'Colours: {0}, from {1} to {2}',
    measure.legend(),
    measure.format(low),
    measure.format(high),
  );
  return (
    <div class="map-legend">
      <canvas ref={canvas} role="img" aria-label={words} />
      <Keys view={view} model={model} />
    </div>
  );
}

function Keys({ view, model }: { readonly view: ViewProps; readonly model: MapModel }): VNode {
  const { store } = view;
  const found = useComputed(() => {
    const table = store.table.value?.table;
    const { muted } = model.measure.value;
    const values = model.values.value;
    return {
      muted: table !== undefined && muted !== undefined && someRow(table.rows, (row) => muted(table, row)),
      dead: table?.columns.dead.includes(1) === true,
      missing: values.some((value) => Number.isNaN(value)),
    };
  });
  const lines = model.lines.value;
  const connected = lines !== null && lines.incoming.length + lines.outgoing.length > 0;
  const { muted, dead, missing } = found.value;
  return (
    <ul class="map-keys" aria-label={t('Marks')}>
      {muted && <Key kind="muted">{model.measure.value.mutedMeans?.() ?? ''}</Key>}
      {dead && <Key kind="dead">{t('never fires')}</Key>}
      {missing && <Key kind="missing">{t('no value')}</Key>}
      {store.deleted.value.size > 0 && <Key kind="deleted">{t('deleted')}</Key>}
      {connected && <Line sign={1} text={t('positive weight')} model={model} />}
      {connected && <Line sign={-1} text={t('negative weight')} model={model} />}
    </ul>
  );
}

function Key({ kind, children }: { readonly kind: string; readonly children: string }): VNode {
  return (
    <li>
      <span class={`map-key map-key-${kind}`} aria-hidden="true" />
      {children}
    </li>
  );
}

function Line({
  sign,
  text,
  model,
}: {
  readonly sign: 1 | -1;
  readonly text: string;
  readonly model: MapModel;
}): VNode {
  return (
    <li>
      <span class="map-key-line" style={{ background: model.signColour.value(sign) }} aria-hidden="true" />
      {text}
    </li>
  );
}

function someRow(rows: number, holds: (row: number) => boolean): boolean {
  for (let row = 0; row < rows; row++) if (holds(row)) return true;
  return false;
}
