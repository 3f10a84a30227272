import path from 'node:path';
import { exportPicture, exportRun } from '../runs/exportRun';
import type { ExportOptions } from './program';
import { UsageError, type Terminal } from './terminal';

/** `export <run>`: the table of a run as CSV or JSON, its report as one HTML file, or a picture of it as SVG. */
export async function exportCommand(run: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const { format, picture } = options;
  if (picture !== undefined && format !== 'svg') {
    throw new UsageError('--picture names a picture: give --format svg with it.');
  }
  const directory = path.resolve(terminal.cwd, run);
  const file = path.resolve(terminal.cwd, options.out);
  if (format === 'svg') await exportPicture(directory, picture, file);
  else await exportRun(directory, format, file);
  terminal.out(options.json ? `${JSON.stringify({ file, format })}\n` : `${file}\n`);
}
