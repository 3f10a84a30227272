/** Rows that have a value, by that value: what average ranks are read from, however often each row is counted. */
export interface RankOrder {
  /** Rows in ascending order of their values; rows without a value are left out. */
  readonly rows: Int32Array;
  /** Where each group of equal values ends in `rows`. */
  readonly groupEnds: Int32Array;
}

/**
 * Sorts rows by value.
 * @param values NaN: no value
 * @param mask only rows where it is 1; all where absent
 */
export function rankOrder(values: Float64Array, mask?: Uint8Array): RankOrder {
  const rows = Int32Array.from(values.keys()).filter(
    (row) => !Number.isNaN(values[row]!) && (mask === undefined || mask[row] === 1),
  );
  rows.sort((a, b) => values[a]! - values[b]!);
  const ends: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    if (i + 1 === rows.length || values[rows[i + 1]!] !== values[rows[i]!]) ends.push(i + 1);
  }
  return { rows, groupEnds: Int32Array.from(ends) };
}

/**
 * Average ranks, counted from 1, when row r is there `counts[r]` times: all rows of a group of equal values get the
 * mean of the places they take.
 * @param into `[rows]`: receives the ranks; rows that are not in the order are left as they are
 */
export function rankInto({ rows, groupEnds }: RankOrder, counts: Int32Array, into: Float64Array): void {
  let below = 0;
  let at = 0;
  for (const end of groupEnds) {
    let size = 0;
    for (let i = at; i < end; i++) size += counts[rows[i]!]!;
    const rank = below + (size + 1) / 2;
    for (; at < end; at++) into[rows[at]!] = rank;
    below += size;
  }
}
