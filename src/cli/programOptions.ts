import { type Command, InvalidArgumentError, Option } from 'commander';
import { WAYS } from '../core/ablation/ways/way';
import { MEASURES, OPERATORS, RESIZES, SCALES, type Measure, type StudySpec } from '../protocol/study';
import { parseDeleteFlag, type DeleteFlag } from './deleteFlags';
import { FIGURES, parseFailCondition, type FailCondition } from './failIf';

/** What every command takes. */
export function common(command: Command): Command {
  return command
    .option('--json', 'one JSON object on the last line of stdout, progress as JSON lines on stderr', false)
    .option('--verbose', 'show the log, and where an unexpected error comes from', false);
}

/** Model, data, and how to look at them. */
export function study(command: Command): Command {
  return studyOptions(command.argument('<model>', 'the model, such as model.json'), labels());
}

/** Data, and how to look at it. */
export function studyOptions(command: Command, labelsOption: Option): Command {
  return command
    .addOption(output())
    .option(
      '--data <path>',
      'samples, and their labels where the file has them; file.npz#array names an array',
    )
    .addOption(labelsOption)
    .option('--label-column <name>', 'the label column of a table')
    .addOption(
      new Option(
        '--label-pattern <regex>',
        'the class of each picture in its file name: the first group, as in "^([a-z]+)_"',
      ).argParser(pattern),
    )
    .option('--class-names <file>', "names of the classes, in the order of the model's outputs")
    .addOption(
      new Option('--resize <how>', "how pictures come to the model's size (default: stretch)").choices(
        RESIZES,
      ),
    )
    .addOption(
      new Option(
        '--input <name=path>',
        'where the values of one of several inputs are; may come again',
      ).argParser(inputs),
    )
    .option('--topology <file>', 'topology (JSON) of a model file that holds weights only')
    .addOption(new Option('--operator <name>', 'what a neuron is set to (default: zero)').choices(OPERATORS))
    .option('--draws <n>', 'donors of each sample under the operator resample (default: 5)', positive)
    .addOption(
      new Option(
        '--scale <scale>',
        'how stored values become inputs: auto, none, 0..1, -1..1, imagenet, caffe, or mean,std; ' +
          'with bgr: or inverted: before it, and first of all 0..1: or -1..1: where values are stored so, ' +
          'as in 0..1:bgr:-1..1',
      ).argParser(scale),
    )
    .option('--samples <n>', 'how many samples to take, seeded and stratified (default: all)', positive)
    .option('--seed <n>', 'seed of all that is drawn (default: 0)', natural)
    .option('--spec <file>', 'the study (default: <model>.neuron-deletion.json, where there is one)')
    .addOption(backend())
    .addOption(
      new Option('--memory-limit <GiB>', 'memory the engine may take (default: 2)').argParser(gibibytes),
    )
    .addOption(new Option('--way <name>', 'compute every site this way').choices(WAYS).hideHelp());
}

function labels(): Option {
  return new Option('--labels <path>', 'labels, when they are in another file or array');
}

/** Which output of the model is meant. */
export function output(): Option {
  return new Option(
    '--output <name>',
    'which output names the class, by name or index; name:sigmoid where it is one logit of two classes (default: the last softmax-like one)',
  );
}

/** What computes. */
export function backend(): Option {
  return new Option('--backend <name>', 'what computes')
    .choices(['auto', 'tfjs-node', 'wasm'])
    .default('auto');
}

/** A list of names, separated by commas. */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => name === '')) throw new InvalidArgumentError('Give names separated by commas.');
  return list;
}

/** What `--delete` gives, one after another. */
export function deletions(text: string, before: readonly DeleteFlag[] = []): DeleteFlag[] {
  try {
    return [...before, parseDeleteFlag(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** What makes a command fail on purpose. */
export function failIf(): Option {
  return new Option(
    '--fail-if <condition>',
    `end with exit code 1 where it holds, as in "max_drop > 0.05"; may come again (figures: ${Object.keys(FIGURES).join(', ')})`,
  )
    .argParser((text: string, before: readonly FailCondition[]) => {
      try {
        return [...before, parseFailCondition(text)];
      } catch (error) {
        throw new InvalidArgumentError((error as Error).message);
      }
    })
    .default([], 'never');
}

/** Some of the measures that come beside importance and selectivity. */
export function measures(text: string): Measure[] {
  return (text === 'none' ? [] : names(text)).map((name) => {
    const measure = MEASURES.find((known) => known === name);
    if (measure === undefined)
      throw new InvalidArgumentError(`Give some of ${MEASURES.join(', ')}, or none.`);
    return measure;
  });
}

/** Where the values of one input are. */
export interface InputFlag {
  readonly name: string;
  readonly data: string;
}

/** What `--input` gives, one after another. */
function inputs(text: string, before: readonly InputFlag[] = []): InputFlag[] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError('Give the name of an input and where its values are: left=data.npz#x.');
  }
  const name = text.slice(0, at);
  if (before.some((one) => one.name === name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return [...before, { name, data: text.slice(at + 1) }];
}

function scale(text: string): StudySpec['scale'] {
  const found = (['auto', ...SCALES] as const).find((known) => known === text);
  if (found === undefined) throw new InvalidArgumentError(`Give one of auto, ${SCALES.join(', ')}.`);
  return found;
}

/** A regular expression with a group. */
function pattern(text: string): string {
  let groups: number;
  try {
    groups = (new RegExp(`${text}|`).exec('')?.length ?? 1) - 1;
  } catch (error) {
    throw new InvalidArgumentError(`It is no regular expression: ${(error as Error).message}.`);
  }
  if (groups === 0) throw new InvalidArgumentError('Put the part that is the class in parentheses.');
  return text;
}

/** A size of memory in GiB, as bytes. */
function gibibytes(text: string): number {
  const value = Number(text);
  if (!(value >= 0.25)) throw new InvalidArgumentError('Give a number of GiB, 0.25 or more.');
  return value * 2 ** 30;
}

/** A whole number, 0 or more. */
export function natural(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  }
  return value;
}

/** A whole number, 1 or more. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Give a whole number, 1 or more.');
  return value;
}

/** What a command's help ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  neuron-deletion ${line}\n`).join('')}`;
}
