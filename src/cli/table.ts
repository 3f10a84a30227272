/** A column of a table: its head and how its cells stand. */
export interface TableColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/**
 * A table for a terminal: columns as wide as their widest cell, two blanks apart, a rule under the heads. When it
 * would be wider than `width`, the cells of the widest left-aligned column lose their middle (`block_1…relu`).
 *
 * @returns lines without trailing blanks, joined by newlines
 */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = 80,
): string {
  const cells = [columns.map((column) => column.head), ...rows];
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => length(row[c] ?? ''))));
  const excess = widths.reduce((sum, w) => sum + w, 2 * (columns.length - 1)) - width;
  if (excess > 0) {
    const lefts = columns.map((column, c) => (column.align === 'left' ? widths[c]! : 0));
    const widest = lefts.indexOf(Math.max(...lefts));
    if (lefts[widest]! > 0) widths[widest] = Math.max(MINIMUM, lefts[widest]! - excess);
  }
  const line = (row: readonly string[]) =>
    columns
      .map((column, c) => pad(shorten(row[c] ?? '', widths[c]!), widths[c]!, column.align))
      .join('  ')
      .trimEnd();
  const rule = widths.map((w) => '─'.repeat(w)).join('  ');
  return [line(cells[0]!), rule, ...rows.map(line)].join('\n');
}

/** No column is made narrower than this. */
const MINIMUM = 8;

function length(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Takes the middle out of a text that is too long: what tells names apart is at their ends. */
function shorten(text: string, width: number): string {
  const points = [...text];
  if (points.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return [...points.slice(0, head), '…', ...points.slice(points.length - (width - 1 - head))].join('');
}
