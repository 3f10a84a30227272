import { execFileSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser of the machine: `CHROMIUM` if it is set, else the first one on the path. */
function browserBinary(): string {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error('The E2E tests need Chromium: install it, or name it in the variable CHROMIUM.');
}

/** Starts the browser of the machine, without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserBinary(), args: FLAGS });
}
