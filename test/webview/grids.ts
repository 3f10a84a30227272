import type { Locator } from 'playwright-core';
import { paperTheme, type PictureTheme } from '../../src/pictures/theme';
import type { SiteInfo } from '../../src/protocol/study';
import { emptyUnitTable, UNIT_COLUMNS, type UnitTable } from '../../src/protocol/units';
import type { View } from './browser';
import { syntheticStudy } from './syntheticStudy';
import { THEMES } from './themes';

/** 41 units. */
export const SMALL: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 11, shape: [5, 5, 11], kind: 'convolution' },
  { name: 'dense_1', units: 30, shape: [30], kind: 'dense' },
];
/** 4,000 units. */
export const LARGE: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 1000, shape: [5, 5, 1000], kind: 'convolution' },
  { name: 'dense_1', units: 3000, shape: [3000], kind: 'dense' },
];

export type Study = ReturnType<typeof syntheticStudy>;

/** A study with means of the classes. */
export function study(sites: readonly SiteInfo[] = SMALL, rounds = 4): Study {
  const state = syntheticStudy({ sites, rounds });
  const { table } = state;
  for (let row = 0; row < table.rows; row++) {
    for (let c = 0; c < table.classes; c++) {
      table.class_mean[row * table.classes + c] = 0.1 * (row % 7) + ((c * 3 + row) % 10) * 0.3;
    }
  }
  return state;
}

/** What pictures take from a theme. */
export function themeOf(name: keyof typeof THEMES = 'dark'): PictureTheme {
  return { ...paperTheme, kind: name, background: THEMES[name].variables['editor-background'] ?? '' };
}

/** Chooses an entry of a dropdown. */
export async function choose(view: View, picture: string, label: string, entry: string): Promise<void> {
  const dropdown = view.page.locator(`${picture} vscode-dropdown[aria-label="${label}"]`);
  await dropdown.click();
  await dropdown.getByRole('option', { name: entry, exact: true }).click();
  await view.settled();
}

/** Data attributes of an element, numbers as numbers. */
export async function dataOf(locator: Locator): Promise<Record<string, string>> {
  return locator.evaluate(
    (element) =>
      Object.fromEntries(Object.entries((element as HTMLElement).dataset)) as Record<string, string>,
  );
}

/** Rows `from` … of a table, as the engine sends them. */
export function slice(table: UnitTable, from: number, rows: number): UnitTable {
  const part = emptyUnitTable(rows, table.classes);
  for (const name of UNIT_COLUMNS) part.columns[name].set(table.columns[name].slice(from, from + rows));
  for (const name of ['class_drop', 'class_mean'] as const) {
    part[name].set(table[name].slice(from * table.classes, (from + rows) * table.classes));
  }
  return part;
}
