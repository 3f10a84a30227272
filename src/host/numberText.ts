import * as vscode from 'vscode';

/** The language that our texts are in: VS Code's where there is a translation, else English. */
function language(): string {
  return vscode.l10n.bundle === undefined ? 'en' : vscode.env.language;
}

/** A number with that many decimals, as people write it: `0.937`, `0,937`. */
export function decimals(value: number, digits: number): string {
  const sign = new Intl.NumberFormat(language()).formatToParts(0.5).find(({ type }) => type === 'decimal');
  return value.toFixed(digits).replace('.', sign?.value ?? '.');
}

/** A whole number with its thousands apart: `101,770`. */
export function integer(value: number): string {
  return value.toLocaleString(language());
}

/** How many neurons there are. */
export function neurons(count: number): string {
  return count === 1 ? vscode.l10n.t('1 neuron') : vscode.l10n.t('{0} neurons', integer(count));
}

/** A moment, from ISO 8601, in the system's own way where our texts are English. */
export function moment(iso: string): string {
  const own = language();
  return new Date(iso).toLocaleString(own === 'en' ? undefined : own);
}

/** The time of day for what was made today, else the day: there is room for one of them, at its shortest. */
export function shortTime(time: Date): string {
  const today = time.toDateString() === new Date().toDateString();
  return today
    ? time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    : time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
}
