import { Option, type Command } from 'commander';
import type { StudyOptions } from './program';
import { common, examples, positive, studyOptions } from './programOptions';
import type { Terminal } from './terminal';

/** What `compare` takes. */
export interface CompareOptions extends Omit<StudyOptions, 'labels'> {
  /** Once for all models, or once a model, in their order. */
  readonly labels?: readonly string[];
  readonly orders: number;
  readonly points: number;
  readonly trainData?: string;
  readonly trainLabels?: string;
}

/** Adds `compare`. */
export function addCompareCommand(
  program: Command,
  commands: {
    compare(models: readonly string[], options: CompareOptions, terminal: Terminal): Promise<void>;
  },
  terminal: Terminal,
): void {
  const labels = new Option(
    '--labels <path>',
    'labels, when they are in another file or array: once for all models, or once a model in their order',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  studyOptions(
    common(program.command('compare')).argument(
      '<models...>',
      'two or more models, or a folder of checkpoints',
    ),
    labels,
  )
    .description('Say which of some models withstands deletion better.')
    .option('--orders <n>', 'how many random orderings', positive, 10)
    .option('--points <n>', 'at how many points a curve is measured', positive, 20)
    .option('--train-data <path>', 'the data they were trained on, to be measured beside --data')
    .option('--train-labels <path>', 'the labels of --train-data, when they are in another file or array')
    .option(
      '--out <dir>',
      'a folder to leave compare.csv, compare.json, compare.html and the runs in; it is continued',
    )
    .addHelpText(
      'after',
      examples(
        'compare a/model.json b/model.json --data test.npz',
        'compare true.keras shuffled.keras --data train.npz#x --labels train.npz#y --labels train.npz#y_shuffled',
        'compare checkpoints --data test.npz --train-data train.npz --out robustness',
      ),
    )
    .action((models: string[], options: CompareOptions) => commands.compare(models, options, terminal));
}
