import { useSignal, useSignalEffect, useComputed, type ReadonlySignal, type Signal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { ComponentChildren, TargetedKeyboardEvent, TargetedPointerEvent, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { measuredPlaces, nearestPlace, readAt } from '../../../../src/pictures/curveAxes';
import { curvesHeight, drawCurves, drawPlot, plotArea } from '../../../../src/pictures/curves';
import type { Rect } from '../../../../src/pictures/surface';
import { paint } from '../../../shared/paint';
import type { Twin } from '../../../shared/twin/twin';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ExportedPicture } from '../../frame/exportPicture';
import type { PictureView } from '../../viewProps';
import { CurveLegend, valueText } from './curveLegend';
import { asPicture } from './plotPicture';
import type { Plot, PlotChoices } from './plotLine';

/** Of the axes in a file, pixels. */
const EXPORTED = { width: 840, axes: 380 };

/**
 * A plot of curves with its choices, its legend and a cursor that reads all lines. The outer element has, for tests,
 * `data-at` (place of the cursor, 0 … 1) and `data-area` (the axes within the canvas: x y w h).
 */
export function CurvePicture<Choices extends PlotChoices>({
  view,
  id,
  title,
  explanation,
  options,
  plot,
  choices,
  twin,
}: {
  readonly view: PictureView;
  readonly id: string;
  readonly title: string;
  readonly explanation: ComponentChildren;
  /** The controls for what is shown. */
  readonly options: ComponentChildren;
  readonly plot: ReadonlySignal<Plot>;
  readonly choices: Signal<Choices>;
  readonly twin: () => Twin;
}): VNode {
  const { theme, ratio } = view;
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  /** Where the pointer or the keyboard has it; kept when they leave. */
  const at = useSignal(choices.peek().at);
  const shown = useComputed(() => {
    const { hidden } = choices.value;
    return plot.value.lines.filter(({ key }) => !hidden.includes(key));
  });
  const places = useComputed(() => measuredPlaces(shown.value));
  const cursor = useComputed(() => places.value[nearestPlace(places.value, at.value)] ?? null);
  const rect = useComputed((): Rect => {
    const w = width.value;
    return { x: 0, y: 0, w, h: Math.round(Math.min(400, Math.max(250, w * 0.52))) };
  });
  const area = plotArea(rect.value);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => void (width.value = Math.floor(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  });
  useSignalEffect(() => {
    const element = canvas.current;
    if (element === null || width.value === 0) return;
    const picture = asPicture(plot.value, shown.value, choices.value, theme.value, {
      title: '',
      cursor: cursor.value,
    });
    const { w, h } = rect.value;
    paint(element, { width: w, height: h }, ratio.value, theme.value.fontFamily, (surface) =>
      drawPlot(surface, rect.value, picture),
    );
  });

  const moveTo = (place: number | undefined): void => {
    if (place !== undefined) at.value = place;
  };
  const keep = (): void => {
    if (choices.peek().at !== at.peek()) choices.value = { ...choices.peek(), at: at.peek() };
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLCanvasElement>): void =>
    moveTo(places.value[nearestPlace(places.value, (event.offsetX - area.x) / area.w)]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLCanvasElement>): void => {
    const all = places.value;
    const now = nearestPlace(all, at.value);
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowRight: now + 1,
      PageUp: now - 5,
      PageDown: now + 5,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveTo(all[Math.min(all.length - 1, Math.max(0, to))]);
    keep();
  };
  const toggle = (key: string): void => {
    const { hidden } = choices.peek();
    const others = hidden.filter((other) => other !== key);
    choices.value = {
      ...choices.peek(),
      hidden: others.length < hidden.length ? others : [...hidden, key],
    };
  };
  const exported = (): ExportedPicture | null => {
    if (plot.value.lines.length === 0) return null;
    const picture = (colours: typeof theme.value) =>
      asPicture(plot.value, shown.value, choices.value, colours, { title, cursor: null });
    const { width: w, axes } = EXPORTED;
    const h = curvesHeight(picture(theme.value), axes);
    return {
      width: w + 24,
      height: h + 24,
      draw: (surface, colours) => drawCurves(surface, { x: 12, y: 12, w, h }, picture(colours)),
    };
  };

  const place = cursor.value;
  const readings = new Map(
    shown.value.map((line) => [line.key, place === null ? null : readAt(line.points, place)]),
  );
  const where = place === null ? '' : plot.value.place(place);
  const many = plot.value.runs.length > 1;
  const spoken = shown.value.map(({ key, run, name }) => {
    const value = valueText(plot.value, readings.get(key) ?? null);
    const of = many ? plot.value.runs.find((other) => other.key === run)?.name : undefined;
    return of === undefined ? t('{0}: {1}', name, value) : t('{0}, {1}: {2}', of, name, value);
  });
  return (
    <div
      class="curves-picture"
      data-curves={id}
      data-at={place ?? ''}
      data-area={[area.x, area.y, area.w, area.h].join(' ')}
    >
      <PictureFrame
        id={id}
        title={title}
        explanation={explanation}
        twin={twin}
        exported={exported}
        view={view}
      >
        <div class="curves-options">{options}</div>
        <div class="curves-body">
          <div class="curves-plot" ref={frame}>
            <canvas
              ref={canvas}
              tabIndex={0}
              role="application"
              aria-roledescription={t('plot')}
              aria-label={t('{0}. Left and right arrow keys move the cursor that reads all lines.', title)}
              aria-describedby={`readout-${id}`}
              onPointerMove={onPointerMove}
              onPointerLeave={keep}
              onKeyDown={onKeyDown}
            />
            <p class="unseen" id={`readout-${id}`} role="status">
              {where === '' ? '' : `${where}. ${spoken.join('; ')}`}
            </p>
          </div>
          <CurveLegend
            plot={plot.value}
            hidden={choices.value.hidden}
            readings={readings}
            where={where}
            theme={theme.value}
            onToggle={toggle}
          />
        </div>
      </PictureFrame>
    </div>
  );
}
