import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Progress, RunRecord } from '../../src/protocol/run';
import type { StudyState } from '../../src/protocol/webview';
import { Busy, Button } from '../shared/controls';
import { count, duration, phase } from '../shared/format';
import { isExperiment } from './notMeasured';

/** Samples that the first `done` rounds of a run have covered. */
export function samplesDone(record: RunRecord): number {
  return record.rounds.samples.slice(0, record.rounds.done).reduce((sum, samples) => sum + samples, 0);
}

/** True while more rounds can still change the numbers. */
export function isProvisional(record: RunRecord): boolean {
  return record.rounds.done < record.rounds.samples.length;
}

/** Where the run stands: a bar with time left and Cancel, or how it ended, with Continue where it can. */
export function RunStatus({
  state,
  onCancel,
  onResume,
}: {
  readonly state: StudyState;
  readonly onCancel: () => void;
  readonly onResume: () => void;
}): VNode | null {
  const { progress, record } = state;
  if (progress !== null) return <Running progress={progress} record={record} onCancel={onCancel} />;
  if (record === null) return null;
  if (record.status === 'complete') {
    return (
      <div class="status">
        <span class="codicon codicon-pass-filled status-good" aria-hidden="true" />
        <p>
          {t(
            'Complete: exact on all {0} samples, in {1}.',
            count(record.baseline.samples),
            duration(record.seconds),
          )}
        </p>
      </div>
    );
  }
  return (
    <div class="status">
      <span class="codicon codicon-debug-pause" aria-hidden="true" />
      <p>{stopped(record)}</p>
      <Button icon="debug-continue" primary onClick={onResume}>
        {t('Continue')}
      </Button>
    </div>
  );
}

function stopped(record: RunRecord): string {
  if (isExperiment(record)) return t('Stopped before all was measured; Continue goes on.');
  const done = samplesDone(record);
  if (done === 0) {
    switch (record.status) {
      case 'cancelled':
        return t('Cancelled before the first round. Continue measures the neurons.');
      case 'failed':
        return t('Failed before the first round. Continue measures the neurons.');
      default:
        return t('Interrupted before the first round. Continue measures the neurons.');
    }
  }
  const { rounds, baseline } = record;
  const figures = [count(rounds.done), count(rounds.samples.length), count(done), count(baseline.samples)];
  switch (record.status) {
    case 'cancelled':
      return t(
        'Cancelled after round {0} of {1}: every neuron measured on {2} of {3} samples. Continue makes it exact.',
        ...figures,
      );
    case 'failed':
      return t(
        'Failed after round {0} of {1}: every neuron measured on {2} of {3} samples. Continue makes it exact.',
        ...figures,
      );
    default:
      return t(
        'Interrupted after round {0} of {1}: every neuron measured on {2} of {3} samples. Continue makes it exact.',
        ...figures,
      );
  }
}

function Running({
  progress,
  record,
  onCancel,
}: {
  readonly progress: Progress;
  readonly record: RunRecord | null;
  readonly onCancel: () => void;
}): VNode {
  const parts = [
    progress.rounds > 0
      ? t('round {0} of {1}', Math.min(progress.round + 1, progress.rounds), progress.rounds)
      : null,
    record === null || samplesDone(record) === 0
      ? null
      : t(
          'provisional: {0} of {1} samples on screen',
          count(samplesDone(record)),
          count(record.baseline.samples),
        ),
    progress.seconds_left === null ? null : t('{0} left', duration(progress.seconds_left)),
  ];
  return <ProgressRow progress={progress} name={phase(progress)} parts={parts} onCancel={onCancel} />;
}

/** A bar with what goes on, how far it is (parts that are null are left out), and Cancel. */
export function ProgressRow({
  progress,
  name,
  parts,
  onCancel,
}: {
  readonly progress: Progress;
  readonly name: string;
  readonly parts: readonly (string | null)[];
  readonly onCancel: () => void;
}): VNode {
  const share = Math.round(Math.min(1, Math.max(0, progress.fraction)) * 100);
  return (
    <div class="running">
      <div class="running-row">
        <p class="running-text">
          <strong>{name}</strong>
          {parts
            .filter((part) => part !== null)
            .map((part) => (
              <span key={part}>{part}</span>
            ))}
        </p>
        <Button icon="debug-stop" onClick={onCancel} title={t('Stop; what is measured stays')}>
          {t('Cancel')}
        </Button>
      </div>
      <div
        class="progress-track"
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <div class="progress-fill" style={{ transform: `scaleX(${share / 100})` }} />
      </div>
    </div>
  );
}

/** What stands where the pictures will be, before there is anything to draw. */
export function Waiting({ state }: { readonly state: StudyState }): VNode {
  if (state.progress === null) {
    return (
      <div class="waiting">
        <span class="codicon codicon-circle-slash waiting-icon" aria-hidden="true" />
        <p class="waiting-title">{t('Nothing was measured')}</p>
        <p>
          {state.notice === null
            ? t('The run ended before its first result. Start the analysis again from the model.')
            : t('The run ended before its first result; the notice above says why.')}
        </p>
      </div>
    );
  }
  return (
    <div class="waiting">
      <Busy label={t('Working')} />
      <p class="waiting-title">{t('The first picture comes with the first round')}</p>
      <p>
        {t(
          'It covers all neurons, on a first block of samples. Each further round sharpens it, and the last one ' +
            'makes it exact.',
        )}
      </p>
    </div>
  );
}
