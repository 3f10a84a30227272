import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { drawSampleInput } from '../../src/pictures/sampleInput';
import type { PictureTheme } from '../../src/pictures/theme';
import type { SampleInput } from '../../src/protocol/details';
import { paint } from './paint';

/** The inputs of one sample as a square picture: an image, lines, or bars. */
export function SampleInputPicture({
  input,
  size,
  label,
  theme,
  ratio,
}: {
  readonly input: SampleInput;
  /** Side of the square, CSS pixels. */
  readonly size: number;
  /** What it is, for those who do not see it. */
  readonly label: string;
  readonly theme: PictureTheme;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    paint(canvas.current, { width: size, height: size }, ratio, theme.fontFamily, (surface) =>
      drawSampleInput(surface, { x: 0, y: 0, w: size, h: size }, input, theme),
    );
  }, [input, size, theme, ratio]);
  return <canvas ref={canvas} class="sample-input" data-sample={input.kind} role="img" aria-label={label} />;
}
