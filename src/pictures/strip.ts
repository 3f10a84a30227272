import { curveColour } from './curves';
import type { Spread } from '../protocol/standing';
import type { Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** Draws how a measure is spread over a site as low bars, and where one unit's value lies among them. */
export function drawStrip(
  surface: Surface,
  rect: Rect,
  { low, high, counts }: Spread,
  value: number,
  theme: PictureTheme,
): void {
  const most = Math.max(1, ...counts);
  const margin = 6;
  const width = rect.w - 2 * margin;
  const base = rect.y + rect.h - 4;
  const step = width / counts.length;
  counts.forEach((count, i) => {
    if (count === 0) return;
    // The root, so that a single unit is still seen beside a crowd.
    const height = Math.max(1, Math.sqrt(count / most) * (rect.h - 8));
    surface.fillRect(rect.x + margin + i * step, base - height, Math.max(1, step - 1), height, theme.border);
  });
  surface.line(rect.x + margin, base + 0.5, rect.x + rect.w - margin, base + 0.5, theme.border, 1);
  if (low < 0 && high > 0) {
    const zero = rect.x + margin + (-low / (high - low)) * width;
    surface.line(zero, rect.y + 2, zero, base + 3, theme.muted, 1);
  }
  if (!Number.isFinite(value)) return;
  const x = rect.x + margin + (high > low ? (value - low) / (high - low) : 0) * width;
  surface.line(x, rect.y + 2, x, base, theme.foreground, 1.5);
  surface.disc(x, base, 5, theme.background, 1);
  surface.disc(x, base, 4, curveColour(1, theme), 1);
}
