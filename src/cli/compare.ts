import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fallsFrom, verdictOf, type Checkpoint } from '../core/measures/verdict';
import type { Session } from '../engine/session';
import { findCheckpoints } from '../formats/models/checkpoints';
import { findModel } from '../formats/models/findModel';
import { NOISE_SCALES } from '../protocol/curves';
import type { ComparedRobustness, Verdict } from '../protocol/compare';
import type { AnalyzeEvent, AnalyzeResult } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';
import { comparedModel, fallText } from '../runs/comparison';
import { writeComparison } from '../runs/comparisonFiles';
import { writeAtomically } from '../runs/atomicFile';
import { readRun } from '../runs/readRun';
import { comparisonHtml, type Comparison } from '../runs/reportComparison';
import { modelName, newRunDirectory } from '../runs/runDirectory';
import type { CompareOptions } from './compareProgram';
import { decimals, MISSING, percent, points, wrap } from './figures';
import { openSession } from './openSession';
import { progressView } from './progress';
import { readStudySpec } from './readStudySpec';
import { textTable } from './table';
import { Ended, UsageError, type Terminal } from './terminal';

/** A model that takes part, and how it is studied. */
interface Part {
  readonly name: string;
  readonly spec: StudySpec;
  /** Of a checkpoint. */
  readonly step: number | null;
}

/** What was found of a part. */
interface Found extends ComparedRobustness {
  readonly step: number | null;
  /** On the training data, where it was given. */
  readonly train_accuracy: number | null;
  readonly runs: Comparison['runs'][number];
}

/**
 * `compare <models…>`: curves, noise and single deletions of every model on the same data, a table and a verdict.
 *
 * @throws Failure, UsageError for bad input; Ended when interrupted
 */
export async function compare(
  given: readonly string[],
  options: CompareOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.orders < 2) throw new UsageError('--orders must be 2 or more: one ordering has no interval.');
  const parts = await partsOf(given, options, terminal);
  const directory =
    options.out === undefined
      ? newRunDirectory(terminal.cwd, 'compare')
      : path.resolve(terminal.cwd, options.out);
  const session = openSession(options, terminal);
  const found: Found[] = [];
  for (const part of parts) found.push(await measure(part, directory, session, options, terminal));
  const verdict = verdictOf(found);
  const checkpoints = found.filter((one): one is Found & Checkpoint => one.step !== null);
  const falls = checkpoints.length === found.length ? fallsFrom(checkpoints) : null;
  const more = checkpoints.length === 0 ? {} : { falls_from_step: falls?.step ?? null };
  const falling = checkpoints.length === 0 ? null : fallText(falls);
  await writeComparison(
    directory,
    found.map(({ runs: _, ...model }) => model),
    verdict,
    more,
  );
  const runs = found.map((one) => one.runs);
  const report = comparisonHtml({ models: found, runs, verdict, falls: falling });
  await writeAtomically(path.join(directory, 'compare.html'), report);
  terminal.out(
    options.json
      ? `${JSON.stringify({ directory, models: found.map(({ runs: _, ...model }) => model), verdict, ...more })}\n`
      : compareText(found, verdict, directory, falling),
  );
}

async function partsOf(
  given: readonly string[],
  options: CompareOptions,
  terminal: Terminal,
): Promise<Part[]> {
  const models = await modelsOf(given, terminal);
  const { labels = [], ...rest } = options;
  if (labels.length > 1 && labels.length !== models.length) {
    throw new UsageError(
      `--labels is given ${labels.length} times for ${models.length} models: give it once, or once a model.`,
    );
  }
  const names = distinct(models.map(({ file }) => modelName(file)));
  const parts: Part[] = [];
  for (const [k, { file, step }] of models.entries()) {
    const own = labels[k] ?? labels[0];
    const flags = own === undefined ? rest : { ...rest, labels: own };
    parts.push({ name: names[k]!, step, spec: await readStudySpec(file, flags, terminal) });
  }
  return parts;
}

/** The models named; those of a folder of checkpoints. */
async function modelsOf(
  given: readonly string[],
  terminal: Terminal,
): Promise<{ readonly file: string; readonly step: number | null }[]> {
  const paths = given.map((name) => path.resolve(terminal.cwd, name));
  const missing = paths.find((one) => !existsSync(one));
  if (missing !== undefined) throw new Failure(`${missing} is not there: give the path of a model.`);
  const [first, second] = paths;
  if (first === undefined || second !== undefined) return paths.map((file) => ({ file, step: null }));
  if (!statSync(first).isDirectory() || (await isModel(first))) {
    throw new UsageError('One model cannot be compared: give two or more, or a folder of checkpoints.');
  }
  return findCheckpoints(first);
}

async function isModel(file: string): Promise<boolean> {
  return findModel(file).then(
    () => true,
    () => false,
  );
}

/** Names told apart by a number where they are alike. */
function distinct(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

async function measure(
  { name, spec, step }: Part,
  directory: string,
  session: Session,
  options: CompareOptions,
  terminal: Terminal,
): Promise<Found> {
  const { orders, points: steps, trainData, trainLabels } = options;
  const at = (kind: string): string => path.join(directory, name, kind);
  const train =
    trainData === undefined
      ? null
      : {
          data: path.resolve(terminal.cwd, trainData),
          ...(trainLabels === undefined ? {} : { labels: path.resolve(terminal.cwd, trainLabels) }),
        };
  const common = (kind: string): { spec: StudySpec; directory: string; accept_chance: true } => ({
    spec,
    directory: at(kind),
    accept_chance: true,
  });
  const follow = async (
    what: string,
    start: (on: (event: AnalyzeEvent) => void) => Promise<AnalyzeResult>,
  ): Promise<void> => {
    if (!options.json) terminal.err(`${name}: ${what}\n`);
    const view = progressView(options, terminal);
    const result = await start((event) => view.show(event)).finally(() => view.stop());
    if (result.kind !== 'complete') {
      throw new Ended(
        `Cancelled; what is finished is in ${directory}. The same command with --out ${directory} goes on from there.`,
        130,
      );
    }
  };
  const { signal } = terminal;
  await follow('deleting more and more neurons', (on) =>
    session.curves(
      {
        ...common('curves'),
        options: { orders: ['random'], directions: [], orderings: orders, points: steps, each: false, train },
      },
      on,
      signal,
    ),
  );
  await follow('noise in all neurons', (on) =>
    session.noise({ ...common('noise'), options: { scales: NOISE_SCALES, repeats: 5 } }, on, signal),
  );
  await follow('deleting every neuron', (on) =>
    session.analyze({ ...common('units'), spec: { ...spec, measures: [] } }, on, signal),
  );
  const curves = await readRun(at('curves'));
  const runs = { name, curves, units: await readRun(at('units')), noise: await readRun(at('noise')) };
  const trained = curves.record.curves?.summary.find(({ data }) => data === 'train');
  return {
    ...comparedModel(runs),
    runs,
    step,
    train_accuracy: trained?.baseline_accuracy ?? null,
  };
}

/** The comparison, for people. */
function compareText(
  models: readonly Found[],
  verdict: Verdict,
  directory: string,
  falls: string | null,
): string {
  const right = (head: string) => ({ head, align: 'right' }) as const;
  const trained = models.some(({ train_accuracy }) => train_accuracy !== null);
  const table = textTable(
    [
      { head: 'model', align: 'left' },
      ...(trained ? [right('train')] : []),
      right('right'),
      right('AUC'),
      right('sd'),
      right('relative'),
      right('half at'),
      right('worst'),
      right('dead'),
    ],
    models.map((model) => [
      model.model,
      ...(trained ? [model.train_accuracy === null ? MISSING : percent(model.train_accuracy)] : []),
      percent(model.baseline_accuracy),
      decimals(model.auc, 4),
      decimals(model.auc_sd, 4),
      decimals(model.auc_relative, 3),
      decimals(model.half_fraction, 3),
      points(model.worst_unit_drop),
      String(model.dead_units),
    ]),
  );
  return [
    `Runs      ${directory}`,
    '',
    table,
    '',
    wrap(
      'AUC: area under the accuracy while random neurons are deleted, sd over orderings; relative: (AUC − chance) / ' +
        '(right − chance); half at: the fraction deleted where the mean curve is half way down to chance; worst: points ' +
        'lost without the most important neuron, chosen on one half and measured on the other.',
    ),
    '',
    ...(falls === null ? [] : [wrap(falls), '']),
    wrap(verdict.text),
    '',
  ].join('\n');
}
