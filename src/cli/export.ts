import path from 'node:path';
import { exportRun } from '../runs/exportRun';
import type { ExportOptions } from './program';
import type { Terminal } from './terminal';

/** `export <run>`: the table of a run as CSV or JSON, or its report as one HTML file. */
export async function exportCommand(run: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const directory = path.resolve(terminal.cwd, run);
  const file = path.resolve(terminal.cwd, options.out);
  await exportRun(directory, options.format, file);
  terminal.out(options.json ? `${JSON.stringify({ file, format: options.format })}\n` : `${file}\n`);
}
