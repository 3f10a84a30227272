import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../protocol/failure';
import type { UnitRef } from '../protocol/study';
import type { DeletionSet } from '../protocol/webview';
import { writeAtomically } from './atomicFile';
import { isMissing, readFailure } from './fileErrors';
import { RUN_FILES } from './runDirectory';

/** Units by their sites: `{ "dense_1": [3, 7] }`. */
export type UnitsBySite = Readonly<Record<string, readonly number[]>>;

/** `deletion-sets.json`. */
interface SetsFile {
  readonly format: 'neuron-deletion-sets';
  readonly version: 1;
  readonly sets: readonly { readonly name: string; readonly units: UnitsBySite }[];
}

/** Writes a run's named sets of units into its directory. Throws {@link Failure} where it cannot. */
export async function writeDeletionSets(directory: string, sets: readonly DeletionSet[]): Promise<void> {
  const content: SetsFile = {
    format: 'neuron-deletion-sets',
    version: 1,
    sets: sets.map(({ name, units }) => ({ name, units: bySite(units) })),
  };
  // A list of units on a line.
  const text = JSON.stringify(content, null, 2).replace(/\[[\d,\s]*\]/g, (list) => list.replace(/\s+/g, ''));
  await writeAtomically(join(directory, RUN_FILES.deletionSets), `${text}\n`);
}

/** Reads them back; none where the run has none. Throws {@link Failure} where the file is damaged. */
export async function readDeletionSets(directory: string): Promise<readonly DeletionSet[]> {
  const file = join(directory, RUN_FILES.deletionSets);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw readFailure(error, file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, cause);
  }
  if (!isSetsFile(value)) throw damaged(file);
  return value.sets.map(({ name, units }) => ({ name, units: unitsOf(units) }));
}

/** Units by their sites, each site's in rising order. */
export function bySite(units: readonly UnitRef[]): UnitsBySite {
  const sites = new Map<string, Set<number>>();
  for (const { site, unit } of units) sites.set(site, (sites.get(site) ?? new Set()).add(unit));
  return Object.fromEntries([...sites].map(([site, all]) => [site, [...all].sort((a, b) => a - b)]));
}

/** The same as a list. */
export function unitsOf(sites: UnitsBySite): UnitRef[] {
  return Object.entries(sites).flatMap(([site, units]) => units.map((unit) => ({ site, unit })));
}

/** Units by their sites, as they are read from somewhere? */
export function isUnitsBySite(value: unknown): value is UnitsBySite {
  return (
    isObject(value) && Object.values(value).every((units) => Array.isArray(units) && units.every(isIndex))
  );
}

function isSetsFile(value: unknown): value is SetsFile {
  if (!isObject(value)) return false;
  const { format, version, sets } = value;
  return format === 'neuron-deletion-sets' && version === 1 && Array.isArray(sets) && sets.every(isSet);
}

function isSet(value: unknown): boolean {
  return isObject(value) && typeof value['name'] === 'string' && isUnitsBySite(value['units']);
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(file: string, cause?: unknown): Failure {
  return new Failure(
    `${file} is damaged or was written by another version: delete the file, the run itself does not need it.`,
    { file, cause },
  );
}
