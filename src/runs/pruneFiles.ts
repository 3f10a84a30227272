import type { PruneReport, PruneStep } from '../protocol/prune';

/** `prune.json`. */
export function pruneJson(report: PruneReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

const COLUMNS = ['units_deleted', 'parameters', 'accuracy', 'held_back_accuracy'] as const;

/** `prune.csv`: one line a step, by how many units are deleted. */
export function pruneCsv(steps: readonly PruneStep[]): string {
  const lines = steps.map((step) => COLUMNS.map((column) => String(step[column])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\n');
}
