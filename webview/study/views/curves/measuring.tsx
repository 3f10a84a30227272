import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { CurveRun, CurvesState } from '../../../../src/protocol/webview';
import { Button, IconButton } from '../../../shared/controls';
import { duration, phase } from '../../../shared/format';
import { ProgressRow } from '../../progress';
import type { StudyHost } from '../../viewProps';
import { runNames } from './runNames';

/** The buttons that measure, and the one that lays another run beside. */
export function MeasureButtons({
  curves,
  host,
  primary,
}: {
  readonly curves: CurvesState;
  readonly host: StudyHost;
  readonly primary: boolean;
}): VNode {
  const busy = curves.measuring !== null;
  return (
    <div class="curves-buttons">
      <Button
        icon="graph-line"
        primary={primary}
        disabled={busy}
        onClick={() => host.post({ type: 'measure', experiment: 'curves' })}
      >
        {t('Measure Curves…')}
      </Button>
      <Button
        icon="pulse"
        disabled={busy}
        onClick={() => host.post({ type: 'measure', experiment: 'noise' })}
      >
        {t('Measure Noise')}
      </Button>
      <Button icon="add" onClick={() => host.post({ type: 'addCurves' })}>
        {t('Add Another Run…')}
      </Button>
    </div>
  );
}

/** How far the measuring is, or what went wrong with it. */
export function MeasuringStatus({
  curves,
  run,
  host,
}: {
  readonly curves: CurvesState;
  /** Of the panel, which says by itself that it is not finished. */
  readonly run: string | null;
  readonly host: StudyHost;
}): VNode | null {
  const { measuring, problem } = curves;
  if (measuring !== null) {
    const { progress, experiment } = measuring;
    const step = Math.min(progress.round + 1, progress.rounds);
    const name = experiment === 'curves' ? t('Measuring curves') : t('Measuring noise');
    return (
      <ProgressRow
        progress={progress}
        name={progress.phase === 'measuring' ? name : phase(progress)}
        parts={[
          problem,
          progress.rounds === 0
            ? null
            : experiment === 'curves'
              ? t('curve {0} of {1}', step, progress.rounds)
              : t('repeat {0} of {1}', step, progress.rounds),
          progress.seconds_left === null ? null : t('{0} left', duration(progress.seconds_left)),
        ]}
        onCancel={() => host.post({ type: 'cancelMeasuring' })}
      />
    );
  }
  const unfinished = curves.runs.filter(
    ({ own, record }) => own && record.status !== 'complete' && record.id !== run,
  );
  if (problem === null && unfinished.length === 0) return null;
  return (
    <div class="banners" aria-live="polite">
      {problem !== null && (
        <div class="banner banner-error" role="alert">
          <span class="codicon codicon-error" aria-hidden="true" />
          <p>{problem}</p>
        </div>
      )}
      {unfinished.map(({ directory, experiment }) => (
        <div key={directory} class="banner banner-info" role="status">
          <span class="codicon codicon-info" aria-hidden="true" />
          <p>
            {experiment.name === 'noise'
              ? t('Not all noise is measured; what is finished is shown.')
              : t('Not all curves are measured; what is finished is shown.')}
          </p>
          <Button
            icon="debug-continue"
            onClick={() =>
              host.post({ type: 'measure', experiment: experiment.name === 'noise' ? 'noise' : 'curves' })
            }
          >
            {t('Continue…')}
          </Button>
        </div>
      ))}
    </div>
  );
}

/** Runs laid beside the panel's own, each with a button that takes it away. */
export function AddedRuns({
  runs,
  host,
}: {
  readonly runs: readonly CurveRun[];
  readonly host: StudyHost;
}): VNode | null {
  const names = runNames(runs);
  const added = runs.flatMap((run, i) => (run.own ? [] : [{ run, name: names[i]! }]));
  if (added.length === 0) return null;
  return (
    <ul class="curves-added" aria-label={t('Added runs')}>
      {added.map(({ run, name }) => (
        <li key={run.directory}>
          <span class="curves-added-name">{name}</span>
          <span class="quiet">{run.experiment.name === 'noise' ? t('noise') : t('curves')}</span>
          <IconButton
            icon="close"
            label={t('Take {0} away', name)}
            onClick={() => host.post({ type: 'removeCurves', directory: run.directory })}
          />
        </li>
      ))}
    </ul>
  );
}
