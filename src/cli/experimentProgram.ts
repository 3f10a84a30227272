import { InvalidArgumentError, Option, type Command } from 'commander';
import { DIRECTIONS, ORDERS, type Direction, type Order } from '../protocol/curves';
import type { StudyOptions } from './program';
import type { FailCondition } from './failIf';
import { common, examples, failIf, names, positive, study } from './programOptions';
import type { Terminal } from './terminal';

/** What all of these take. */
export interface ExperimentOptions extends StudyOptions {
  readonly acceptChance: boolean;
}

/** What `curves` takes. */
export interface CurvesCommandOptions extends ExperimentOptions {
  readonly order: readonly Order[];
  readonly direction: 'both' | Direction;
  readonly orders: number;
  readonly points: number;
  readonly each: boolean;
  readonly trainData?: string;
  readonly trainLabels?: string;
  readonly failIf: readonly FailCondition[];
}

/** What `noise` takes. */
export interface NoiseCommandOptions extends ExperimentOptions {
  readonly repeats: number;
}

/** What `pairs` takes. */
export interface PairsCommandOptions extends ExperimentOptions {
  readonly top: number;
}

/** The commands that delete many neurons at once. */
export interface ExperimentCommands {
  curves(model: string, options: CurvesCommandOptions, terminal: Terminal): Promise<void>;
  noise(model: string, options: NoiseCommandOptions, terminal: Terminal): Promise<void>;
  pairs(model: string, options: PairsCommandOptions, terminal: Terminal): Promise<void>;
}

/** Adds `curves`, `noise` and `pairs`. */
export function addExperimentCommands(
  program: Command,
  commands: ExperimentCommands,
  terminal: Terminal,
): void {
  experiment(program.command('curves'))
    .description('Delete more and more neurons together and watch the accuracy fall.')
    .option(
      '--order <names>',
      `in which order, separated by commas: ${ORDERS.join(', ')} (ranked orders are chosen on one half of the samples, everything is measured on the other)`,
      orders,
      ['random'],
    )
    .addOption(
      new Option('--direction <name>', 'of a ranked order: what has least of it first, or most')
        .choices([...DIRECTIONS, 'both'])
        .default('both'),
    )
    .option('--orders <n>', 'how many random orderings', positive, 10)
    .option('--points <n>', 'at how many points a curve is measured', positive, 20)
    .option('--each', 'every site alone, not all together', false)
    .option('--train-data <path>', 'the data it was trained on, to be measured beside --data')
    .option('--train-labels <path>', 'the labels of --train-data, when they are in another file or array')
    .addOption(failIf())
    .addHelpText(
      'after',
      examples(
        'curves model.json --data test.npz#x --labels test.npz#y',
        'curves model.json --data test.npz --train-data train.npz --out curves',
        'curves model.json --data test.npz --order random,importance --direction ascending',
      ),
    )
    .action((model: string, options: CurvesCommandOptions) => commands.curves(model, options, terminal));

  experiment(program.command('noise'))
    .description('Add noise to all neurons at once, more and more of it.')
    .option('--repeats <n>', 'how many times each scale is measured', positive, 5)
    .addHelpText(
      'after',
      examples('noise model.json --data test.npz', 'noise model.json --data test.npz --repeats 10'),
    )
    .action((model: string, options: NoiseCommandOptions) => commands.noise(model, options, terminal));

  experiment(program.command('pairs'))
    .description('Delete the most important neurons two at a time: which back each other up?')
    .option('--top <k>', 'how many neurons, those whose deletion raises the loss most', positive, 20)
    .addHelpText(
      'after',
      examples('pairs model.json --data test.npz', 'pairs model.json --data test.npz --top 40'),
    )
    .action((model: string, options: PairsCommandOptions) => commands.pairs(model, options, terminal));
}

function experiment(command: Command): Command {
  return study(common(command))
    .option('--sites <names>', 'sites to take neurons of, separated by commas (default: all)', names)
    .option(
      '--out <dir>',
      'the run directory; one that holds this very study is continued (default: .neuron-deletion/runs/<time>-<model>)',
    )
    .option('--accept-chance', 'go on although the model is hardly better than chance on this data', false);
}

function orders(text: string): Order[] {
  const list = names(text);
  const unknown = list.find((name) => !ORDERS.some((order) => order === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`There is no order ${unknown}; there are ${ORDERS.join(', ')}.`);
  }
  return [...new Set(list as Order[])];
}
