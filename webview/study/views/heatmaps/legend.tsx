import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { ColourScale, Domain } from '../../../../src/pictures/colourScale';
import { drawLegend, LEGEND_HEIGHT } from '../../../../src/pictures/heatmap';
import { paint } from '../../../shared/paint';
import type { Measure } from './measures';

const WIDTH = 200;

/** Which of the cell marks occur, so that the legend explains those and no others. */
export interface CellMarks {
  readonly muted: boolean;
  readonly dead: boolean;
  readonly unknown: boolean;
  readonly deleted: boolean;
}

/** The colour bar of a heatmap. */
export function Legend({
  measure,
  scale,
  domain,
  ratio,
}: {
  readonly measure: Measure;
  readonly scale: ColourScale;
  readonly domain: Domain;
  readonly ratio: number;
}): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [low, high] = domain;
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const size = { width: WIDTH, height: LEGEND_HEIGHT };
    paint(canvas.current, size, ratio, scale.theme.fontFamily, (surface) => {
      drawLegend(
        surface,
        { x: 0, y: 0, w: WIDTH, h: LEGEND_HEIGHT },
        scale,
        [low, high],
        measure.legend,
        measure.format,
      );
    });
  }, [measure, scale, low, high, ratio]);
  return (
    <canvas
      class="legend"
      ref={canvas}
      role="img"
      aria-label={`Colours: ${measure.legend}, from ${measure.format(low)} to ${measure.format(high)}`}
    />
  );
}

/** What the shapes of a heatmap's cells mean, those that occur. */
export function LegendKeys({
  measure,
  marks,
}: {
  readonly measure: Measure;
  readonly marks: CellMarks;
}): VNode {
  return (
    <ul class="legend-keys" aria-label="Marks">
      {marks.muted && <Key kind="muted">{measure.mutedMeans}</Key>}
      {marks.dead && <Key kind="dead">never fires</Key>}
      {marks.unknown && <Key kind="unknown">no value</Key>}
      {marks.deleted && <Key kind="deleted">deleted</Key>}
    </ul>
  );
}

function Key({ kind, children }: { readonly kind: string; readonly children: string }): VNode {
  return (
    <li>
      <span class={`key key-${kind}`} aria-hidden="true" />
      {children}
    </li>
  );
}
