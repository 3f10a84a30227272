import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ColourScale, Domain } from '../../../../src/pictures/colourScale';
import {
  DISTRIBUTION_HEIGHT,
  drawDistribution,
  histogram,
  shareOf,
  type Range,
} from '../../../../src/pictures/gridHistogram';
import { paint } from '../../../shared/paint';
import type { Measure } from './measures';

/** Pixels a bar. */
const BAR = 5;
const WIDEST = 460;
const HANDLE = 6;
/** Steps from one end of the domain to the other by arrow keys. */
const STEPS = 100;

/**
 * How a measure is distributed, over its colours. A drag along it chooses a range; so do the two handles, which are
 * sliders for the keyboard.
 */
export function Brush({
  measure,
  values,
  scale,
  domain,
  range,
  ratio,
  onRange,
}: {
  readonly measure: Measure;
  /** Anew whenever they have changed. */
  readonly values: ReadonlySignal<{ readonly all: Float64Array }>;
  readonly scale: ReadonlySignal<ColourScale>;
  readonly domain: ReadonlySignal<Domain>;
  readonly range: ReadonlySignal<Range | null>;
  readonly ratio: ReadonlySignal<number>;
  readonly onRange: (range: Range | null) => void;
}): VNode {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSignal(0);
  // The handle at its end needs room.
  const width = useComputed(() => Math.min(WIDEST, Math.max(0, room.value - HANDLE)));
  const counts = useComputed(() =>
    histogram(values.value.all, domain.value, Math.max(1, Math.floor(width.value / BAR))),
  );
  const shares = useComputed((): Range | null =>
    range.value === null
      ? null
      : [shareOf(domain.value, range.value[0]), shareOf(domain.value, range.value[1])],
  );
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measureWidth = (): void => void (room.value = Math.floor(element.clientWidth));
    const observer = new ResizeObserver(measureWidth);
    observer.observe(element);
    measureWidth();
    return () => observer.disconnect();
  }, [room]);
  useSignalEffect(() => {
    if (canvas.current === null || width.value === 0) return;
    const size = { width: width.value, height: DISTRIBUTION_HEIGHT };
    paint(canvas.current, size, ratio.value, scale.value.theme.fontFamily, (surface) => {
      const { legend, format } = measure;
      drawDistribution(
        surface,
        size.width,
        counts.value,
        shares.value,
        scale.value,
        domain.value,
        legend,
        format,
      );
    });
  });

  /** The range between two shares of the domain; open at its ends. */
  const choose = (a: number, b: number): void => {
    const [low, high] = domain.value;
    const [from, to] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
    if (from <= 0 && to >= 1) onRange(null);
    else {
      const at = (share: number): number => low + share * (high - low);
      onRange([from <= 0 ? -Infinity : at(from), to >= 1 ? Infinity : at(to)]);
    }
  };
  const start = useRef<number | null>(null);
  const shareAt = (event: PointerEvent): number => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    return (event.clientX - left) / Math.max(1, width.value);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    start.current = shareAt(event);
    canvas.current?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current === null) return;
    const share = shareAt(event);
    if (Math.abs(share - start.current) * width.value >= 3) choose(start.current, share);
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (start.current !== null && Math.abs(shareAt(event) - start.current) * width.value < 3) onRange(null);
    start.current = null;
  };

  const [from, to] = shares.value ?? [0, 1];
  const [low, high] = domain.value;
  const handle = (end: 'low' | 'high'): VNode => {
    const share = end === 'low' ? from : to;
    const move = (next: number): void => {
      const kept = Math.min(1, Math.max(0, next));
      if (end === 'low') choose(Math.min(kept, to), to);
      else choose(from, Math.max(kept, from));
    };
    const onPointer = (event: PointerEvent): void => {
      if (event.buttons === 1) move(shareAt(event));
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const step = (event.shiftKey ? 10 : 1) / STEPS;
      const steps: Readonly<Record<string, number>> = {
        ArrowLeft: share - step,
        ArrowDown: share - step,
        ArrowRight: share + step,
        ArrowUp: share + step,
        PageDown: share - 10 / STEPS,
        PageUp: share + 10 / STEPS,
        Home: 0,
        End: 1,
      };
      const next = steps[event.key];
      if (next !== undefined) move(Math.round(next * STEPS * 10) / (STEPS * 10));
      else if (event.key === 'Escape') onRange(null);
      else return;
      event.preventDefault();
    };
    const value = low + share * (high - low);
    return (
      <div
        class={`brush-handle brush-${end}`}
        role="slider"
        tabIndex={0}
        aria-label={
          end === 'low' ? t('Least {0} to keep', measure.title) : t('Largest {0} to keep', measure.title)
        }
        aria-valuemin={low}
        aria-valuemax={high}
        aria-valuenow={value}
        aria-valuetext={measure.say(value)}
        style={{ left: `${share * width.value}px` }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointer}
        onKeyDown={onKeyDown}
      />
    );
  };
  return (
    <div class="brush" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t(
          'How {0} is distributed; colours from {1} to {2}',
          measure.title,
          measure.format(low),
          measure.format(high),
        )}
        data-brush={measure.column}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
      />
      {handle('low')}
      {handle('high')}
    </div>
  );
}
