import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { ComparedKind, ComparedPart, CompareState } from '../../src/protocol/compareState';
import { Button } from '../shared/controls';
import { duration, phase } from '../shared/format';
import { ProgressRow } from '../study/progress';
import type { CompareHost } from './compareView';
import { fallsText, verdictText } from './verdictText';

/** What the comparison comes to; nothing before it is known. */
export function VerdictBox({ state }: { readonly state: CompareState }): VNode | null {
  const { verdict, falls } = state;
  if (verdict === null) return null;
  const { text, limits } = verdictText(
    verdict,
    (state.parts ?? []).flatMap(({ line }) => line ?? []),
  );
  return (
    <section
      class={`compare-verdict verdict-${verdict.kind}`}
      aria-label={t('Verdict')}
      data-verdict={verdict.kind}
    >
      <h2>{t('Verdict')}</h2>
      {falls !== undefined && <p class="verdict-falls">{fallsText(falls)}</p>}
      <p class="verdict-text">{text}</p>
      {limits !== '' && <p class="quiet">{limits}</p>}
    </section>
  );
}

/** What is not measured yet, with the button that measures it; how far that is; what went wrong with it. */
export function MissingBox({
  state,
  host,
}: {
  readonly state: CompareState;
  readonly host: CompareHost;
}): VNode | null {
  const { measuring, problem } = state;
  const lacking = (state.parts ?? []).filter(({ missing }) => missing.length > 0);
  if (measuring !== null) {
    const { name, kind, done, runs, progress, waits } = measuring;
    const doing = progress.phase === 'measuring' || progress.phase === 'sweep';
    return (
      <ProgressRow
        progress={progress}
        name={t('{0}: {1}', name, doing ? kindNames()[kind] : phase(progress))}
        parts={[
          waits,
          t('run {0} of {1}', done + 1, runs),
          progress.seconds_left === null ? null : t('{0} left', duration(progress.seconds_left)),
        ]}
        onCancel={() => host.post({ type: 'cancelMeasuring' })}
      />
    );
  }
  if (problem === null && lacking.length === 0) return null;
  const begun = lacking.some((part) => part.begun);
  return (
    <div class="banners" aria-live="polite">
      {problem !== null && (
        <div class="banner banner-error" role="alert">
          <span class="codicon codicon-error" aria-hidden="true" />
          <p>{problem}</p>
        </div>
      )}
      {lacking.length > 0 && (
        <div class="banner banner-info compare-missing" role="status">
          <span class="codicon codicon-info" aria-hidden="true" />
          <div>
            <p>
              {state.verdict === null
                ? t('For a verdict, every model needs the same measurements. Missing:')
                : t('Missing for a whole picture:')}
            </p>
            <ul>
              {lacking.map((part) => (
                <li key={part.name}>{lackText(part)}</li>
              ))}
            </ul>
          </div>
          <Button
            icon={begun ? 'debug-continue' : 'graph-line'}
            primary
            onClick={() => host.post({ type: 'measureMissing' })}
          >
            {begun ? t('Continue') : t('Measure What Is Missing')}
          </Button>
        </div>
      )}
    </div>
  );
}

function lackText({ name, missing }: ComparedPart): string {
  return t('{0}: {1}', name, missing.map((kind) => kindNames()[kind]).join(', '));
}

function kindNames(): Readonly<Record<ComparedKind, string>> {
  return {
    units: t('deleting every neuron by itself'),
    curves: t('deleting more and more neurons'),
    noise: t('noise in all neurons'),
  };
}
