import { diagnose, renderDoctor } from '../engine/doctor';
import { backendOptions } from './openSession';
import type { BackendChoice } from './program';
import type { Terminal } from './terminal';

/** `doctor`: what computes here, how fast, and what is missing. */
export async function doctor(options: BackendChoice, terminal: Terminal): Promise<void> {
  const report = await diagnose(backendOptions(options, terminal));
  terminal.out(`${options.json ? JSON.stringify(report) : renderDoctor(report)}\n`);
}
