import * as vscode from 'vscode';

/** How long something still takes, as people say it: `12 s left`, `3 min left`, `1 h 20 min left`. */
export function timeLeft(seconds: number): string {
  const { l10n } = vscode;
  if (seconds < 90) return l10n.t('{0} s left', Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min left', minutes);
  return l10n.t('{0} h {1} min left', Math.floor(minutes / 60), minutes % 60);
}
