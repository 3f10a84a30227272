import { legendStops, type ColourScale, type Domain } from './colourScale';
import { rectIn, rectOf, type HeatmapLayout } from './heatmapLayout';
import { fitText, type Rect, type Surface } from './surface';
import type { PictureTheme } from './theme';

/** What a heatmap shows; units are counted over all sites of the layout. */
export interface HeatmapView {
  /** One value a unit; NaN: not computed. */
  readonly values: ArrayLike<number>;
  /** Colour of a value, `#rrggbb`; never called with NaN. The centre of a unit's cell has exactly it. */
  readonly colour: (value: number) => string;
  /** Units whose value is within noise: their cells are drawn smaller. */
  readonly muted?: (index: number) => boolean;
  /** Units that never fire: their cells are framed. */
  readonly dead?: (index: number) => boolean;
  readonly selected: number | null;
  readonly hovered: number | null;
  /** The unit the keyboard is at, while the picture has the focus. */
  readonly focused: number | null;
  readonly deleted: ReadonlySet<number>;
  readonly theme: PictureTheme;
}

function inset(cell: number): number {
  return cell < 4 ? 0 : Math.max(1, Math.round(cell * 0.25));
}

function drawCell(surface: Surface, rect: Rect, value: number, muted: boolean, view: HeatmapView): void {
  if (Number.isNaN(value)) {
    if (rect.w < 4) return;
    surface.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1, view.theme.border, 1);
    surface.line(rect.x + 1, rect.y + rect.h - 1, rect.x + rect.w - 1, rect.y + 1, view.theme.border, 1);
    return;
  }
  const by = muted ? inset(rect.w) : 0;
  surface.fillRect(rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by, view.colour(value));
}

/** A frame round the whole cell; over the edge of a full cell, round a muted one. */
function drawFrame(surface: Surface, rect: Rect, theme: PictureTheme): void {
  if (rect.w >= 6) surface.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1, theme.border, 1);
}

function drawCross(surface: Surface, { x, y, w, h }: Rect, theme: PictureTheme): void {
  const strokes = [
    [theme.background, 4],
    [theme.foreground, 2],
  ] as const;
  for (const [colour, width] of strokes) {
    surface.line(x, y, x + w, y + h, colour, width);
    surface.line(x, y + h, x + w, y, colour, width);
  }
}

function drawRing(surface: Surface, rect: Rect, by: number, colour: string, width: number): void {
  surface.strokeRect(rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by, colour, width);
}

/** Draws all cells, the sites' labels, and the marks of deleted, selected, hovered and focused units. */
export function drawHeatmap(surface: Surface, layout: HeatmapLayout, view: HeatmapView): void {
  const { theme } = view;
  for (const site of layout.sites) {
    if (layout.labels) {
      const available = layout.width - 2 * layout.left;
      const name = fitText(surface, site.name, 13, available * 0.7);
      const style = { align: 'left', baseline: 'middle' } as const;
      const middle = site.top + 9;
      surface.text(name, layout.left, middle, { ...style, colour: theme.foreground, size: 13, weight: 600 });
      // Semibold runs about a tenth wider than what `measure` gives.
      const x = layout.left + surface.measure(name, 13) * 1.1 + 8;
      const detail = fitText(surface, site.detail, 12, layout.width - layout.left - x);
      surface.text(detail, x, middle, { ...style, colour: theme.muted, size: 12 });
    }
    for (let unit = 0; unit < site.units; unit++) {
      const index = site.first + unit;
      const value = view.values[index] ?? NaN;
      const rect = rectIn(layout, site, unit);
      drawCell(surface, rect, value, view.muted?.(index) ?? false, view);
      if (view.dead?.(index) === true) drawFrame(surface, rect, theme);
    }
  }
  const exists = (index: number | null): index is number =>
    index !== null && index >= 0 && index < layout.units;
  for (const index of view.deleted) if (exists(index)) drawCross(surface, rectOf(layout, index), theme);
  if (exists(view.hovered)) drawRing(surface, rectOf(layout, view.hovered), 0.5, theme.foreground, 1);
  if (exists(view.selected)) {
    // A gap, so that the ring shows on a cell of its own colour.
    drawRing(surface, rectOf(layout, view.selected), -0.5, theme.background, 1);
    drawRing(surface, rectOf(layout, view.selected), 1, theme.focus, 2);
  }
  if (exists(view.focused)) {
    drawRing(surface, rectOf(layout, view.focused), 2.5, theme.background, 1);
    drawRing(surface, rectOf(layout, view.focused), 3.5, theme.foreground, 1);
  }
}

/** Height of a legend that {@link drawLegend} fills well, pixels. */
export const LEGEND_HEIGHT = 44;

/**
 * Draws a colour bar with its label above and lowest, middle and highest value below.
 *
 * @param format how a value is written, such as `+1.2 points`
 */
export function drawLegend(
  surface: Surface,
  rect: Rect,
  scale: ColourScale,
  domain: Domain,
  label: string,
  format: (value: number) => string,
): void {
  const { theme } = scale;
  const text = { colour: theme.muted, size: 11, baseline: 'middle' } as const;
  const barTop = rect.y + 16;
  const barHeight = Math.max(6, rect.h - 16 - 16);
  const name = fitText(surface, label, 11, rect.w);
  surface.text(name, rect.x, rect.y + 7, { ...text, colour: theme.foreground, align: 'left' });
  const count = Math.max(2, Math.floor(rect.w));
  legendStops(scale, domain, count).forEach(({ colour }, i) => {
    // To the bar's end, so that no seams show where the picture is scaled.
    surface.fillRect(rect.x + i, barTop, count - i, barHeight, colour);
  });
  const aligns = ['left', 'center', 'right'] as const;
  legendStops(scale, domain, 3).forEach(({ value }, i) => {
    const x = rect.x + (count * i) / 2;
    const tick = Math.min(rect.x + count - 0.5, Math.max(rect.x + 0.5, x));
    surface.line(tick, barTop + barHeight, tick, barTop + barHeight + 3, theme.muted, 1);
    surface.text(format(value), x, barTop + barHeight + 10, { ...text, align: aligns[i] ?? 'center' });
  });
}
