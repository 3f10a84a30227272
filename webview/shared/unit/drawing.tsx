import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Surface } from '../../../src/pictures/surface';
import { paint } from '../paint';
import type { UnitPageView } from './unitActions';

/** A picture as wide as there is room. */
export function Drawing({
  height,
  label,
  draw,
  view,
  id,
}: {
  readonly height: number;
  /** The picture in words. */
  readonly label: string;
  /** Told the surface and its width; drawn anew whenever this is another function. */
  readonly draw: (surface: Surface, width: number) => void;
  readonly view: Pick<UnitPageView, 'theme' | 'ratio'>;
  /** Names it in tests. */
  readonly id: string;
}): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => void (width.value = Math.floor(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const { fontFamily } = view.theme.value;
  const ratio = view.ratio.value;
  const room = width.value;
  useLayoutEffect(() => {
    if (canvas.current === null || room === 0) return;
    paint(canvas.current, { width: room, height }, ratio, fontFamily, (surface) => draw(surface, room));
  }, [draw, room, height, ratio, fontFamily]);
  return (
    <div class="drawing" ref={frame}>
      <canvas ref={canvas} role="img" aria-label={label} data-drawing={id} />
    </div>
  );
}
