import type { ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PictureTheme } from '../../src/pictures/theme';
import type { ComparedPart, CompareState } from '../../src/protocol/compareState';
import { Busy, IconButton } from '../shared/controls';
import { keptSignal } from '../shared/keptSignal';
import { Menu } from '../shared/menu';
import { Checkpoints } from './checkpoints';
import { compareView, runsOf, type CompareHost, type CompareView, type Runs } from './compareView';
import { ComparedCurves, ComparedNoise } from './comparedCurves';
import { ComparedRecalls } from './comparedRecalls';
import { Distributions } from './distributions';
import { FactTable } from './factTable';
import { Swatch } from './swatch';
import { unfairness } from './unfair';
import { MissingBox, VerdictBox } from './verdictBox';

/** Runs beside each other, and what that comes to. */
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
  const now = state.value;
  const given = now?.parts ?? null;
  const parts = useMemo(() => (swapped.value ? given?.toReversed() : given) ?? null, [given, swapped.value]);
  const runs = useMemo(() => runsOf(parts ?? []), [parts]);
  if (now === null || parts === null) {
    const problem = now?.problem ?? null;
    return (
      <main class="compare-waiting">
        {problem === null ? (
          <>
            <Busy label={t('Reading the runs')} />
            <p class="quiet">{t('Reading the runs…')}</p>
          </>
        ) : (
          <p role="alert">{problem}</p>
        )}
      </main>
    );
  }
  const two = parts.length === 2;
  const measured = now.verdict !== null && parts.every(({ run }) => run?.noise != null);
  return (
    <main class="compare">
      <header class="compare-header">
        <h1>{two ? t('Comparison of two') : t('Comparison of {0}', parts.length)}</h1>
        <div class="compare-runs">
          {parts.map((part) => (
            <PartName key={part.name} view={view} part={part} runs={runs} />
          ))}
          <span class="compare-tools">
            <IconButton
              icon="arrow-swap"
              label={two ? t('Swap the two') : t('Turn the order round')}
              onClick={() => (swapped.value = !swapped.value)}
            />
            {measured && <ExportMenu host={host} />}
          </span>
        </div>
        <Unfair runs={runs} />
        <MissingBox state={now} host={host} />
        <VerdictBox state={now} />
      </header>
      <div class="compare-parts">
        {now.falls !== undefined && <Checkpoints parts={parts} falls={now.falls} view={view} />}
        {runs.length > 0 && (
          <>
            <FactTable runs={runs} />
            <ComparedCurves runs={runs} view={view} />
            <Distributions runs={runs} view={view} />
            <ComparedNoise runs={runs} view={view} />
            <ComparedRecalls runs={runs} view={view} />
          </>
        )}
      </div>
    </main>
  );
}

function ExportMenu({ host }: { readonly host: CompareHost }): VNode {
  const save = (format: 'csv' | 'json' | 'html') => (): void =>
    host.post({ type: 'exportComparison', format });
  return (
    <Menu
      icon="export"
      label={t('Export this comparison')}
      items={[
        { label: t('Report (HTML)'), icon: 'file-text', onChoose: save('html') },
        { label: t('Table of the models (CSV)'), icon: 'table', onChoose: save('csv') },
        { label: t('Everything (JSON)'), icon: 'json', onChoose: save('json') },
      ]}
    />
  );
}

/** A model that has no run yet stands there by its name alone. */
function PartName({
  view,
  part: { name, run },
  runs,
}: {
  readonly view: CompareView;
  readonly part: ComparedPart;
  readonly runs: Runs;
}): VNode {
  if (run === null) return <span class="compare-run compare-unmeasured">{name}</span>;
  const { directory, title } = run;
  return (
    <span class="compare-run">
      <Swatch index={runs.indexOf(run)} theme={view.theme.value} />
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

function Unfair({ runs }: { readonly runs: Runs }): VNode | null {
  const reasons = unfairness(runs);
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
