import * as v from 'valibot';
import { Failure } from '../../../protocol/failure';
import type { Evaluation, RunRecord } from '../../../protocol/run';
import { OPERATORS, type SiteInfo, type UnitRef } from '../../../protocol/study';
import { readDeletionSets } from '../../../runs/deletionSetsFile';
import { chooseRun, provenance } from './chooseRun';
import { natural, readInput, text } from './readInput';
import { figure, type ToolWorkspace } from './toolWorkspace';

const UNITS = 'a list of whole numbers, or "all"';

export const DELETION_INPUT = v.strictObject({
  run: v.optional(text),
  model: v.optional(text),
  delete: v.optional(
    v.pipe(
      v.array(
        v.object(
          { site: text, units: v.union([v.literal('all'), v.array(natural)], UNITS) },
          'a site with its units',
        ),
        'a list of sites with their units',
      ),
      v.minLength(1, 'a list of at least one site'),
      v.maxLength(100, 'a list of at most 100 sites'),
    ),
  ),
  set: v.optional(text),
  operator: v.optional(v.picklist(OPERATORS, `one of ${OPERATORS.join(', ')}`)),
});

/** Classes and confusions told at most. */
const MOST_CLASSES = 20;
const MOST_CONFUSIONS = 5;
/** Units listed; of more their number is told. */
const MOST_UNITS = 50;

/**
 * The network with some units deleted together, measured on all samples of a run.
 * @throws Failure for what is not there; Cancelled
 */
export async function deletion(
  input: unknown,
  workspace: ToolWorkspace,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { run, model, delete: sites, set, operator } = readInput(DELETION_INPUT, input);
  if ((sites === undefined) === (set === undefined)) {
    throw new Failure('Say what to delete: either delete, a list of sites with their units, or set, a name.');
  }
  const chosen = await chooseRun({ run, model }, workspace);
  const { record, directory } = chosen;
  const deleted =
    set === undefined ? unitsNamed(sites ?? [], record.sites) : await unitsOfSet(set, directory);
  const params = { record, deleted, ...(operator === undefined ? {} : { operator }) };
  const [head, evaluation] = await Promise.all([
    provenance(chosen, workspace),
    workspace.request('evaluate', params, { signal }),
  ]);
  return { ...head, ...effect(evaluation, record) };
}

function unitsNamed(
  given: readonly { readonly site: string; readonly units: 'all' | readonly number[] }[],
  sites: readonly SiteInfo[],
): UnitRef[] {
  return given.flatMap(({ site, units }) => {
    const info = sites.find(({ name }) => name === site);
    if (info === undefined) {
      const names = sites.slice(0, 20).map(({ name }) => name);
      throw new Failure(`There is no site ${site} in this run; there are ${names.join(', ')}.`);
    }
    const list =
      units === 'all' ? Array.from({ length: info.units }, (_, unit) => unit) : [...new Set(units)];
    const missing = list.find((unit) => unit >= info.units);
    if (missing !== undefined) {
      throw new Failure(`${site} has no unit ${missing}; its units are 0 to ${info.units - 1}.`);
    }
    return list.map((unit) => ({ site, unit }));
  });
}

async function unitsOfSet(name: string, directory: string): Promise<readonly UnitRef[]> {
  const sets = await readDeletionSets(directory);
  const found = sets.find((one) => one.name === name);
  if (found !== undefined) return found.units;
  const names = sets.map((one) => one.name);
  throw new Failure(
    `This run has no set ${name}; ${names.length === 0 ? 'it has none.' : `it has ${names.slice(0, 20).join(', ')}.`}`,
  );
}

function effect(evaluation: Evaluation, { classes }: RunRecord): Readonly<Record<string, unknown>> {
  const { before, deleted, confusion } = evaluation;
  const changes = classes
    .map((name, index) => {
      const [was, is] = [before.recalls[index] ?? null, evaluation.recalls[index] ?? null];
      return { name, was, is, size: was === null || is === null ? -1 : Math.abs(was - is) };
    })
    .sort((a, b) => b.size - a.size);
  return {
    deleted_units: deleted.length,
    ...(deleted.length <= MOST_UNITS ? { deleted } : {}),
    operator: evaluation.operator,
    samples: evaluation.samples,
    accuracy_before: figure(before.accuracy),
    accuracy_after: figure(evaluation.accuracy),
    accuracy_drop: figure(before.accuracy - evaluation.accuracy),
    correct_before: before.correct,
    correct_after: figure(evaluation.correct),
    loss_before: figure(before.loss),
    loss_after: figure(evaluation.loss),
    flips_to_wrong: figure(evaluation.flips_to_wrong),
    flips_to_right: figure(evaluation.flips_to_right),
    recall_by_class: changes.slice(0, MOST_CLASSES).map(({ name, was, is }) => ({
      class: name,
      before: figure(was),
      after: figure(is),
    })),
    ...(changes.length > MOST_CLASSES ? { more_classes: changes.length - MOST_CLASSES } : {}),
    ...(confusion === null ? {} : { new_confusions: newConfusions(confusion, classes) }),
  };
}

/** Which classes are taken for which others more often than before. */
function newConfusions(
  { before, after }: NonNullable<Evaluation['confusion']>,
  classes: readonly string[],
): unknown[] {
  const n = classes.length;
  return [...after.keys()]
    .map((place) => ({ place, more: after[place]! - before[place]! }))
    .filter(({ place, more }) => more > 0 && Math.floor(place / n) !== place % n)
    .sort((a, b) => b.more - a.more || a.place - b.place)
    .slice(0, MOST_CONFUSIONS)
    .map(({ place, more }) => ({
      true_class: classes[Math.floor(place / n)],
      taken_for: classes[place % n],
      more_samples: figure(more),
    }));
}
