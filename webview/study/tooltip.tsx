import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Rect } from '../../src/pictures/surface';
import type { Readout } from './readout';

const GAP = 10;
const EDGE = 8;

/** A unit's figures beside its cell, kept inside the window. `cell` is in window coordinates. */
export function Tooltip({ readout, cell }: { readonly readout: Readout; readonly cell: Rect }): VNode {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const room = document.documentElement.clientWidth - width - EDGE;
    const below = cell.y + cell.h + GAP;
    const above = cell.y - GAP - height;
    const fits = below + height + EDGE <= window.innerHeight || above < EDGE;
    element.style.left = `${Math.max(EDGE, Math.min(room, cell.x + cell.w / 2 - width / 2))}px`;
    element.style.top = `${fits ? below : above}px`;
  });
  return (
    <div class="tooltip" ref={box} aria-hidden="true">
      <p class="tooltip-name">{readout.name}</p>
      <dl class="tooltip-pairs">
        {readout.pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {readout.marks.length > 0 && <p class="tooltip-marks">{readout.marks.join(' · ')}</p>}
    </div>
  );
}
