import type { ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PictureTheme } from '../../src/pictures/theme';
import type { CompareState } from '../../src/protocol/webview';
import { Busy, IconButton } from '../shared/controls';
import { keptSignal } from '../shared/keptSignal';
import { compareView, type CompareHost, type CompareView, type Pair } from './compareView';
import { ComparedCurves } from './comparedCurves';
import { ComparedRecalls } from './comparedRecalls';
import { Distributions } from './distributions';
import { FactTable } from './factTable';
import { Swatch } from './swatch';
import { unfairness } from './unfair';

/** Two runs beside each other. */
export function Comparison({
  state,
  host,
  theme,
  ratio,
}: {
  readonly state: ReadonlySignal<CompareState | null>;
  readonly host: CompareHost;
  readonly theme: ReadonlySignal<PictureTheme>;
  readonly ratio: ReadonlySignal<number>;
}): VNode {
  const view = useMemo(() => compareView(host, theme, ratio), [host]);
  const swapped = useMemo(() => keptSignal(host, 'swapped', false), [host]);
  const runs = state.value?.runs ?? null;
  const problem = state.value?.problem ?? null;
  if (problem !== null) {
    return (
      <main class="compare-waiting">
        <p role="alert">{problem}</p>
      </main>
    );
  }
  if (runs === null) {
    return (
      <main class="compare-waiting">
        <Busy label={t('Reading the runs')} />
        <p class="quiet">{t('Reading the runs…')}</p>
      </main>
    );
  }
  const pair: Pair = swapped.value ? [runs[1], runs[0]] : runs;
  return (
    <main class="compare">
      <header class="compare-header">
        <h1>{t('Comparison of two runs')}</h1>
        <div class="compare-runs">
          <RunName view={view} pair={pair} index={0} />
          <RunName view={view} pair={pair} index={1} />
          <IconButton
            icon="arrow-swap"
            label={t('Swap the two runs')}
            onClick={() => (swapped.value = !swapped.value)}
          />
        </div>
        <Unfair pair={pair} />
      </header>
      <div class="compare-parts">
        <FactTable pair={pair} />
        <Distributions pair={pair} view={view} />
        <ComparedCurves pair={pair} view={view} />
        <ComparedRecalls pair={pair} view={view} />
      </div>
    </main>
  );
}

function RunName({
  view,
  pair,
  index,
}: {
  readonly view: CompareView;
  readonly pair: Pair;
  readonly index: 0 | 1;
}): VNode {
  const { directory, title } = pair[index];
  return (
    <span class="compare-run">
      <Swatch index={index} theme={view.theme.value} />
      <button
        type="button"
        class="compare-open"
        title={t('Open {0}', title)}
        onClick={() => view.host.post({ type: 'openRun', directory })}
      >
        {title}
      </button>
    </span>
  );
}

function Unfair({ pair }: { readonly pair: Pair }): VNode | null {
  const reasons = unfairness(pair);
  if (reasons.length === 0) return null;
  return (
    <div class="compare-unfair" role="note">
      <span class="codicon codicon-warning" aria-hidden="true" />
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
