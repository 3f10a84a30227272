import type { Surface } from './surface';

/**
 * Draws on a canvas. The caller has scaled the context by the device's pixel ratio and cleared it.
 *
 * @param fontFamily a CSS font family
 */
export function canvasSurface(ctx: CanvasRenderingContext2D, fontFamily: string): Surface {
  return {
    fillRect(x, y, w, h, colour) {
      ctx.fillStyle = colour;
      ctx.fillRect(x, y, w, h);
    },
    strokeRect(x, y, w, h, colour, width) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.strokeRect(x, y, w, h);
    },
    line(x1, y1, x2, y2, colour, width) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
    },
    text(text, x, y, { colour, size, align, baseline, weight }) {
      ctx.font = `${weight ?? 400} ${size}px ${fontFamily}`;
      ctx.fillStyle = colour;
      ctx.textAlign = align;
      ctx.textBaseline = baseline;
      ctx.fillText(text, x, y);
    },
    measure(text, size) {
      ctx.font = `400 ${size}px ${fontFamily}`;
      return ctx.measureText(text).width;
    },
  };
}
