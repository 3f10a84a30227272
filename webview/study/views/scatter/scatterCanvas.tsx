import { useSignalEffect } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { drawScatter, drawScatterMarks } from '../../../../src/pictures/scatter';
import { count } from '../../../shared/format';
import { paint } from '../../../shared/paint';
import type { ViewProps } from '../../viewProps';
import type { PlotChoice } from './scatterChoices';
import { scatterKeys, scatterPointer } from './scatterInput';
import type { ScatterModel } from './scatterModel';
import { ScatterReadout, ScatterTooltip } from './scatterReadout';
import { TakeBar } from '../../taking/takeBar';

/** A plot for the pointer and the keyboard: the points on one canvas, what is marked on another above it. */
export function ScatterCanvas({
  view,
  model,
  choice,
  id,
  label,
}: {
  readonly view: ViewProps;
  readonly model: ScatterModel;
  readonly choice: PlotChoice;
  readonly id: string;
  /** What it shows, in words. */
  readonly label: string;
}): VNode {
  const { store, theme, ratio } = view;
  const stage = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const pointer = useMemo(() => scatterPointer(view, model), [view.store, view.actions, model]);
  const onKeyDown = useMemo(() => scatterKeys(view, model), [view.store, view.actions, model]);

  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    const measure = (): void => void (model.width.value = Math.floor(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [model]);

  useSignalEffect(() => {
    const plot = model.plot.value;
    if (base.current === null || plot.width === 0) return;
    const scale = ratio.value;
    paint(base.current, plot, scale, theme.value.fontFamily, (surface) => drawScatter(surface, plot, scale));
  });
  useSignalEffect(() => {
    const plot = model.plot.value;
    const shown = {
      hovered: store.hovered.value,
      selected: store.selected.value,
      place: (row: number) => model.places.value[row] ?? -1,
      taken: model.taken.value?.rect ?? null,
    };
    if (marks.current === null || plot.width === 0) return;
    paint(marks.current, plot, ratio.value, theme.value.fontFamily, (surface) =>
      drawScatterMarks(surface, plot, shown),
    );
  });

  return (
    <div class="scatter-stage" ref={stage} data-scatter={id}>
      <canvas ref={base} aria-hidden="true" />
      <canvas
        class="scatter-marks"
        ref={marks}
        tabIndex={0}
        role="application"
        aria-roledescription={t('scatter plot')}
        aria-label={t(
          '{0}, {1} neurons. Arrow keys go to the nearest one, Page Up and Page Down through all from left to right, Enter selects, Delete deletes or restores.',
          label,
          count(model.plot.value.points.rows.length),
        )}
        aria-describedby={`readout-${id}`}
        onKeyDown={onKeyDown}
        onFocus={() => (model.focused.value = true)}
        onBlur={() => {
          model.focused.value = false;
          model.pointed.value = null;
          view.actions.hover(null);
        }}
        {...pointer}
      />
      <TakeBar
        view={view}
        model={model}
        size={() => model.plot.peek()}
        onDone={() => marks.current?.focus()}
      />
      <ScatterReadout view={view} model={model} choice={choice} id={`readout-${id}`} />
      <ScatterTooltip view={view} model={model} choice={choice} canvas={marks} />
    </div>
  );
}
