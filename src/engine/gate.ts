import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Control } from '../core/control';

/** How often the gate is looked at, in milliseconds. */
const INTERVAL = 50;

/**
 * Holds an analysis after a finished round, for tests: when the environment variable NEURON_DELETION_GATE names
 * a folder, waits until it holds a file `round-<n>` (the first round is 1). Cancelling still works.
 */
export async function passGate(round: number, control: Control): Promise<void> {
  const folder = process.env['NEURON_DELETION_GATE'];
  if (folder === undefined || folder === '') return;
  while (!existsSync(join(folder, `round-${String(round)}`))) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    await control.breathe();
  }
}
