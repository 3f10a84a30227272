import type { Command } from 'commander';
import { FIGURES } from '../src/cli/failIf';
import * as fields from '../src/cli/manual/fields';
import { PAGES } from '../src/cli/manual/pages';
import { buildProgram, type Commands } from '../src/cli/program';

type Table = Readonly<Record<string, string>>;

/** What is inside the fields of a command's `--json`, by the path of each. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, Table>>>> = {
  analyze: {
    backend: fields.BACKEND,
    baseline: fields.BASELINE,
    headline: fields.HEADLINE,
    'top[]': fields.TOP_UNIT,
  },
  curves: { curves: fields.CURVES_PART, 'curves.summary[]': fields.CURVE_SUMMARY },
  noise: { noise: fields.NOISE_PART },
  pairs: { pairs: fields.PAIRS_PART },
  prune: { 'sites[]': fields.PRUNED_SITE },
  compare: { 'models[]': fields.COMPARED, verdict: fields.VERDICT },
  experiment: { 'networks[]': fields.NETWORK, 'findings[]': fields.FINDING },
};

/** The tables that commands leave. */
const FILES: Readonly<Record<string, Table>> = {
  'units.csv': fields.UNITS_CSV,
  'curves.csv': fields.CURVES_CSV,
  'noise.csv': fields.NOISE_CSV,
  'pairs.csv': fields.PAIRS_CSV,
  'compare.csv': fields.COMPARED,
  'prune.csv': fields.PRUNE_CSV,
};

/** `docs/command-line.md`, made from the program itself. */
export function commandLinePage(): string {
  let written = '';
  const program = buildProgram('', {} as Commands, {
    cwd: '',
    out: (text) => (written += text),
    err: () => undefined,
    screen: null,
    signal: new AbortController().signal,
  });
  const helpOf = (command: Command): string => {
    written = '';
    command.configureOutput({ ...command.configureOutput(), getOutHelpWidth: () => 80 });
    command.outputHelp();
    return fence('text', written.replace(/^ *-V, --version.*\n/m, ''));
  };
  return [
    '<!-- Made by `npm run docs` from the program itself: do not edit. -->',
    '# The command line',
    'Everything that the extension measures can be had without VS Code: `node dist/cli.js <command>`, or `neuron-deletion <command>` where the package is installed. The texts below are those of `--help`.',
    helpOf(program),
    ...program.commands.flatMap((command) => commandSection(command, helpOf(command))),
    ...jsonSection(),
    ...filesSection(),
    ...continuousSection(),
    '## Shell completion',
    fence(
      'sh',
      'source <(neuron-deletion completion bash)   # zsh likewise\nneuron-deletion completion fish > ~/.config/fish/completions/neuron-deletion.fish',
    ),
    '',
  ].join('\n\n');
}

function commandSection(command: Command, help: string): string[] {
  const name = command.name();
  const json = PAGES[name]?.json;
  const inside = Object.entries(INSIDE[name] ?? {});
  return [
    `## ${name}`,
    help,
    ...(json === undefined
      ? []
      : [`The object that \`${name} --json\` prints on the last line of stdout:`, table('Field', json)]),
    ...inside.flatMap(([path, content]) => [`In \`${path}\`:`, table('Field', content)]),
  ];
}

function jsonSection(): string[] {
  const fixed = (event: string, more: Table): Table => ({ event: `\`${event}\``, ...more });
  return [
    '## JSON lines on stderr',
    'With `--json` every line of stderr is one JSON object, told apart by `event`; stdout has one object on its last line, that of the command. Shares are fractions of 1, losses are in nats, what is not known is `null`, and classes are indices of the output from 0, −1 where undefined.',
    table('Progress', fixed('progress', fields.PROGRESS)),
    table('Estimate (experiment)', fixed('estimate', fields.ESTIMATE)),
    table('Log (with --verbose)', fixed('log', { level: 'info, warn or error', text: 'what happened' })),
    table(
      'Error',
      fixed('error', { message: 'what is wrong and what to do, one sentence; the exit code follows' }),
    ),
    'Lines that do not begin with `{` are not ours: native TensorFlow may write notices when it is loaded.',
  ];
}

function filesSection(): string[] {
  return [
    '## Columns of the files',
    'What was not computed is empty, never 0. Rows come by site in the order of computation, then by neuron. Drops are fractions of 1 (0.01 is one point).',
    ...Object.entries(FILES).flatMap(([name, columns]) => [`### ${name}`, table('Column', columns)]),
    '### networks.csv',
    'The fields of `networks[]` above that are figures or names, then a column for each of its measures.',
    '### class_means.csv',
    'site, unit, and class_mean_0 … : the mean activation of the neuron on the samples of each class.',
  ];
}

function continuousSection(): string[] {
  return [
    '## In continuous integration',
    '`--fail-if` ends `analyze` or `curves` with exit code 1 where a figure is beyond a bound, after everything has been written:',
    table('Figure', FIGURES),
    'A GitHub Actions job that fails when one neuron alone costs more than five points of accuracy, and keeps the report. `NEURON_DELETION` is where the extension’s package has been unpacked (a VSIX is a zip file):',
    fence(
      'yaml',
      [
        'jobs:',
        '  neurons:',
        '    runs-on: ubuntu-latest',
        '    env: { NEURON_DELETION: tools/neuron-deletion/extension }',
        '    steps:',
        '      - uses: actions/checkout@v4',
        '      - uses: actions/setup-node@v4',
        '        with: { node-version: 22 }',
        '      - name: Delete every neuron in turn',
        '        run: >',
        '          node "$NEURON_DELETION/dist/cli.js" analyze model/model.json',
        '          --data data/test.npz --samples 2000 --out run',
        '          --fail-if "max_drop > 0.05" --fail-if "accuracy < 0.97"',
        '      - name: Write the report',
        '        if: always()',
        '        run: node "$NEURON_DELETION/dist/cli.js" export run --format html --out report.html',
        '      - uses: actions/upload-artifact@v4',
        '        if: always()',
        '        with: { name: neurons, path: report.html }',
      ].join('\n'),
    ),
  ];
}

function table(head: string, rows: Table): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = Object.entries(rows).map(([name, what]) => `| \`${name}\` | ${cell(what)} |`);
  return [`| ${head} | |`, '| --- | --- |', ...lines].join('\n');
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}
