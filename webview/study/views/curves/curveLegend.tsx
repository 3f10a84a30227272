import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { curveColour, curveDash } from '../../../../src/pictures/curves';
import type { PictureTheme } from '../../../../src/pictures/theme';
import { fixed, NONE, percent } from '../../../shared/format';
import type { Plot, PlotLine } from './plotLine';

/** What a line is at the cursor, in words. */
export function valueText({ measure }: Plot, value: number | null): string {
  if (value === null) return NONE;
  return measure === 'loss' ? fixed(value, 3) : percent(value, 1);
}

/**
 * The lines by name, with their figures and where the cursor reads them. A click switches a line off and on; lines
 * of several runs stand under the run's name.
 */
export function CurveLegend({
  plot,
  hidden,
  readings,
  where,
  theme,
  onToggle,
}: {
  readonly plot: Plot;
  readonly hidden: readonly string[];
  /** By line; null where it has no value. */
  readonly readings: ReadonlyMap<string, number | null>;
  /** The cursor's place in words. */
  readonly where: string;
  readonly theme: PictureTheme;
  readonly onToggle: (key: string) => void;
}): VNode {
  const areas = plot.lines.some(({ area }) => area !== null);
  return (
    <div class={`curves-legend${areas ? ' with-areas' : ''}`}>
      <div class="curve-head" aria-hidden="true">
        <span class="curve-name" />
        {areas && (
          <>
            <span title={t('Area under the curve, its horizontal axis from 0 to 1')}>{t('AUC')}</span>
            <span title={t('Between chance (0) and a network that nothing harms (1)')}>{t('relative')}</span>
          </>
        )}
        <span class="curve-where">{where}</span>
      </div>
      {plot.runs.map((run) => (
        <div key={run.key} class="curve-group" role="group" aria-label={run.name}>
          {plot.runs.length > 1 && <p class="curve-run">{run.name}</p>}
          {plot.lines
            .filter((line) => line.run === run.key)
            .map((line) => (
              <Entry
                key={line.key}
                line={line}
                areas={areas}
                shown={!hidden.includes(line.key)}
                value={valueText(plot, readings.get(line.key) ?? null)}
                theme={theme}
                onToggle={() => onToggle(line.key)}
              />
            ))}
        </div>
      ))}
      {plot.chances.map((chance) => (
        <div key={chance} class="curve-entry curve-level">
          <Swatch colour={theme.muted} dash={[2, 3]} width={1} />
          <span class="curve-name">{t('chance: always the largest class')}</span>
          <span class="curve-value">{percent(chance, 1)}</span>
        </div>
      ))}
    </div>
  );
}

function Entry({
  line,
  areas,
  shown,
  value,
  theme,
  onToggle,
}: {
  readonly line: PlotLine;
  readonly areas: boolean;
  readonly shown: boolean;
  readonly value: string;
  readonly theme: PictureTheme;
  readonly onToggle: () => void;
}): VNode {
  const { area } = line;
  const spread = area?.deviation ?? null;
  return (
    <button
      type="button"
      class="curve-entry"
      aria-pressed={shown}
      title={shown ? t('Hide {0}', line.name) : t('Show {0}', line.name)}
      data-line={line.name}
      onClick={onToggle}
    >
      <Swatch colour={curveColour(line.colour, theme)} dash={curveDash(line.dash)} width={2} />
      <span class="curve-name">{line.name}</span>
      {areas && (
        <>
          <span class="curve-area">
            {area === null ? NONE : fixed(area.auc, 3)}
            {spread !== null && <span class="quiet"> ± {fixed(spread, 3)}</span>}
          </span>
          <span class="curve-relative">{fixed(area?.relative ?? NaN, 3)}</span>
        </>
      )}
      <span class="curve-value">{shown ? value : t('hidden')}</span>
    </button>
  );
}

function Swatch({
  colour,
  dash,
  width,
}: {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
}): VNode {
  return (
    <svg class="curve-swatch" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
      <line
        x1="0"
        y1="5"
        x2="26"
        y2="5"
        stroke={colour}
        stroke-width={width}
        stroke-dasharray={dash.join(' ')}
      />
    </svg>
  );
}
