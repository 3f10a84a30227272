import type { Twin } from './twin';

/**
 * A table as tab-separated text with the columns' names above it: full precision, empty where a number is not known.
 * @param rows in this order; all, in the table's own order, when absent
 */
export function asTsv(twin: Twin, rows?: Iterable<number>): string {
  const lines = [twin.columns.map(({ id }) => id).join('\t')];
  for (const row of rows ?? Array.from({ length: twin.rows }, (_, index) => index)) {
    lines.push(twin.columns.map((column) => cellText((column.copied ?? column.value)(row))).join('\t'));
  }
  return lines.join('\n');
}

function cellText(value: number | string): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return value.replace(/[\t\r\n]+/g, ' ');
}
