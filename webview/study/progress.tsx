import type { VNode } from 'preact';
import type { Progress, RunRecord } from '../../src/protocol/run';
import type { StudyState } from '../../src/protocol/webview';
import { Busy, Button } from '../shared/controls';
import { count, duration, phase } from '../shared/format';

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
          Complete: exact on all {count(record.baseline.samples)} samples, in {duration(record.seconds)}.
        </p>
      </div>
    );
  }
  const word =
    record.status === 'cancelled' ? 'Cancelled' : record.status === 'failed' ? 'Failed' : 'Interrupted';
  return (
    <div class="status">
      <span class="codicon codicon-debug-pause" aria-hidden="true" />
      <p>{stopped(word, record)}</p>
      <Button icon="debug-continue" primary onClick={onResume}>
        Continue
      </Button>
    </div>
  );
}

function stopped(word: string, record: RunRecord): string {
  const done = samplesDone(record);
  const total = record.baseline.samples;
  if (done === 0) return `${word} before the first round. Continue measures the neurons.`;
  return (
    `${word} after round ${record.rounds.done} of ${record.rounds.samples.length}: ` +
    `every neuron measured on ${count(done)} of ${count(total)} samples. Continue makes it exact.`
  );
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
  const share = Math.round(Math.min(1, Math.max(0, progress.fraction)) * 100);
  const parts = [
    progress.rounds > 0
      ? `round ${Math.min(progress.round + 1, progress.rounds)} of ${progress.rounds}`
      : null,
    record === null || samplesDone(record) === 0
      ? null
      : `${count(samplesDone(record))} of ${count(record.baseline.samples)} samples on screen`,
    progress.seconds_left === null ? null : `${duration(progress.seconds_left)} left`,
  ].filter((part) => part !== null);
  return (
    <div class="running">
      <div class="running-row">
        <p class="running-text">
          <strong>{phase(progress)}</strong>
          {parts.map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
        <Button icon="debug-stop" onClick={onCancel} title="Stop; what is measured stays">
          Cancel
        </Button>
      </div>
      <div
        class="progress-track"
        role="progressbar"
        aria-label={phase(progress)}
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
        <p class="waiting-title">Nothing was measured</p>
        <p>
          {state.notice === null
            ? 'The run ended before its first result. Start the analysis again from the model.'
            : 'The run ended before its first result; the notice above says why.'}
        </p>
      </div>
    );
  }
  return (
    <div class="waiting">
      <Busy label="Working" />
      <p class="waiting-title">The first picture comes with the first round</p>
      <p>
        It covers all neurons, on a first block of samples. Each further round sharpens it, and the last one
        makes it exact.
      </p>
    </div>
  );
}
