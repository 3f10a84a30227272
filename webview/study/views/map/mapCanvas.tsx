import { useSignalEffect } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { drawMap } from '../../../../src/pictures/networkMap';
import { boundsOf } from '../../../../src/pictures/networkMapLayout';
import { drawMapMarks } from '../../../../src/pictures/networkMapMarks';
import { count } from '../../../shared/format';
import { paint } from '../../../shared/paint';
import type { ViewProps } from '../../viewProps';
import { mapKeys } from './mapKeys';
import type { MapModel } from './mapModel';
import { mapPointer } from './mapPointer';
import { MapReadout, MapTooltip } from './mapReadout';
import { TakeBar } from '../../taking/takeBar';

const READOUT = 'map-readout';

/**
 * The map on two canvases: the network, drawn when data, theme or size change, and over it the marks that follow the
 * pointer and the keyboard.
 */
export function MapCanvas({ view, model }: { readonly view: ViewProps; readonly model: MapModel }): VNode {
  const { store, theme, ratio } = view;
  const frame = useRef<HTMLDivElement>(null);
  const network = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const pointer = useMemo(() => mapPointer(view, model), [model]);
  const keys = useMemo(() => mapKeys(view, model), [model]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = (): void => {
      const width = Math.floor(element.clientWidth);
      if (width === model.width.peek()) return;
      model.width.value = width;
      const rows = model.taken.peek()?.rows ?? [];
      model.taken.value = rows.length === 0 ? null : { rows, rect: boundsOf(model.layout.peek(), rows) };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [model]);

  useSignalEffect(() => {
    const layout = model.layout.value;
    const cells = model.cells.value;
    const texts = model.texts.value;
    if (network.current === null || model.width.value === 0) return;
    paint(network.current, layout, ratio.value, theme.value.fontFamily, (surface) =>
      drawMap(surface, layout, cells, texts),
    );
  });
  useSignalEffect(() => {
    const layout = model.layout.value;
    const over = {
      hovered: model.dragging.value ? null : store.hovered.value,
      selected: store.selected.value,
      focused: model.focused.value ? store.cursor.value : null,
      taken: model.taken.value,
      lines: model.lines.value,
      signColour: model.signColour.value,
      theme: theme.value,
    };
    if (marks.current === null || model.width.value === 0) return;
    paint(marks.current, layout, ratio.value, theme.value.fontFamily, (surface) =>
      drawMapMarks(surface, layout, over),
    );
  });

  useSignalEffect(() => {
    const clickable = typeof model.pointed.value === 'number';
    if (marks.current !== null) marks.current.style.cursor = clickable ? 'pointer' : 'default';
  });

  const units = store.units.value.length;
  return (
    <div class="map-frame" ref={frame}>
      <canvas class="map-network" ref={network} aria-hidden="true" />
      <canvas
        class="map-marks"
        ref={marks}
        tabIndex={0}
        role="application"
        aria-roledescription={t('network map')}
        aria-label={t(
          'The network, {0} neurons. Arrow keys move, with Shift they take several. Enter deletes or restores, S selects.',
          count(units),
        )}
        aria-describedby={READOUT}
        onKeyDown={keys}
        onFocus={(event) => (model.focused.value = event.currentTarget.matches(':focus-visible'))}
        onBlur={() => {
          model.focused.value = false;
          pointer.onPointerLeave();
        }}
        {...pointer}
      />
      <MapReadout view={view} model={model} id={READOUT} />
      <TakeBar
        view={view}
        model={model}
        size={() => model.layout.peek()}
        onDone={() => marks.current?.focus()}
      />
      <MapTooltip view={view} model={model} canvas={marks} />
    </div>
  );
}
