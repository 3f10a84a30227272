import type { Point, Surface } from './surface';

function tracePath(ctx: CanvasRenderingContext2D, points: readonly Point[]): void {
  ctx.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
}

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
    polyline(points, colour, width, dash) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.lineJoin = 'round';
      ctx.setLineDash([...dash]);
      tracePath(ctx, points);
      ctx.stroke();
      ctx.setLineDash([]);
    },
    polygon(points, colour, opacity) {
      ctx.fillStyle = colour;
      ctx.globalAlpha = opacity;
      tracePath(ctx, points);
      ctx.fill();
      ctx.globalAlpha = 1;
    },
    disc(x, y, radius, colour, opacity) {
      ctx.fillStyle = colour;
      ctx.globalAlpha = opacity;
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fill();
      ctx.globalAlpha = 1;
    },
    pixels({ x, y, w, h }, { width, height, rgba }) {
      const whole = new OffscreenCanvas(width, height);
      const image = new ImageData(width, height);
      image.data.set(rgba);
      whole.getContext('2d')?.putImageData(image, 0, 0);
      const { imageSmoothingEnabled } = ctx;
      ctx.imageSmoothingEnabled = false;
      ctx.drawImage(whole, x, y, w, h);
      ctx.imageSmoothingEnabled = imageSmoothingEnabled;
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
