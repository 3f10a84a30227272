import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { Failure } from '../protocol/failure';
import type { DeletionSet } from '../protocol/webview';
import { bySite, readDeletionSets } from '../runs/deletionSetsFile';
import { RUN_FILES } from '../runs/runDirectory';
import { listRuns } from '../runs/runRecord';
import type { DeleteFlag } from './deleteFlags';
import { deletions } from './programOptions';

/** What `--delete @name` names: a set that was kept with a run. */
export interface SetFlag {
  readonly set: string;
}

/** A set, and the run directory or file that it is from. */
interface Found {
  readonly from: string;
  readonly set: DeletionSet;
}

/** What `--delete` gives, one after another: units, or named sets of them. */
export function deletionsOrSets(
  text: string,
  before: readonly (DeleteFlag | SetFlag)[] = [],
): (DeleteFlag | SetFlag)[] {
  if (!text.startsWith('@')) return [...before, ...deletions(text)];
  const set = text.slice(1).trim();
  if (set === '') throw new InvalidArgumentError('Give the name of a set after the @, as in @edges.');
  return [...before, { set }];
}

/**
 * The flags with the units of every named set in its place.
 * @param model absolute path: without `sets` the runs of this model are looked through
 * @param sets a run directory or its `deletion-sets.json`, where one is named
 * @param cwd its runs count, and those of every folder above the model
 * @throws Failure when there is no such set, saying which there are, or when runs differ on it
 */
export async function withUnitsOfSets(
  flags: readonly (DeleteFlag | SetFlag)[],
  model: string,
  sets: string | undefined,
  cwd: string,
): Promise<DeleteFlag[]> {
  const named = flags.some((flag) => 'set' in flag);
  const found = named ? await findSets(model, sets, cwd) : [];
  return flags.flatMap((flag) => ('set' in flag ? flagsOf(flag.set, found, model, sets) : [flag]));
}

function flagsOf(
  name: string,
  found: readonly Found[],
  model: string,
  sets: string | undefined,
): DeleteFlag[] {
  const [first, ...others] = found.filter(({ set }) => set.name === name);
  if (first === undefined) throw noSuchSet(name, found, model, sets);
  const other = others.find(({ set }) => unitsKey(set) !== unitsKey(first.set));
  if (other !== undefined) {
    throw new Failure(
      `${name} stands for other neurons in ${first.from} than in ${other.from}: say which with --sets <run>.`,
    );
  }
  return Object.entries(bySite(first.set.units)).map(([site, units]) => ({
    site,
    units: units.map((unit) => [unit, unit] as const),
  }));
}

function noSuchSet(name: string, found: readonly Found[], model: string, sets: string | undefined): Failure {
  const where = sets ?? `any run of ${path.basename(path.dirname(model))}/${path.basename(model)}`;
  const names = [...new Set(found.map(({ set }) => set.name))];
  if (names.length > 0) {
    return new Failure(
      `There is no set ${name} in ${where}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`,
    );
  }
  const how = 'keep one in the panel of a run, or name the run that has it with --sets <run>';
  return new Failure(`There is no set ${name}, as there are no named sets in ${where}: ${how}.`);
}

/** Tells sets of other units apart. */
function unitsKey({ units }: DeletionSet): string {
  return JSON.stringify(Object.entries(bySite(units)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function findSets(model: string, sets: string | undefined, cwd: string): Promise<Found[]> {
  return sets === undefined ? setsOfRuns(model, cwd) : setsIn(path.resolve(cwd, sets));
}

/** The sets of a run directory or of a file of sets. */
async function setsIn(place: string): Promise<Found[]> {
  const directory = path.basename(place) === RUN_FILES.deletionSets ? path.dirname(place) : place;
  if (!existsSync(directory)) {
    throw new Failure(`${directory} is not there: give a run directory that has ${RUN_FILES.deletionSets}.`);
  }
  return (await readDeletionSets(directory)).map((set) => ({ from: directory, set }));
}

/** The sets of all runs of a model, those of the newest run first. */
async function setsOfRuns(model: string, cwd: string): Promise<Found[]> {
  const roots = new Set([cwd]);
  for (let folder = path.dirname(model); ; folder = path.dirname(folder)) {
    roots.add(folder);
    if (folder === path.dirname(folder)) break;
  }
  const found: Found[] = [];
  for (const root of roots) {
    for (const { directory, record } of await listRuns(root)) {
      if (record === null || path.resolve(record.model.path) !== model) continue;
      found.push(...(await setsIn(directory)));
    }
  }
  return found;
}
