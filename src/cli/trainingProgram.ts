import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { TRAINING_EXPERIMENTS, type TrainingExperiment } from '../protocol/training';
import type { BackendChoice } from './program';
import { backend, common, examples, names, natural, positive } from './programOptions';
import type { Terminal } from './terminal';

/** What `experiment` takes. */
export interface TrainingCommandOptions extends BackendChoice {
  readonly data?: string;
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly testData?: string;
  readonly testLabels?: string;
  readonly seeds?: number;
  readonly seed: number;
  readonly net: 'mlp' | 'convnet';
  readonly width?: readonly number[];
  readonly quick: boolean;
  readonly out?: string;
}

/** The command that trains networks. */
export interface TrainingCommands {
  experiment(name: TrainingExperiment, options: TrainingCommandOptions, terminal: Terminal): Promise<void>;
}

/** Adds `experiment`. */
export function addTrainingCommand(program: Command, commands: TrainingCommands, terminal: Terminal): void {
  common(program.command('experiment'))
    .description('Train small networks and measure what the paper on single directions says of such.')
    .addArgument(new Argument('<name>', 'what is trained and measured').choices(TRAINING_EXPERIMENTS))
    .option('--data <path>', 'labelled samples to train on (default: the digits of the sample)')
    .option('--labels <path>', 'labels of --data, when they are in another file or array')
    .option('--label-column <name>', 'the label column of a table')
    .option(
      '--test-data <path>',
      'labelled samples to test on (default: a fifth of --data, on which nothing is trained)',
    )
    .option('--test-labels <path>', 'labels of --test-data, when they are in another file or array')
    .option('--seeds <n>', 'networks a setting (default: 3, for batchnorm 4; 2 with --quick)', positive)
    .option('--seed <n>', 'the first seed', natural, 1)
    .addOption(
      new Option(
        '--net <kind>',
        'what is trained: perceptrons, or the paper’s convolutional network, for pictures (hours without a GPU)',
      )
        .choices(['mlp', 'convnet'])
        .default('mlp'),
    )
    .addOption(
      new Option(
        '--width <units>',
        'units (feature maps) of each hidden layer, as in 512,512 (default: those of the experiment)',
      ).argParser(widths),
    )
    .option('--quick', 'few samples, small networks, few settings: to see that it works', false)
    .option(
      '--out <dir>',
      'a folder to leave everything in; one that holds this very experiment is continued',
    )
    .addOption(backend())
    .addHelpText(
      'after',
      examples(
        'experiment memorization',
        'experiment memorization --quick --out quick',
        'experiment dropout --data mnist.npz#x_train --labels mnist.npz#y_train --width 2048,2048 --seeds 5',
      ),
    )
    .action((name: TrainingExperiment, options: TrainingCommandOptions) =>
      commands.experiment(name, options, terminal),
    );
}

function widths(text: string): number[] {
  return names(text).map((one) => {
    const units = Number(one);
    if (!Number.isSafeInteger(units) || units < 1) {
      throw new InvalidArgumentError('Give whole numbers of units, separated by commas: 512,512.');
    }
    return units;
  });
}
