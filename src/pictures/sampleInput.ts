import type { SampleInput } from '../protocol/details';
import { curveColour } from './curves';
import type { Pixels, Point, Rect, Surface } from './surface';
import type { PictureTheme } from './theme';

/** Device pixels a CSS pixel that a shrunken image is made for. */
const FINEST = 2;
/** Free room round a line or bars, pixels. */
const MARGIN = 3;

/** Draws the inputs of one sample into `rect`: an image with hard pixels, a series as lines, else values as bars. */
export function drawSampleInput(surface: Surface, rect: Rect, input: SampleInput, theme: PictureTheme): void {
  if (input.kind === 'image') drawImage(surface, rect, input, theme);
  else if (input.kind === 'series') drawSeries(surface, rect, input, theme);
  else drawValues(surface, rect, input.values, theme);
}

function drawImage(surface: Surface, rect: Rect, image: Pixels, theme: PictureTheme): void {
  const { width, height } = image;
  if (width === 0 || height === 0) return;
  const scale = Math.min(rect.w / width, rect.h / height);
  const [w, h] = [width * scale, height * scale];
  const place = { x: rect.x + (rect.w - w) / 2, y: rect.y + (rect.h - h) / 2, w, h };
  surface.pixels(place, shrunk(image, Math.floor(1 / (scale * FINEST))));
  // An image as light or dark as the page would have no edge.
  surface.strokeRect(place.x + 0.5, place.y + 0.5, w - 1, h - 1, theme.border, 0.5);
}

/** The image with each `factor` × `factor` of its pixels made one, their mean; itself where the factor is below 2. */
export function shrunk(image: Pixels, factor: number): Pixels {
  if (factor < 2) return image;
  const width = Math.max(1, Math.floor(image.width / factor));
  const height = Math.max(1, Math.floor(image.height / factor));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < rgba.length; at++) {
    const channel = at % 4;
    const x = ((at - channel) / 4) % width;
    const y = Math.floor(at / 4 / width);
    let sum = 0;
    let count = 0;
    for (let j = y * factor; j < Math.min(image.height, (y + 1) * factor); j++) {
      for (let i = x * factor; i < Math.min(image.width, (x + 1) * factor); i++) {
        sum += image.rgba[(j * image.width + i) * 4 + channel] ?? 0;
        count++;
      }
    }
    rgba[at] = sum / count;
  }
  return { width, height, rgba };
}

/** One line a channel, all on one scale. */
function drawSeries(
  surface: Surface,
  rect: Rect,
  series: { readonly steps: number; readonly channels: number; readonly values: Float32Array },
  theme: PictureTheme,
): void {
  const { steps, channels, values } = series;
  const [low, high] = rangeOf(values);
  const x = (step: number): number =>
    rect.x + MARGIN + (steps > 1 ? step / (steps - 1) : 0.5) * (rect.w - 2 * MARGIN);
  const y = (value: number): number =>
    rect.y + MARGIN + (1 - (value - low) / (high - low)) * (rect.h - 2 * MARGIN);
  drawGround(surface, rect, low <= 0 && high >= 0 ? y(0) : null, theme);
  for (let channel = 0; channel < channels; channel++) {
    const line: Point[] = [];
    for (const step of seenSteps(steps, rect.w)) {
      const value = values[step * channels + channel] ?? NaN;
      if (Number.isFinite(value)) line.push([x(step), y(value)]);
    }
    surface.polyline(line, curveColour(channel, theme), 1.25, []);
  }
}

/** The steps that a line of `width` pixels can show: all of them, or evenly spaced ones. */
function seenSteps(steps: number, width: number): number[] {
  const shown = Math.min(steps, Math.max(2, Math.round(width * FINEST)));
  return Array.from({ length: shown }, (_, i) => Math.round((i * (steps - 1)) / Math.max(1, shown - 1)));
}

function drawValues(surface: Surface, rect: Rect, values: Float32Array, theme: PictureTheme): void {
  const [least, most] = rangeOf(values);
  const low = Math.min(0, least);
  const high = Math.max(0, most);
  const y = (value: number): number =>
    rect.y + MARGIN + (1 - (value - low) / (high - low)) * (rect.h - 2 * MARGIN);
  drawGround(surface, rect, y(0), theme);
  const width = (rect.w - 2 * MARGIN) / Math.max(1, values.length);
  const gap = width > 4 ? 1 : 0;
  values.forEach((value, i) => {
    if (!Number.isFinite(value) || value === 0) return;
    const [from, to] = [y(Math.max(0, value)), y(Math.min(0, value))];
    const colour = curveColour(value < 0 ? 1 : 0, theme);
    surface.fillRect(rect.x + MARGIN + i * width, from, Math.max(0.5, width - gap), to - from, colour);
  });
}

/** An outline, and where there is one the line at 0. */
function drawGround(surface: Surface, rect: Rect, zero: number | null, theme: PictureTheme): void {
  surface.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1, theme.border, 0.5);
  if (zero !== null) surface.line(rect.x + MARGIN, zero, rect.x + rect.w - MARGIN, zero, theme.border, 0.5);
}

/** Least and most of the finite values; never the same. */
function rangeOf(values: Float32Array): readonly [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
