import type { StoredRun } from '../../../protocol/engine';
import { Failure } from '../../../protocol/failure';
import type { RunRecord } from '../../../protocol/run';
import { experimentOf } from '../../../runs/experimentFiles';
import { newestOf } from '../../runFigures';
import type { ToolWorkspace } from './toolWorkspace';
import { insideWorkspace, relativePath } from './workspacePaths';

/** How a language model names an analysis: by its folder, by its model, or, where there is one model only, not at all. */
export interface RunChoice {
  readonly run?: string | undefined;
  readonly model?: string | undefined;
}

/** An analysis of neurons. */
export interface ChosenRun {
  readonly directory: string;
  readonly record: RunRecord;
}

/**
 * The analysis that is meant: that in `run`, else the newest of `model`, else the newest of the only model.
 * @throws Failure where there is none, or more than one model
 */
export async function chooseRun(choice: RunChoice, workspace: ToolWorkspace): Promise<ChosenRun> {
  const runs = await workspace.runs();
  if (choice.run !== undefined) {
    const directory = await insideWorkspace(choice.run, workspace.roots);
    const record = runs.find((one) => one.directory === directory)?.record;
    if (record == null)
      throw new Failure(`${choice.run} is no run of this workspace; list the models to see the runs.`);
    if (experimentOf(record) !== null) {
      throw new Failure(
        `${choice.run} is a run of ${experimentOf(record)!}, which has no single neurons: name an analysis.`,
      );
    }
    return { directory, record };
  }
  const model = await modelMeant(
    choice.model,
    runs.flatMap(({ record }) => record ?? []),
    workspace,
  );
  const found = newestOf(model, runs);
  if (found !== undefined) return found;
  const shown = relativePath(model, workspace.roots);
  throw new Failure(`${shown} has not been analyzed yet: analyze it first with its labelled data.`);
}

/** Reads the analysis that is meant. Throws {@link Failure}. */
export async function readChosen(
  choice: RunChoice,
  workspace: ToolWorkspace,
): Promise<{ readonly directory: string; readonly run: StoredRun }> {
  const { directory } = await chooseRun(choice, workspace);
  return { directory, run: await workspace.request('readRun', { directory }) };
}

async function modelMeant(
  named: string | undefined,
  records: readonly RunRecord[],
  workspace: ToolWorkspace,
): Promise<string> {
  if (named !== undefined) return insideWorkspace(named, workspace.roots);
  const analyzed = [
    ...new Set(records.filter((one) => experimentOf(one) === null).map((one) => one.model.path)),
  ];
  const [only, ...others] = analyzed;
  if (only === undefined)
    throw new Failure('Nothing has been analyzed in this workspace yet: analyze a model first.');
  if (others.length === 0) return only;
  const names = analyzed.slice(0, 10).map((path) => relativePath(path, workspace.roots));
  throw new Failure(`Say which model is meant, one of ${names.join(', ')}.`);
}

/** What is said with every figure of a run: where it is from, and how far it can be trusted. */
export async function provenance(
  { directory, record }: ChosenRun,
  workspace: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  const { roots } = workspace;
  const stale = await workspace.stale(record);
  const labels = record.data.labels_path;
  return {
    run: relativePath(directory, roots),
    model: relativePath(record.model.path, roots),
    data: relativePath(record.spec.data, roots),
    ...(labels === null || labels === record.spec.data
      ? {}
      : { labels: relativePath(record.spec.labels ?? labels, roots) }),
    samples: record.baseline.samples,
    operator: record.spec.operator,
    seed: record.seed,
    ...(record.status === 'complete'
      ? {}
      : {
          provisional: `This run is ${record.status}: ${record.rounds.done} of ${record.rounds.samples.length} rounds are done.`,
        }),
    ...(stale === null ? {} : { stale }),
    ...(record.name === undefined ? {} : { name: record.name }),
  };
}
