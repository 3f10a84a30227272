import type { VNode } from 'preact';
import { curveColour, curveDash } from '../../src/pictures/curves';
import type { PictureTheme } from '../../src/pictures/theme';

/** The line by which one of the runs is told in all pictures. */
export function Swatch({ index, theme }: { readonly index: number; readonly theme: PictureTheme }): VNode {
  return (
    <svg class="compare-swatch" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
      <line
        x1="0"
        y1="5"
        x2="26"
        y2="5"
        stroke={curveColour(index, theme)}
        stroke-width={3}
        stroke-dasharray={curveDash(index).join(' ')}
      />
    </svg>
  );
}
