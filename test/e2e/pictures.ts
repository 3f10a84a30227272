import assert from 'node:assert/strict';
import {
  colourOf,
  diverging,
  domainOf,
  SELECTIVITY_DOMAIN,
  sequential,
} from '../../src/pictures/colourScale';
import type { RunOnDisk } from './runs';
import type { StudyPanel } from './studyPanel';

/**
 * Asserts that a heatmap on screen shows the values in units.csv: a cell for every unit in their order, and at
 * the centre of each the colour of its value.
 */
export async function assertShows(
  panel: StudyPanel,
  run: RunOnDisk,
  measure: 'accuracy_drop' | 'selectivity',
): Promise<void> {
  const theme = await panel.theme();
  const units = run.units();
  const values = units.map((unit) => unit[measure]);
  const colour =
    measure === 'accuracy_drop'
      ? colourOf(diverging(theme), domainOf(values.filter((value) => value !== null)))
      : colourOf(sequential(theme), SELECTIVITY_DOMAIN);
  const cells = await panel.cells(measure);
  const shown = cells.map(({ site, unit, colour: pixel }) => `${site} #${unit} ${pixel}`);
  const expected = units.flatMap(({ site, unit }, row) => {
    const value = values[row];
    // A unit without a value has no colour: whatever is on screen there is right.
    const pixel = value === null || value === undefined ? cells[row]?.colour : colour(value);
    return [`${site} #${unit} ${pixel}`];
  });
  assert.deepEqual(shown, expected);
  const different = new Set(cells.map((cell) => cell.colour));
  assert.ok(different.size > 2, `a picture of ${different.size} colours shows nothing`);
}
