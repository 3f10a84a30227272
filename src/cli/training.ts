import { existsSync } from 'node:fs';
import path from 'node:path';
import { estimateTraining, train } from '../engine/training/train';
import { Failure } from '../protocol/failure';
import {
  defaultSeeds,
  type TrainedNetwork,
  type TrainingExperiment,
  type TrainingOptions,
  type TrainingRecord,
  type TrainingSource,
} from '../protocol/training';
import { newRunDirectory } from '../runs/runDirectory';
import { TRAINING_FILES } from '../runs/trainingDirectory';
import { decimals, MISSING, percent, wrap } from './figures';
import { openSession } from './openSession';
import { progressView, timeLeft } from './progress';
import { textTable } from './table';
import { Ended, UsageError, type Terminal } from './terminal';
import type { TrainingCommandOptions } from './trainingProgram';

/**
 * `experiment <name>`: trains networks, measures them, and says what came out beside what the paper says.
 *
 * @throws Failure, UsageError for bad input; Ended when interrupted
 */
export async function experiment(
  name: TrainingExperiment,
  options: TrainingCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const training = trainingOptions(name, options, terminal.cwd);
  const directory =
    options.out === undefined ? newRunDirectory(terminal.cwd, name) : path.resolve(terminal.cwd, options.out);
  const session = openSession(options, terminal);
  const { signal } = terminal;
  if (!existsSync(path.join(directory, TRAINING_FILES.record))) {
    const { networks, seconds } = await estimateTraining(session, training, signal);
    terminal.err(
      options.json
        ? `${JSON.stringify({ event: 'estimate', networks, seconds })}\n`
        : `${networks} networks to train and measure, about ${timeLeft(seconds)} on this machine.\n`,
    );
  }
  const view = progressView(options, terminal);
  const result = await train(session, { options: training, directory }, (event) => view.show(event), signal)
    .catch((error: unknown) => {
      throw existsSync(directory) ? withDirectory(error, directory) : error;
    })
    .finally(() => view.stop());
  if (result.kind === 'cancelled') {
    throw new Ended(
      `Cancelled; what is finished is in ${directory}. The same command with --out ${directory} goes on from there.`,
      130,
    );
  }
  const { record } = result;
  terminal.out(
    options.json
      ? `${JSON.stringify({ directory, status: record.status, seconds: record.seconds, networks: record.networks, findings: record.findings })}\n`
      : trainingText(record, directory),
  );
}

/** What the flags mean. */
function trainingOptions(
  experiment: TrainingExperiment,
  options: TrainingCommandOptions,
  cwd: string,
): TrainingOptions {
  const { data, labels, labelColumn, testData, testLabels } = options;
  if (data === undefined && (labels ?? testData ?? testLabels) !== undefined) {
    throw new UsageError('Give --data too: the samples to train on.');
  }
  if (testData === undefined && testLabels !== undefined) {
    throw new UsageError('Give --test-data too: the samples that --test-labels are of.');
  }
  const source = (samples: string, own: string | undefined): TrainingSource => ({
    data: path.resolve(cwd, samples),
    ...(own === undefined ? {} : { labels: path.resolve(cwd, own) }),
    ...(labelColumn === undefined ? {} : { label_column: labelColumn }),
  });
  return {
    experiment,
    ...(data === undefined
      ? sampleDigits()
      : {
          train: source(data, labels),
          test: testData === undefined ? null : source(testData, testLabels),
        }),
    hidden: options.width ?? null,
    seeds: options.seeds ?? defaultSeeds(experiment, options.quick),
    seed: options.seed,
    quick: options.quick,
    ...(options.net === 'convnet' ? { net: options.net } : {}),
  };
}

/** The digits of the sample, which stands beside the bundle. */
function sampleDigits(): Pick<TrainingOptions, 'train' | 'test'> {
  const folders = [path.join(__dirname, 'sample'), path.join(__dirname, '../../dist/sample')];
  const folder = folders.find((one) => existsSync(path.join(one, 'train.npz')));
  if (folder === undefined) {
    throw new Failure(
      `The digits of the sample are not in ${folders[0]}: make them with npm run sample, or give --data.`,
    );
  }
  const source = (name: string): TrainingSource => {
    const file = path.join(folder, `${name}.npz`);
    return { data: `${file}#x`, labels: `${file}#y` };
  };
  return { train: source('train'), test: source('test') };
}

/** Says of an error in the middle that what is finished is kept. */
function withDirectory(error: unknown, directory: string): unknown {
  if (!(error instanceof Failure)) return error;
  const message = `${error.message.replace(/\.$/, '')}; what was finished is in ${directory}.`;
  return new Failure(message, { cause: error });
}

/** The experiment, for people. */
function trainingText({ networks, findings, seconds }: TrainingRecord, directory: string): string {
  const leftOut = networks.filter(({ included }) => !included);
  return [
    `Files     ${directory}`,
    `Time      ${timeLeft(seconds)}`,
    '',
    networkTable(networks),
    '',
    wrap(
      'Learned: right on the labels it was trained on; new: on samples it was not trained on. AUC: area under the ' +
        'accuracy while random neurons are deleted, on the training data, sd over orderings; relative: (AUC − chance) / ' +
        '(right − chance).',
    ),
    '',
    ...leftOut.map(({ network, left_out }) => wrap(`${network} is left out: ${left_out ?? ''}`)),
    ...(leftOut.length === 0 ? [] : ['']),
    ...findings.flatMap(({ claim, expected, measured, holds }) => [
      wrap(`${holds === null ? '?' : holds ? '✓' : '✗'} ${claim}`, '  '),
      wrap(`  Expected: ${expected}`, '  '),
      wrap(`  Measured: ${measured}`, '  '),
      '',
    ]),
  ].join('\n');
}

function networkTable(networks: readonly TrainedNetwork[]): string {
  const right = (head: string) => ({ head, align: 'right' }) as const;
  const figure = (value: number | null, digits: number): string =>
    value === null ? MISSING : decimals(value, digits);
  return textTable(
    [
      { head: 'network', align: 'left' },
      right('learned'),
      right('new'),
      right('epochs'),
      right('AUC'),
      right('sd'),
      right('relative'),
    ],
    networks.map((one) => [
      one.network,
      percent(one.train_accuracy),
      one.test_accuracy === null ? MISSING : percent(one.test_accuracy),
      String(one.epochs),
      figure(one.auc, 4),
      figure(one.auc_sd, 4),
      figure(one.auc_relative, 3),
    ]),
  );
}
