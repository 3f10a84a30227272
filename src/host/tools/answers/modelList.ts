import { resolve } from 'node:path';
import * as v from 'valibot';
import type { DataCandidate, ModelInfo, SpecFile } from '../../../protocol/study';
import { experimentOf } from '../../../runs/experimentFiles';
import { readSpecFile } from '../../../runs/specFile';
import { modelName } from '../../names';
import { rankCandidates } from '../../rankCandidates';
import { mainCurve } from '../../runFigures';
import type { ListedRun } from '../../comparison';
import { readInput, text } from './readInput';
import { figure, type ToolWorkspace } from './toolWorkspace';
import { insideWorkspace, relativePath } from './workspacePaths';

export const MODEL_LIST_INPUT = v.strictObject({ model: v.optional(text) });

/** What is told at most. */
const MOST = { models: 50, runs: 10, sites: 100, data: 8 };

/** Finds labelled data for a model; what was found when time is up. */
export type FindData = (path: string, reading: Promise<ModelInfo>) => Promise<readonly DataCandidate[]>;

/**
 * The models of the workspace with their runs; of one that is named also its sites and the data that fits it.
 * @throws Failure where the model named is not there or cannot be read
 */
export async function modelList(
  input: unknown,
  workspace: ToolWorkspace,
  findData: FindData,
): Promise<Readonly<Record<string, unknown>>> {
  const { model } = readInput(MODEL_LIST_INPUT, input);
  const runs = await workspace.runs();
  if (model !== undefined) {
    const path = await insideWorkspace(model, workspace.roots);
    const reading = workspace.request('inspectModel', { path });
    const [info, found] = await Promise.all([reading, findData(path, reading)]);
    return { ...(await modelLine(path, runs, workspace)), ...modelFacts(info, found, workspace) };
  }
  const models = await workspace.models();
  const shown = models.slice(0, MOST.models);
  const lines = await Promise.all(shown.map((path) => modelLine(path, runs, workspace)));
  const more = models.length - shown.length;
  return { models: lines, ...(more === 0 ? {} : { more_models: more }) };
}

async function modelLine(
  path: string,
  runs: readonly ListedRun[],
  { roots }: ToolWorkspace,
): Promise<Readonly<Record<string, unknown>>> {
  const own = runs.flatMap(({ directory, record }) =>
    record !== null && resolve(record.model.path) === resolve(path) ? [{ directory, record }] : [],
  );
  const spec = await readSpecFile(path).catch(() => null);
  const more = own.length - MOST.runs;
  return {
    model: relativePath(path, roots),
    name: modelName(path),
    study: spec === null ? null : studyOf(spec, roots),
    runs: own.slice(0, MOST.runs).map(({ directory, record }) => ({
      run: relativePath(directory, roots),
      ...(record.name === undefined ? {} : { name: record.name }),
      kind: experimentOf(record) ?? 'analysis',
      status: record.status,
      created: record.created,
      data: relativePath(record.spec.data, roots),
      ...(record.spec.labels === undefined ? {} : { labels: relativePath(record.spec.labels, roots) }),
      operator: record.spec.operator,
      samples: record.baseline.samples,
      accuracy: figure(record.baseline.accuracy),
      ...(record.headline === null ? {} : { headline: record.headline.text }),
      ...(record.curves === undefined ? {} : { auc: figure(mainCurve(record)?.auc) }),
    })),
    ...(more > 0 ? { more_runs: more } : {}),
  };
}

/** What the file beside the model names. */
function studyOf({ data, labels, label_column }: SpecFile, roots: readonly string[]): unknown {
  return {
    ...(data === undefined ? {} : { data: relativePath(data, roots) }),
    ...(labels === undefined ? {} : { labels: relativePath(labels, roots) }),
    ...(label_column === undefined ? {} : { label_column }),
  };
}

function modelFacts(
  info: ModelInfo,
  found: readonly DataCandidate[],
  { roots }: ToolWorkspace,
): Readonly<Record<string, unknown>> {
  const { fitting } = rankCandidates(info, found);
  const { sites, excluded } = info;
  return {
    format: info.format,
    input: info.input,
    classes: info.classes,
    parameters: info.parameters,
    units: sites.reduce((sum, { units }) => sum + units, 0),
    sites: sites.slice(0, MOST.sites).map(({ name, units, kind }) => ({ site: name, units, kind })),
    ...(sites.length > MOST.sites ? { more_sites: sites.length - MOST.sites } : {}),
    ...(excluded.length === 0 ? {} : { excluded: excluded.slice(0, MOST.sites) }),
    data_that_fits: fitting
      .slice(0, MOST.data)
      .map(({ data, labels, label_column, samples, class_counts }) => ({
        data: relativePath(data, roots),
        ...(labels === undefined ? {} : { labels: relativePath(labels, roots) }),
        ...(label_column === undefined ? {} : { label_column }),
        samples,
        classes: class_counts.length,
      })),
    ...(fitting.length > MOST.data ? { more_data: fitting.length - MOST.data } : {}),
  };
}
