import * as vscode from 'vscode';
import type { AnalyzeEvent } from '../protocol/engine';
import type { Progress } from '../protocol/run';
import { timeLeft } from './durations';
import type { RequestOptions } from './engineProcess';

/** Shows how far a request is as a notification, whose button cancels it. */
export function withNotice<T>(title: string, ask: (options: RequestOptions) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (report, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    let shown = 0;
    const on = (event: AnalyzeEvent): void => {
      if (event.event !== 'progress') return;
      const percent = 100 * event.progress.fraction;
      // Phases may each begin anew; the bar only grows.
      report.report({ message: progressText(event.progress), increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    };
    return ask({ on, signal: controller.signal });
  });
}

/** What is being done, at which network of several, and how long it still takes. */
export function progressText(progress: Progress): string {
  const { network, seconds_left } = progress;
  const parts = [phaseName(progress.phase)];
  if (network !== undefined) parts.unshift(network);
  if (seconds_left !== null) parts.push(timeLeft(seconds_left));
  return parts.join(' · ');
}

function phaseName(phase: Progress['phase']): string {
  const { l10n } = vscode;
  switch (phase) {
    case 'reading':
      return l10n.t('reading model and data');
    case 'preprocessing':
      return l10n.t('choosing the preprocessing');
    case 'training':
      return l10n.t('training');
    case 'checking':
      return l10n.t('checking the saved model');
    case 'writing':
      return l10n.t('writing');
    case 'baseline':
    case 'measures':
    case 'sweep':
    case 'ranking':
    case 'measuring':
      return l10n.t('measuring');
  }
}
