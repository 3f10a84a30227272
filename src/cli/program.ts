import { Argument, Command, Option } from 'commander';
import { completionScript, SHELLS, type Shell } from './completion';
import { addCompareCommand, type CompareOptions } from './compareProgram';
import { addExperimentCommands, type ExperimentCommands } from './experimentProgram';
import { addManual } from './manual/page';
import { PAGES } from './manual/pages';
import type { DeleteFlag } from './deleteFlags';
import type { FailCondition } from './failIf';
import { deletionsOrSets, type SetFlag } from './namedSets';
import {
  type InputFlag,
  backend,
  common,
  examples,
  failIf,
  measures,
  names,
  output,
  study,
} from './programOptions';
import { addPruneCommand, type PruneCommands } from './pruneProgram';
import type { CommonOptions, Terminal } from './terminal';
import { addTrainingCommand, type TrainingCommands } from './trainingProgram';
import type { WayName } from '../core/ablation/ways/way';
import { PICTURES, type PictureName } from '../runs/pictureNames';
import { MEASURES, type Measure, type Resize, type StudySpec } from '../protocol/study';

/** What every command on a study takes, as given: nothing is filled in but the flags. */
export interface StudyOptions extends CommonOptions {
  readonly output?: string;
  readonly data?: string;
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly labelPattern?: string;
  readonly classNames?: string;
  readonly resize?: Resize;
  readonly input?: readonly InputFlag[];
  readonly topology?: string;
  readonly sites?: readonly string[];
  readonly measures?: readonly Measure[];
  readonly operator?: string;
  readonly draws?: number;
  readonly scale?: StudySpec['scale'];
  readonly samples?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
  readonly memoryLimit?: number;
  readonly way?: WayName;
  readonly spec?: string;
}

/** What `analyze` takes. */
export interface AnalyzeOptions extends StudyOptions {
  readonly acceptChance: boolean;
  readonly failIf: readonly FailCondition[];
}

/** What `evaluate` takes. */
export interface EvaluateCommandOptions extends StudyOptions {
  readonly delete: readonly (DeleteFlag | SetFlag)[];
  /** Where the named sets are. */
  readonly sets?: string;
  readonly outputs: boolean;
}

/** What `doctor` takes. */
export interface BackendChoice extends CommonOptions {
  readonly backend: 'auto' | 'tfjs-node' | 'wasm';
  readonly memoryLimit?: number;
  readonly way?: WayName;
}

/** What `inspect` takes. */
export interface InspectOptions extends BackendChoice {
  readonly output?: string;
}

/** What `export` takes. */
export interface ExportOptions extends CommonOptions {
  readonly format: 'csv' | 'json' | 'html' | 'svg';
  readonly picture?: PictureName;
  readonly out: string;
}

/** The commands, one function each; loaded when they are called. */
export interface Commands extends ExperimentCommands, PruneCommands, TrainingCommands {
  analyze(model: string, options: AnalyzeOptions, terminal: Terminal): Promise<void>;
  evaluate(model: string, options: EvaluateCommandOptions, terminal: Terminal): Promise<void>;
  compare(models: readonly string[], options: CompareOptions, terminal: Terminal): Promise<void>;
  agreement(runs: readonly string[], options: CommonOptions, terminal: Terminal): Promise<void>;
  inspect(model: string, options: InspectOptions, terminal: Terminal): Promise<void>;
  doctor(options: BackendChoice, terminal: Terminal): Promise<void>;
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

  study(common(program.command('analyze')))
    .description('Delete every neuron in turn and measure what that costs.')
    .option('--sites <names>', 'sites to analyze, separated by commas (default: all)', names)
    .addOption(
      new Option(
        '--measures <names>',
        `measures beside importance and selectivity: ${MEASURES.join(', ')}, or none (default: all)`,
      ).argParser(measures),
    )
    .option(
      '--out <dir>',
      'the run directory; one that holds this very study is continued (default: .neuron-deletion/runs/<time>-<model>)',
    )
    .option('--accept-chance', 'go on although the model is hardly better than chance on this data', false)
    .addOption(failIf())
    .addHelpText(
      'after',
      examples(
        'analyze model.json --data test.npz',
        'analyze model.keras --data test.npz#x --labels test.npz#y --sites dense_1 --operator mean',
        'analyze model.json --data pictures --json --fail-if "max_drop > 0.05" --fail-if "accuracy < 0.97"',
      ),
    )
    .action((model: string, options: AnalyzeOptions) => commands.analyze(model, options, terminal));

  study(common(program.command('evaluate')))
    .description('Delete some neurons together and say what the network does without them.')
    .addOption(
      new Option(
        '--delete <neurons>',
        'neurons to delete: dense_1:3,7-9 or dense_1:all, or @name for a named set of a run; may come again',
      )
        .argParser(deletionsOrSets)
        .makeOptionMandatory(),
    )
    .option('--sets <run>', 'the run whose named sets are meant (default: those of all runs of the model)')
    .option('--out <dir>', 'a folder to leave evaluate.json in')
    .option('--outputs', 'leave outputs.csv there too: what each sample gives before and after', false)
    .addHelpText(
      'after',
      examples(
        'evaluate model.json --data test.npz --delete dense_1:3,7-9',
        'evaluate model.json --data test.npz --delete conv2d_1:all --delete dense_1:12 --operator mean',
        'evaluate model.json --data test.npz --delete @edges --out without-edges --outputs',
      ),
    )
    .action((model: string, options: EvaluateCommandOptions) => commands.evaluate(model, options, terminal));

  addExperimentCommands(program, commands, terminal);
  addCompareCommand(program, commands, terminal);
  addTrainingCommand(program, commands, terminal);
  addPruneCommand(program, commands, terminal);

  common(program.command('agreement'))
    .description('Say how far operators agree on which neurons matter.')
    .argument('<run...>', 'finished runs of one model on the same data, one an operator')
    .addHelpText('after', examples('agreement runs/zero runs/mean', 'agreement zero mean resample --json'))
    .action((runs: string[], options: CommonOptions) => commands.agreement(runs, options, terminal));

  common(program.command('inspect'))
    .description('Say what a model is, and which of its neurons can be deleted.')
    .argument('<model>', 'the model, such as model.json')
    .addOption(output())
    .addOption(backend())
    .addHelpText('after', examples('inspect model.json', 'inspect model.keras --output probabilities --json'))
    .action((model: string, options: InspectOptions) => commands.inspect(model, options, terminal));

  common(program.command('doctor'))
    .description('Say what computes here, how fast, and what is missing.')
    .addOption(backend())
    .addHelpText('after', examples('doctor', 'doctor --backend wasm --json'))
    .action((options: BackendChoice) => commands.doctor(options, terminal));

  common(program.command('export'))
    .description('Write a run as a table, as a report, or as a picture.')
    .argument('<run>', 'the run directory')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['csv', 'json', 'html', 'svg'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--picture <name>', 'which picture, with --format svg (default: importance)').choices(
        PICTURES,
      ),
    )
    .requiredOption('--out <file>', 'the file to write')
    .addHelpText(
      'after',
      examples(
        'export run --format csv --out units.csv',
        'export run --format html --out report.html',
        'export run --format svg --picture map --out map.svg',
      ),
    )
    .action((run: string, options: ExportOptions) => commands.exportRun(run, options, terminal));

  program
    .command('completion')
    .description('Print a script that completes this command in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(neuron-deletion completion bash)\n  neuron-deletion completion fish > ~/.config/fish/completions/neuron-deletion.fish\n',
    )
    .action((shell: Shell) => terminal.out(completionScript(program, shell)));

  addManual(program, PAGES);
  return program;
}
