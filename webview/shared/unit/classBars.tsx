import type { VNode } from 'preact';
import { NONE } from '../format';

/** One bar a class: what is above 0 to the right, what is below to the left. */
export function ClassBars({
  values,
  classes,
  format,
  label,
  preferred = -1,
  means = false,
}: {
  /** By class; NaN where there is none. */
  readonly values: ArrayLike<number>;
  /** The classes shown, in order. */
  readonly classes: readonly { readonly index: number; readonly name: string }[];
  readonly format: (value: number) => string;
  readonly label: string;
  /** The class that stands out; −1 for none. */
  readonly preferred?: number;
  /** They are the unit's own activations, not what its deletion costs. */
  readonly means?: boolean;
}): VNode {
  const known = classes.map(({ index }) => values[index] ?? NaN).filter((value) => Number.isFinite(value));
  const least = Math.min(0, ...known);
  const span = Math.max(0, ...known) - least || 1;
  const zero = (-least / span) * 100;
  return (
    <ol class={means ? 'bars means' : 'bars'} aria-label={label}>
      {classes.map(({ index, name }) => {
        const value = values[index] ?? NaN;
        const finite = Number.isFinite(value);
        const size = finite ? (Math.abs(value) / span) * 100 : 0;
        return (
          <li key={index} class={index === preferred ? 'preferred' : ''}>
            <span class="bars-name" title={name}>
              {name}
            </span>
            <span class="bars-track" aria-hidden="true">
              <span
                class={`bars-fill ${value < 0 ? 'gain' : 'loss'}`}
                style={{ left: `${value < 0 ? zero - size : zero}%`, width: `${size}%` }}
              />
              <span class="bars-zero" style={{ left: `${zero}%` }} />
            </span>
            <span class="bars-value">{finite ? format(value) : NONE}</span>
          </li>
        );
      })}
    </ol>
  );
}
