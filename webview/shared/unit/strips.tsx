import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useCallback } from 'preact/hooks';
import type { Surface } from '../../../src/pictures/surface';
import { drawStrip } from '../../../src/pictures/strip';
import { SPREAD_COLUMNS, type Spread } from '../../../src/protocol/standing';
import type { InspectorState } from '../../../src/protocol/webview';
import { fixed, points } from '../format';
import { Drawing } from './drawing';
import { rankText } from './figures';
import type { UnitPageView } from './unitActions';

type StripColumn = (typeof SPREAD_COLUMNS)[number];

const HEIGHT = 26;

/** Where the unit stands among its site in each measure that has a picture. */
export function Strips({
  state,
  view,
}: {
  readonly state: InspectorState;
  readonly view: UnitPageView;
}): VNode {
  return (
    <ul class="strips">
      {SPREAD_COLUMNS.map((column, at) => {
        const spread = state.spreads[at] ?? null;
        const value = state.values[column];
        if (spread === null) return null;
        const { name, format } = stripText(column);
        const rank = rankText(state, state.ranks[column]);
        return (
          <li key={column}>
            <p class="strip-head">
              <span>{name}</span>
              <strong>{format(value)}</strong>
            </p>
            <Strip
              spread={spread}
              value={value}
              view={view}
              id={column}
              label={`${name}: ${format(value)}. ${rank}`}
            />
            <p class="strip-ends quiet">
              <span>{format(spread.low)}</span>
              <span>{format(spread.high)}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function Strip({
  spread,
  value,
  view,
  id,
  label,
}: {
  readonly spread: Spread;
  readonly value: number;
  readonly view: UnitPageView;
  readonly id: string;
  readonly label: string;
}): VNode {
  const theme = view.theme.value;
  const draw = useCallback(
    (surface: Surface, width: number) =>
      drawStrip(surface, { x: 0, y: 0, w: width, h: HEIGHT }, spread, value, theme),
    [spread, value, theme],
  );
  return <Drawing height={HEIGHT} label={label} draw={draw} view={view} id={`strip-${id}`} />;
}

function stripText(column: StripColumn): {
  readonly name: string;
  readonly format: (value: number) => string;
} {
  switch (column) {
    case 'accuracy_drop':
      return { name: t('Importance, points'), format: points };
    case 'max_class_drop':
      return { name: t('Largest class drop, points'), format: points };
    case 'selectivity':
      return { name: t('Selectivity'), format: (value) => fixed(value, 2) };
    case 'mutual_information_corrected':
      return { name: t('Mutual information, bits'), format: (value) => fixed(value, 2) };
  }
}
