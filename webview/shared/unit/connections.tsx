import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Connection } from '../../../src/protocol/details';
import { activation, unitName } from '../format';
import { sameUnit, type UnitPageView } from './unitActions';

/** The units a unit is most strongly connected with; a click selects one, pointing at it marks it everywhere. */
export function Connections({
  connections,
  label,
  view,
}: {
  readonly connections: readonly Connection[];
  readonly label: string;
  readonly view: UnitPageView;
}): VNode {
  const largest = connections.reduce((most, { weight }) => Math.max(most, Math.abs(weight)), 0) || 1;
  return (
    <ul class="connections" aria-label={label} onPointerLeave={() => view.hover(null)}>
      {connections.map(({ unit, weight, strength }) => {
        const share = (Math.abs(weight) / largest) * 50;
        const name = unitName(unit);
        const hovered = sameUnit(view.hovered.value, unit);
        return (
          <li key={name}>
            <button
              type="button"
              class={`connection ${hovered ? 'hovered' : ''}`}
              title={t(
                '{0}: weight {1}, sum of the sizes {2}',
                name,
                activation(weight),
                activation(strength),
              )}
              onClick={() => view.select(unit)}
              onPointerEnter={() => view.hover(unit)}
              onFocus={() => view.hover(unit)}
              onBlur={() => view.hover(null)}
            >
              <span class="connection-name">{name}</span>
              <span class="bars-track" aria-hidden="true">
                <span
                  class={`bars-fill ${weight < 0 ? 'gain' : 'loss'}`}
                  style={{ left: `${weight < 0 ? 50 - share : 50}%`, width: `${share}%` }}
                />
                <span class="bars-zero" style={{ left: '50%' }} />
              </span>
              <span class="bars-value">{activation(weight)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
