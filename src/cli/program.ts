import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommonOptions, Terminal } from './terminal';

/** What `analyze` takes, as given: nothing is filled in but the flags. */
export interface AnalyzeOptions extends CommonOptions {
  readonly data?: string;
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly sites?: readonly string[];
  readonly operator?: string;
  readonly scale?: string;
  readonly samples?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
  readonly spec?: string;
  readonly acceptChance: boolean;
}

/** What `inspect` takes. */
export interface InspectOptions extends CommonOptions {
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
}

/** What `export` takes. */
export interface ExportOptions extends CommonOptions {
  readonly format: 'csv' | 'json' | 'html';
  readonly out: string;
}

/** The commands, one function each; loaded when they are called. */
export interface Commands {
  analyze(model: string, options: AnalyzeOptions, terminal: Terminal): Promise<void>;
  inspect(model: string, options: InspectOptions, terminal: Terminal): Promise<void>;
  doctor(options: InspectOptions, terminal: Terminal): Promise<void>;
  exportRun(run: string, options: ExportOptions, terminal: Terminal): Promise<void>;
}

/**
 * The command line's grammar (design.md, "Command line"). Parsing a wrong one throws commander's `CommanderError`.
 */
export function buildProgram(version: string, commands: Commands, terminal: Terminal): Command {
  const program = new Command('neuron-deletion')
    .description('Which neurons of a trained classifier matter, and to what.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });

  common(program.command('analyze'))
    .description('Delete every neuron in turn and measure what that costs.')
    .argument('<model>', 'the model, such as model.json')
    .option(
      '--data <path>',
      'samples, and their labels where the file has them; file.npz#array names an array',
    )
    .option('--labels <path>', 'labels, when they are in another file or array')
    .option('--label-column <name>', 'the label column of a csv file')
    .option('--sites <names>', 'sites to analyze, separated by commas (default: all)', names)
    .addOption(new Option('--operator <name>', 'what a neuron is set to').choices(OPERATORS))
    .addOption(new Option('--scale <scale>', 'how stored values become inputs').choices(SCALE_NAMES))
    .option('--samples <n>', 'how many samples to take, seeded and stratified (default: all)', positive)
    .option('--seed <n>', 'seed of all that is drawn', natural)
    .option('--out <dir>', 'the run directory; one that holds this very study is continued')
    .option('--spec <file>', 'the study (default: <model>.neuron-deletion.json, where there is one)')
    .option('--accept-chance', 'go on although the model is hardly better than chance on this data', false)
    .addOption(backend())
    .action((model: string, options: AnalyzeOptions) => commands.analyze(model, options, terminal));

  common(program.command('inspect'))
    .description('Say what a model is, and which of its neurons can be deleted.')
    .argument('<model>', 'the model, such as model.json')
    .addOption(backend())
    .action((model: string, options: InspectOptions) => commands.inspect(model, options, terminal));

  common(program.command('doctor'))
    .description('Say what computes here, how fast, and what is missing.')
    .addOption(backend())
    .action((options: InspectOptions) => commands.doctor(options, terminal));

  common(program.command('export'))
    .description('Write a run as a table or as a report.')
    .argument('<run>', 'the run directory')
    .addOption(
      new Option('--format <format>', 'what to write').choices(['csv', 'json', 'html']).makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the file to write')
    .action((run: string, options: ExportOptions) => commands.exportRun(run, options, terminal));

  return program;
}

const OPERATORS = ['zero', 'mean', 'resample', 'optimal'];
const SCALE_NAMES = ['auto', 'none', '0..1', '-1..1'];

function common(command: Command): Command {
  return command
    .option('--json', 'one JSON object on the last line of stdout, progress as JSON lines on stderr', false)
    .option('--verbose', 'show the log, and where an unexpected error comes from', false);
}

function backend(): Option {
  return new Option('--backend <name>', 'what computes')
    .choices(['auto', 'tfjs-node', 'wasm'])
    .default('auto');
}

function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => name === '')) throw new InvalidArgumentError('Give names separated by commas.');
  return list;
}

function natural(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  }
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Give a whole number, 1 or more.');
  return value;
}
