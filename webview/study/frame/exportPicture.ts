import { canvasSurface } from '../../../src/pictures/canvasSurface';
import type { Surface } from '../../../src/pictures/surface';
import { svgSurface } from '../../../src/pictures/svgSurface';
import type { PictureTheme } from '../../../src/pictures/theme';

/** A picture as it goes into a file: sizes in CSS pixels. */
export interface ExportedPicture {
  readonly width: number;
  readonly height: number;
  /** Draws all of it, with title and legend; the ground is laid already. */
  readonly draw: (surface: Surface, theme: PictureTheme) => void;
}

/** Device pixels a CSS pixel in a PNG file. */
const SCALE = 2;

/** The picture as a PNG file, at 2×. */
export async function asPng(picture: ExportedPicture, theme: PictureTheme): Promise<Uint8Array> {
  const { width, height, draw } = picture;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * SCALE);
  canvas.height = Math.round(height * SCALE);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This webview has no canvas to draw on.');
  context.scale(SCALE, SCALE);
  const surface = canvasSurface(context, theme.fontFamily);
  surface.fillRect(0, 0, width, height, theme.background);
  draw(surface, theme);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large for a PNG file.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** The picture as an SVG file. */
export function asSvg(picture: ExportedPicture, theme: PictureTheme, title: string): Uint8Array {
  const { width, height, draw } = picture;
  const surface = svgSurface(width, height, { title, fontFamily: theme.fontFamily });
  surface.fillRect(0, 0, width, height, theme.background);
  draw(surface, theme);
  return new TextEncoder().encode(surface.toString());
}
