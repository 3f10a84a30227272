import { SingleBar } from 'cli-progress';
import type { AnalyzeEvent } from '../protocol/engine';
import type { Progress } from '../protocol/run';
import type { CommonOptions, Terminal } from './terminal';

/** Shows how far an analysis is, on stderr. */
export interface ProgressView {
  show(event: AnalyzeEvent): void;
  /** Leaves the terminal clean. */
  stop(): void;
}

/** The view that fits: JSON lines for programs, a bar on a screen, else lines for a log. */
export function progressView(options: CommonOptions, terminal: Terminal): ProgressView {
  if (options.json) return jsonView((text) => terminal.err(text));
  if (terminal.screen !== null) return barView(terminal.screen);
  return lineView((text) => terminal.err(text));
}

const PHASES: Record<Progress['phase'], string> = {
  reading: 'reading',
  preprocessing: 'trying scales',
  baseline: 'baseline',
  measures: 'other measures',
  sweep: 'deleting neurons',
  ranking: 'ranking neurons',
  measuring: 'measuring',
  training: 'training',
  checking: 'checking the saved model',
  writing: 'writing',
};

/** An estimate from so many seconds on is told before the work begins. */
const WORTH_SAYING = 5;

/** A bar, for a terminal. */
export function barView(stream: NodeJS.WritableStream): ProgressView {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {phase}{left}',
    stream,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // cli-progress takes SIGINT for itself otherwise, and ends without what is finished being kept.
    gracefulExit: false,
  });
  bar.start(1, 0, { phase: PHASES.reading, left: '' });
  return {
    show(event) {
      if (event.event !== 'progress') return;
      const { fraction, phase, round, rounds, seconds_left } = event.progress;
      const name = phase === 'sweep' ? 'round' : 'step';
      const rounded = rounds > 0 ? `, ${name} ${Math.min(round + 1, rounds)} of ${rounds}` : '';
      const left = seconds_left === null ? '' : `, ${timeLeft(seconds_left)} left`;
      bar.update(fraction, { phase: PHASES[phase] + rounded, left });
    },
    stop: () => bar.stop(),
  };
}

/** JSON lines, for programs: `{"event":"progress","phase":…,"fraction":…,…}`, at most one a hundredth of the way. */
export function jsonView(write: (text: string) => void): ProgressView {
  let last = '';
  return {
    show(event) {
      if (event.event !== 'progress') return;
      const { phase, round, fraction } = event.progress;
      const key = [phase, round, Math.floor(fraction * 100)].join();
      if (key === last) return;
      last = key;
      write(`${JSON.stringify({ event: 'progress', ...event.progress })}\n`);
    },
    stop: () => undefined,
  };
}

/** A line a finished round, or step of an experiment, for log files. */
export function lineView(write: (text: string) => void): ProgressView {
  let done = 0;
  let steps = 0;
  return {
    show(event) {
      if (event.event === 'progress' && event.progress.phase === 'measuring') {
        const { round, rounds } = event.progress;
        if (round > steps) write(`Step ${round} of ${rounds}.\n`);
        steps = Math.max(steps, round);
      }
      if (event.event !== 'record' || steps > 0) return;
      const { rounds, estimate } = event.record;
      if (rounds.done === 0 && estimate !== null && estimate >= WORTH_SAYING) {
        write(`This will take about ${timeLeft(estimate)}.\n`);
      }
      if (rounds.done <= done) return;
      done = rounds.done;
      const samples = rounds.samples.slice(0, done).reduce((sum, n) => sum + n, 0);
      const all = rounds.samples.reduce((sum, n) => sum + n, 0);
      write(`Round ${done} of ${rounds.samples.length}: ${samples} of ${all} samples.\n`);
    },
    stop: () => undefined,
  };
}

/** A length of time, for people. */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
