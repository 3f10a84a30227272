import type { VNode } from 'preact';
import { NONE, points } from '../shared/format';

/** One bar a class: recall lost without the unit, to the right; gained, to the left. Fractions. */
export function ClassBars({
  drops,
  classes,
}: {
  readonly drops: readonly number[];
  readonly classes: readonly string[];
}): VNode {
  const known = drops.filter((drop) => Number.isFinite(drop));
  const most = Math.max(0, ...known);
  const least = Math.min(0, ...known);
  const span = most - least || 1;
  const zero = (-least / span) * 100;
  return (
    <ol class="bars">
      {drops.map((drop, index) => {
        const finite = Number.isFinite(drop);
        const size = finite ? (Math.abs(drop) / span) * 100 : 0;
        return (
          <li key={index}>
            <span class="bars-name" title={classes[index]}>
              {classes[index] ?? index}
            </span>
            <span class="bars-track" aria-hidden="true">
              <span
                class={`bars-fill ${drop < 0 ? 'gain' : 'loss'}`}
                style={{ left: `${drop < 0 ? zero - size : zero}%`, width: `${size}%` }}
              />
              <span class="bars-zero" style={{ left: `${zero}%` }} />
            </span>
            <span class="bars-value">{finite ? points(drop) : NONE}</span>
          </li>
        );
      })}
    </ol>
  );
}
