/** How the units of one site stand: row after row, in cells of one size. */
export interface Block {
  /** `dots`: round cells · `grid`: square cells · `density`: cells without gaps, drawn as pixels. */
  readonly look: 'dots' | 'grid' | 'density';
  readonly columns: number;
  readonly rows: number;
  /** From one cell to the next, and the cell's side; pixels, whole numbers. */
  readonly pitch: number;
  readonly cell: number;
}

/** A block of cells of two pixels may become that high before they become single pixels. */
const HIGHEST = 900;
const MOST_DOTS = 160;

/**
 * The block of a site: cells as large as its room lets them be, but at least one pixel. It is never wider than its
 * room; of very many units it is higher.
 *
 * @param room `most` the largest pitch; `width`, `height` in pixels
 */
export function blockOf(
  units: number,
  room: { readonly most: number; readonly width: number; readonly height: number },
): Block {
  const { most, width, height } = room;
  const even = Math.floor(Math.sqrt((width * height) / Math.max(1, units)));
  const least = (units * 4) / width <= HIGHEST ? 2 : 1;
  const widest = (pitch: number): number => Math.max(1, Math.floor(width / pitch));
  const needed = (pitch: number): number => Math.ceil(units / Math.max(1, Math.floor(height / pitch)));
  let pitch = Math.max(least, Math.min(most, even));
  // Whole cells may need a little more room than their area.
  while (pitch > least && needed(pitch) > widest(pitch)) pitch--;
  let columns = Math.max(1, Math.min(needed(pitch), widest(pitch)));
  // Somewhat smaller cells are worth a block whose last row is full.
  for (let smaller = pitch; smaller >= Math.max(least, 0.75 * pitch); smaller--) {
    const full = fullColumns(units, needed(smaller), widest(smaller));
    if (full === null) continue;
    [pitch, columns] = [smaller, full];
    break;
  }
  const rows = Math.ceil(units / columns);
  if (pitch < 6) return { look: 'density', columns, rows, pitch, cell: pitch };
  if (units > MOST_DOTS || pitch < 9) {
    return { look: 'grid', columns, rows, pitch, cell: pitch - (pitch >= 12 ? 2 : 1) };
  }
  return { look: 'dots', columns, rows, pitch, cell: pitch - (pitch >= 16 ? 4 : pitch >= 11 ? 3 : 2) };
}

/** A number of columns, at least `least` and at most half more, that leaves no row short; null where there is none. */
function fullColumns(units: number, least: number, most: number): number | null {
  for (let columns = Math.max(1, least); columns <= Math.min(most, 1.5 * least); columns++) {
    if (units % columns === 0) return columns;
  }
  return null;
}
