import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Session } from '../src/engine/session';
import { estimateTraining, train } from '../src/engine/training/train';
import { Failure } from '../src/protocol/failure';
import {
  TRAINING_EXPERIMENTS,
  type TrainingExperiment,
  type TrainingOptions,
} from '../src/protocol/training';
import { writeAtomically } from '../src/runs/atomicFile';
import { readTrainingDirectory, TRAINING_FILES, type TrainingDirectory } from '../src/runs/trainingDirectory';
import { findingsPage, seedsOf } from './findingsPage';

/** What is run, and where it goes. */
export interface FindingsOptions {
  readonly only: readonly TrainingExperiment[];
  readonly quick: boolean;
  /** Networks a setting; the usual number of each experiment where it is null. */
  readonly seeds: number | null;
  /** Train and test data of the sample. */
  readonly sample: string;
  /** Has a directory an experiment; they are gone on with. */
  readonly runs: string;
  /** Receives findings.md, and `findings/` with its pictures. */
  readonly docs: string;
}

/** Options of `npm run findings`. Throws {@link Failure} for wrong ones. */
export function findingsOptions(args: readonly string[], repository: string): FindingsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, seeds: { type: 'string' } },
  });
  const quick = values.quick === true;
  const names = values.only?.split(',') ?? [...TRAINING_EXPERIMENTS];
  const only = names.map((name) => {
    const known = TRAINING_EXPERIMENTS.find((experiment) => experiment === name.trim());
    if (known === undefined) {
      throw new Failure(`There is no experiment ${name}: give some of ${TRAINING_EXPERIMENTS.join(', ')}.`);
    }
    return known;
  });
  const seeds = values.seeds === undefined ? null : Number(values.seeds);
  if (seeds !== null && !(Number.isInteger(seeds) && seeds > 0)) {
    throw new Failure('--seeds takes a whole number above 0.');
  }
  const runs = path.join(repository, '.cache', quick ? 'findings-quick' : 'findings');
  return {
    ...{ only, quick, seeds, runs },
    sample: path.join(repository, 'dist', 'sample'),
    docs: quick ? runs : path.join(repository, 'docs'),
  };
}

/**
 * Estimates, runs or goes on with the experiments, and writes the page of all that have been run.
 * @param say told what happens, a line each
 * @returns whether it came to its end; false where it was cancelled
 */
export async function makeFindings(
  options: FindingsOptions,
  session: Session,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  await sayEstimates(options, session, say, signal);
  let isDone = true;
  for (const experiment of options.only) {
    isDone = await runExperiment(experiment, options, session, say, signal);
    if (!isDone) break;
  }
  const pictures = await writePage(options);
  say(`${path.join(options.docs, 'findings.md')} and ${String(pictures)} pictures are written.`);
  return isDone;
}

async function sayEstimates(
  options: FindingsOptions,
  session: Session,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let sum = 0;
  for (const experiment of options.only) {
    const { networks, seconds } = await estimateTraining(
      session,
      trainingOptions(experiment, options),
      signal,
    );
    say(`${experiment}: ${String(networks)} networks, about ${minutesText(seconds)}`);
    sum += seconds;
  }
  say(`In all about ${minutesText(sum)}; what an earlier run has finished is not done again.`);
}

async function runExperiment(
  experiment: TrainingExperiment,
  options: FindingsOptions,
  session: Session,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  say(`\n${experiment}`);
  let last = '';
  const params = {
    options: trainingOptions(experiment, options),
    directory: path.join(options.runs, experiment),
  };
  const { kind, record } = await train(
    session,
    params,
    (event) => {
      if (event.event !== 'progress') return;
      const { network = '', phase, fraction } = event.progress;
      if (network === last || phase !== 'training') return;
      last = network;
      say(`  ${String(Math.round(100 * fraction)).padStart(3)} %  ${network}`);
    },
    signal,
  );
  say(`${experiment}: ${kind} after ${minutesText(record.seconds)}`);
  return kind === 'complete';
}

function trainingOptions(
  experiment: TrainingExperiment,
  { quick, sample, seeds }: FindingsOptions,
): TrainingOptions {
  const file = (name: string): { data: string; labels: string } => ({
    data: `${path.join(sample, name)}#x`,
    labels: `${path.join(sample, name)}#y`,
  });
  return {
    experiment,
    train: file('train.npz'),
    test: file('test.npz'),
    hidden: null,
    seeds: seeds ?? (quick ? 1 : seedsOf(experiment)),
    seed: 1,
    quick,
  };
}

/** Writes findings.md with its pictures, from all experiments that have been run; gives the number of pictures. */
export async function writePage({ runs, docs }: Pick<FindingsOptions, 'runs' | 'docs'>): Promise<number> {
  const found = new Map<TrainingExperiment, TrainingDirectory>();
  for (const experiment of TRAINING_EXPERIMENTS) {
    const directory = path.join(runs, experiment);
    if (existsSync(path.join(directory, TRAINING_FILES.record))) {
      found.set(experiment, await readTrainingDirectory(directory));
    }
  }
  const { text, pictures } = findingsPage(found);
  const folder = path.join(docs, 'findings');
  await mkdir(folder, { recursive: true });
  for (const [name, picture] of pictures) await writeAtomically(path.join(docs, name), `${picture}\n`);
  await writeAtomically(path.join(docs, 'findings.md'), text);
  for (const file of await readdir(folder)) {
    if (file.endsWith('.svg') && !pictures.has(`findings/${file}`)) await rm(path.join(folder, file));
  }
  return pictures.size;
}

function minutesText(seconds: number): string {
  return seconds < 90 ? `${String(Math.ceil(seconds))} s` : `${(seconds / 60).toFixed(1)} min`;
}
