import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { Failure } from '../../../protocol/failure';
import { readComparison, type FoundPart, type Subject } from '../../comparison';
import { sameStudy } from '../../curveRuns';
import { provenance } from './chooseRun';
import { readInput, text } from './readInput';
import { figure, type ToolWorkspace } from './toolWorkspace';
import { insideWorkspace, relativePath } from './workspacePaths';

export const COMPARISON_INPUT = v.strictObject({ first: text, second: text });

/**
 * Two networks side by side, from runs that there are, and, where both have curves, which withstands deletion better.
 * @throws Failure where one is not there or has not been analyzed
 */
export async function comparison(
  input: unknown,
  workspace: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  const { first, second } = readInput(COMPARISON_INPUT, input);
  const { roots } = workspace;
  const subjects = await Promise.all([first, second].map((one) => subjectOf(one, roots)));
  const { found, lines, state } = await readComparison(subjects, {
    refusal: (directory) =>
      `${relativePath(directory, roots)} has no single neurons: name an analysis or a model.`,
    read: (directory) => workspace.request('readRun', { directory }),
    others: () => workspace.runs(),
  });
  const parts = await Promise.all(
    found.map((part, i) => facts(part, state.parts[i]!.name, lines[i] ?? null, workspace)),
  );
  const [a, b] = found.map(({ units }) => units?.run.record);
  const lacking = state.parts.filter(({ missing }) => missing.includes('curves')).map(({ name }) => name);
  return {
    models: parts,
    same_model_and_data: a !== undefined && b !== undefined && sameStudy(a, b),
    same_data: a?.data.sha256 === b?.data.sha256,
    verdict: state.verdict,
    ...(state.verdict === null
      ? {
          no_verdict_because: `There is no finished run of cumulative curves with random orders of ${lacking.join(' and ')} on this data: measure curves first.`,
        }
      : {}),
  };
}

/** A run directory holds run.json; anything else stands for a model. */
async function subjectOf(reference: string, roots: readonly string[]): Promise<Subject> {
  const path = await insideWorkspace(reference, roots);
  const isDirectory = (await stat(path)).isDirectory();
  return isDirectory ? { directory: path } : { model: path, step: null };
}

async function facts(
  { units, curves, model }: FoundPart,
  name: string,
  line: { readonly auc_relative: number | null; readonly half_fraction: number | null } | null,
  workspace: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  if (units === null) {
    throw new Failure(
      `${relativePath(model, workspace.roots)} has not been analyzed yet: analyze it first with its labelled data.`,
    );
  }
  const { record } = units.run;
  const { headline, baseline } = record;
  const summary = curves?.run.record.curves?.summary.find(
    (one) => one.order === 'random' && one.data === 'test',
  );
  return {
    name,
    ...(await provenance({ directory: units.directory, record }, workspace)),
    classes: record.classes.length,
    units: record.sites.reduce((sum, site) => sum + site.units, 0),
    baseline_accuracy: figure(baseline.accuracy),
    baseline_loss: figure(baseline.loss),
    worst_unit: headline?.worst ?? null,
    dead_units: headline?.dead ?? null,
    curves:
      curves === null
        ? null
        : {
            run: basename(curves.directory),
            auc: figure(summary?.auc),
            auc_sd: figure(summary?.auc_sd),
            auc_relative: figure(line?.auc_relative),
            half_fraction: figure(line?.half_fraction),
          },
  };
}
