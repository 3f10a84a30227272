import type { Command } from 'commander';
import { wrap } from '../figures';

/** Columns of a terminal. */
const WIDTH = 80;

/** Groups of commands, in the order in which help lists them. */
export const GROUPS = {
  measure: 'Measure a network:',
  several: 'Several networks:',
  results: 'Runs:',
  machine: 'Models and machine:',
} as const;

/** Groups of options that many commands take; the others stand under `Options`. */
const OPTION_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Model and data:': [
    ...['--data', '--labels', '--label-column', '--label-pattern', '--class-names', '--resize', '--input'],
    ...['--output', '--topology', '--scale', '--samples', '--spec'],
    ...['--train-data', '--train-labels', '--test-data', '--test-labels'],
  ],
  'Machine:': ['--backend', '--memory-limit'],
  'General:': ['--json', '--verbose'],
};

/** What the manual says of a command beyond its grammar. */
export interface Page {
  readonly group: keyof typeof GROUPS;
  /** What it does and how, after its one-line description. */
  readonly about: string;
  /** Files it leaves, and what each holds. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of the object that `--json` prints on the last line of stdout: its fields. Absent where there is no `--json`. */
  readonly json?: Readonly<Record<string, string>>;
  /** What interrupting leaves. */
  readonly interrupted?: string;
  readonly seeAlso: readonly string[];
}

/** Puts the manual's pages into the help of the commands. */
export function addManual(program: Command, pages: Readonly<Record<string, Page>>): void {
  program.commandsGroup(GROUPS.machine);
  for (const command of program.commands) {
    for (const option of command.options) {
      const [group] =
        Object.entries(OPTION_GROUPS).find(([, names]) => names.includes(option.long ?? '')) ?? [];
      option.helpGroup(group ?? 'Options:');
    }
    const page = pages[command.name()];
    if (page === undefined) continue;
    const short = command.description();
    command
      .helpGroup(GROUPS[page.group])
      .summary(short)
      .description(`${short} ${page.about}`)
      .addHelpText('after', () => afterText(command, page));
  }
  program.addHelpText(
    'after',
    [
      '',
      'A study is a model and labelled data: give both, or write them into',
      '<model>.neuron-deletion.json once. Commands that measure leave a run directory,',
      'which export, agreement and the VS Code extension read.',
      '',
      'Begin with:',
      '  neuron-deletion inspect model.json',
      '  neuron-deletion analyze model.json --data test.npz',
      '',
      'neuron-deletion <command> --help says more of each; docs/command-line.md has it',
      'all, with the columns of the files and the fields of --json.',
    ].join('\n'),
  );
}

function afterText(command: Command, { files, json, interrupted, seeAlso }: Page): string {
  const fails = command.options.some(({ long }) => long === '--fail-if');
  return [
    ...(files === undefined ? [] : ['Files:', ...listed(Object.entries(files)), '']),
    ...(json === undefined
      ? []
      : [wrap(`With --json the last line of stdout has: ${Object.keys(json).join(', ')}.`), '']),
    'Exit codes:',
    ...listed([
      ['0', 'done'],
      ['1', 'an error: what is wrong and what to do, in one sentence on stderr'],
      ...(fails ? [['1', 'also where a --fail-if holds, after everything is written'] as const] : []),
      ['2', 'wrong use of the command line'],
      ...(interrupted === undefined ? [] : [['130', `interrupted; ${interrupted}`] as const]),
    ]),
    '',
    `See also: ${seeAlso.join(', ')}`,
  ].join('\n');
}

/** Names with what they are, in two columns. */
function listed(entries: readonly (readonly [name: string, what: string])[]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  const indent = ' '.repeat(width + 4);
  return entries.map(([name, what]) => {
    const text = wrap(what, '', WIDTH - indent.length).replaceAll('\n', `\n${indent}`);
    return `  ${name.padEnd(width)}  ${text}`;
  });
}
