import { canvasSurface } from '../../src/pictures/canvasSurface';
import type { Surface } from '../../src/pictures/surface';

/** Browsers refuse a canvas with a longer side. */
const LONGEST_SIDE = 16_000;

/**
 * Sizes a canvas for the screen, clears it and draws on it.
 *
 * @param size width and height in CSS pixels, whole numbers
 * @param ratio device pixels a CSS pixel
 */
export function paint(
  canvas: HTMLCanvasElement,
  size: { readonly width: number; readonly height: number },
  ratio: number,
  fontFamily: string,
  draw: (surface: Surface) => void,
): void {
  const scale = Math.min(ratio, LONGEST_SIDE / Math.max(size.width, size.height, 1));
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This webview has no canvas to draw on.');
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  draw(canvasSurface(context, fontFamily));
}
