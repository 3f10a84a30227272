import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DeleteFlag } from './deleteFlags';
import { deletionsOrSets, type SetFlag } from './namedSets';
import type { StudyOptions } from './program';
import { common, examples, names, study } from './programOptions';
import type { Terminal } from './terminal';

/** What `prune` takes. */
export interface PruneCommandOptions extends StudyOptions {
  readonly delete?: readonly (DeleteFlag | SetFlag)[];
  readonly sets?: string;
  /** A share, 0 … 1. */
  readonly keepAccuracy?: number;
  readonly out: string;
  readonly replace: boolean;
}

/** The command that saves a model without some neurons. */
export interface PruneCommands {
  prune(model: string, options: PruneCommandOptions, terminal: Terminal): Promise<void>;
}

/** Adds `prune`. */
export function addPruneCommand(program: Command, commands: PruneCommands, terminal: Terminal): void {
  study(common(program.command('prune')))
    .description('Save a model without some neurons, as a TensorFlow.js layers model.')
    .addOption(
      new Option(
        '--delete <neurons>',
        'neurons to save it without: dense_1:3,7-9 or dense_1:all, or @name for a named set of a run; may come again',
      )
        .argParser(deletionsOrSets)
        .conflicts('keepAccuracy'),
    )
    .option('--sets <run>', 'the run whose named sets are meant (default: those of all runs of the model)')
    .addOption(
      new Option(
        '--keep-accuracy <share>',
        'the least important neurons, as many as leave this share of the accuracy: one half of the data chooses, the other says what it cost',
      ).argParser(share),
    )
    .option(
      '--sites <names>',
      'sites that --keep-accuracy may take neurons of, separated by commas (default: all)',
      names,
    )
    .requiredOption('--out <dir>', 'a folder to leave model.json, its weights, prune.json and prune.csv in')
    .option('--replace', 'replace a model that stands in that folder', false)
    .addHelpText(
      'after',
      examples(
        'prune model.json --data test.npz --delete dense_1:3,7-9 --out smaller',
        'prune model.keras --data test.npz --keep-accuracy 0.99 --out smaller',
        'prune model.json --data test.npz --keep-accuracy 0.98 --sites conv2d_1,conv2d_2 --operator mean --out smaller',
      ),
    )
    .action((model: string, options: PruneCommandOptions) => commands.prune(model, options, terminal));
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('Give a share above 0 and up to 1, such as 0.99.');
  }
  return value;
}
