/**
 * The rows of a list that is being filled: what is shown stays where it is, so that nobody chooses a row that has just
 * moved under the pointer; what is new comes below.
 *
 * @param before the rows that are shown
 * @param now all rows there are, in the order they would have if all were new
 * @param heading stands above new rows that do not begin with a heading of their own
 */
export function grownRows<Row>(
  before: readonly Row[],
  now: readonly Row[],
  heading: Row,
  keyOf: (row: Row) => string,
  isHeading: (row: Row) => boolean,
): Row[] {
  const shown = new Set(before.map(keyOf));
  const latest = new Map(now.map((row) => [keyOf(row), row]));
  const added = now.filter((row) => !shown.has(keyOf(row)));
  const [first] = added;
  const headed = before.length === 0 || first === undefined || isHeading(first) || shown.has(keyOf(heading));
  return [...before.map((row) => latest.get(keyOf(row)) ?? row), ...(headed ? [] : [heading]), ...added];
}
