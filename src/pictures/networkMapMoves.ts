import { columnOf, rectIn, type MapColumn, type MapLayout } from './networkMapLayout';

/** A keyboard movement: `home`/`end` within the site, `first`/`last` of all units. */
export type MapMove =
  'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'previousSite' | 'nextSite' | 'first' | 'last';

/** Where a movement leads from a unit, by what lies there in the picture; the unit itself at an edge. */
export function mapNeighbour(layout: MapLayout, row: number, move: MapMove): number {
  const columns = layout.columns.filter(({ units }) => units > 0);
  const column = columnOf(layout, row);
  const at = columns.indexOf(column);
  const unit = row - column.first;
  const across = unit % column.columns;
  const down = Math.floor(unit / column.columns);
  const { x, y, w, h } = rectIn(column, unit);
  const enter = (next: MapColumn | undefined, from: number): number => {
    if (next === undefined) return row;
    // Into another band as one reads on: at its beginning, or back at its end.
    return nearestIn(next, from, next.band === column.band ? y + h / 2 : from);
  };
  switch (move) {
    case 'left':
      return across > 0 ? row - 1 : enter(columns[at - 1], Infinity);
    case 'right':
      return across < column.columns - 1 && unit < column.units - 1
        ? row + 1
        : enter(columns[at + 1], -Infinity);
    case 'up':
      if (down > 0) return row - column.columns;
      return nearestOf(columns, column.band - 1, x + w / 2, Infinity) ?? row;
    case 'down': {
      const below = unit + column.columns;
      if (below < column.units) return column.first + below;
      return nearestOf(columns, column.band + 1, x + w / 2, -Infinity) ?? row;
    }
    case 'home':
      return column.first;
    case 'end':
      return column.first + column.units - 1;
    case 'previousSite':
      return unit > 0 ? column.first : (columns[at - 1]?.first ?? row);
    case 'nextSite':
      return columns[at + 1]?.first ?? row;
    case 'first':
      return 0;
    case 'last':
      return layout.units - 1;
  }
}

/** The unit of a band whose cell is nearest to a point; null where there is no such band. */
function nearestOf(columns: readonly MapColumn[], band: number, x: number, y: number): number | null {
  const away = ({ cellsLeft, columns: wide, pitch }: MapColumn): number =>
    Math.max(cellsLeft - x, 0, x - cellsLeft - wide * pitch);
  const [first, ...others] = columns.filter((column) => column.band === band);
  if (first === undefined) return null;
  const nearest = others.reduce((best, column) => (away(column) < away(best) ? column : best), first);
  return nearestIn(nearest, x, y);
}

/** The unit of a site whose cell is nearest to a point, which may be infinitely far. */
function nearestIn(column: MapColumn, x: number, y: number): number {
  const { columns, rows, pitch, cellsLeft, cellsTop, units } = column;
  const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.floor(value)));
  const across = within((x - cellsLeft) / pitch, columns - 1);
  const down = within((y - cellsTop) / pitch, rows - 1);
  const unit = down * columns + across;
  if (unit < units) return column.first + unit;
  // The last row is short: whatever is nearer, its end or the row above.
  return (
    column.first + (x === Infinity && down > 0 ? units - 1 : Math.max(0, Math.min(units - 1, unit - columns)))
  );
}
