import { observed, trainingFindings } from '../src/runs/trainingFindings';
import { TRAINING_EXPERIMENTS, type TrainingExperiment } from '../src/protocol/training';
import { experimentFigures, type ExperimentFigure } from '../src/runs/experimentFigures';
import { seedsText, WHAT } from '../src/runs/experimentMethod';
import { EXPERIMENT_TITLES } from '../src/runs/experimentReport';
import { publishedFigures, relationFigures, settingsFigures, type Table } from '../src/runs/experimentTables';
import { findingsHeadline, holdsText } from '../src/runs/findingsText';
import type { TrainingDirectory } from '../src/runs/trainingDirectory';

/** Seeds a setting; batch norm compares two settings only (issue 7: four or more). */
export function seedsOf(experiment: TrainingExperiment): number {
  return experiment === 'batchnorm' ? 4 : 3;
}

/** What the page is made from: each experiment that was run, at least in part. */
export type FoundExperiments = ReadonlyMap<TrainingExperiment, TrainingDirectory>;

/** `findings.md`, and the pictures beside it by their path from it. */
export interface FindingsPage {
  readonly text: string;
  readonly pictures: ReadonlyMap<string, string>;
}

/** The page of all experiments with its pictures: everything on it comes from what was measured. */
export function findingsPage(found: FoundExperiments): FindingsPage {
  const pictures = new Map<string, string>();
  const sections = TRAINING_EXPERIMENTS.map((experiment) => {
    const loaded = found.get(experiment);
    if (loaded === undefined) return missing(experiment);
    const figures = experimentFigures(loaded);
    for (const figure of figures) pictures.set(pathOf(experiment, figure), figure.picture.text);
    return section(loaded, figures);
  });
  return { text: `${[head(found), ...sections].join('\n\n')}\n`, pictures };
}

function pathOf(experiment: TrainingExperiment, figure: ExperimentFigure): string {
  return `findings/${experiment}-${figure.name}.svg`;
}

function head(found: FoundExperiments): string {
  const loaded = [...found.values()];
  const isQuick = loaded.some(({ record }) => record.options.quick);
  const seconds = loaded.reduce((sum, { record }) => sum + record.seconds, 0);
  return [
    '# Findings',
    '',
    '<!-- Made by `npm run findings`. Do not edit: it is written anew. -->',
    '',
    'What the paper on neuron deletion claims (Morcos, Barrett, Rabinowitz, Botvinick, *On the importance of single directions for generalization*, ICLR 2018), held against small networks that this extension trained and measured on its own sample: handwritten digits from MNIST, of which it has 10,000. Where something differs from the paper it says so; where too little was measured to tell, it says that. Figures of the paper that are marked as recalled were not looked up again.',
    ...(isQuick
      ? ['', '**This page comes from `--quick`: it shows that everything works, nothing else.**']
      : []),
    '',
    'Everything below, pictures and tables, was made by one command:',
    '',
    '```sh',
    'npm run findings',
    '```',
    '',
    table({
      caption: '',
      headings: [
        ['Experiment', 'text'],
        ['Networks', 'figure'],
        ['Seeds', 'figure'],
        ['Expectations', 'figure'],
        ['hold', 'figure'],
        ['do not', 'figure'],
        ['cannot be told', 'figure'],
        ['Minutes', 'figure'],
      ],
      rows: TRAINING_EXPERIMENTS.map((experiment) => summary(experiment, found.get(experiment))),
    }),
    '',
    `Computing took ${minutes(seconds)} minutes in all: all sessions added up, whatever else the machine was doing. Intervals are at 95 %, over networks from different seeds; the standard deviation over random orderings is of one network and stands apart.`,
    '',
    '## Where it differs from the paper',
    '',
    ...differences(found),
  ].join('\n');
}

/** Every claim that does not hold here, with what was measured instead. */
function differences(found: FoundExperiments): string[] {
  const lines = [...found].flatMap(([experiment, { networks }]) =>
    trainingFindings(experiment, networks)
      .filter(({ holds }) => holds === false)
      .map(({ claim, measured }) => `- [${experiment}](#${experiment}): ${claim} Here: ${measured}`),
  );
  return lines.length === 0 ? ['Nothing that could be told differs.'] : lines;
}

function summary(experiment: TrainingExperiment, loaded: TrainingDirectory | undefined): string[] {
  const link = `[${experiment}](#${experiment})`;
  if (loaded === undefined) return [link, 'not run', '', '', '', '', '', ''];
  const findings = trainingFindings(experiment, loaded.networks);
  const count = (holds: boolean | null): string =>
    String(findings.filter((finding) => finding.holds === holds).length);
  const { estimate, options, seconds } = loaded.record;
  return [
    link,
    String(estimate.networks),
    String(options.seeds),
    String(findings.length),
    count(true),
    count(false),
    count(null),
    minutes(seconds),
  ];
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}

function missing(experiment: TrainingExperiment): string {
  return [
    ...heading(experiment),
    'Not run yet. This runs it and writes this page anew:',
    '',
    ...command(experiment),
  ].join('\n');
}

function heading(experiment: TrainingExperiment): string[] {
  return [`## ${experiment}`, '', `**${EXPERIMENT_TITLES[experiment]}.** ${WHAT[experiment]}`, ''];
}

function command(experiment: TrainingExperiment): string[] {
  return ['```sh', `npm run findings -- --only ${experiment}`, '```'];
}

function section(loaded: TrainingDirectory, figures: readonly ExperimentFigure[]): string {
  const { record } = loaded;
  const { experiment } = record.options;
  const networks = loaded.networks.map(observed);
  const findings = trainingFindings(experiment, loaded.networks);
  const tables = [
    settingsFigures(experiment, networks),
    publishedFigures(experiment, networks),
    relationFigures(experiment, networks),
  ].filter((one) => one !== null);
  return [
    ...heading(experiment),
    ...shortfalls(loaded),
    findingsHeadline(findings),
    '',
    table({
      caption: '',
      headings: [
        ['The paper', 'text'],
        ['Expected here', 'text'],
        ['Measured', 'text'],
        ['Holds', 'text'],
      ],
      rows: findings.map(({ claim, expected, measured, holds }) => [
        claim,
        expected,
        measured,
        holds === false ? '**no**' : holdsText(holds),
      ]),
    }),
    ...figures.flatMap((figure) => [
      '',
      `![${figure.heading}](${pathOf(experiment, figure)})`,
      '',
      `*${figure.heading}.* ${figure.caption}`,
    ]),
    ...tables.flatMap((one) => ['', `${one.caption}.`, '', table(one)]),
    '',
    provenance(loaded),
  ].join('\n');
}

/** What is missing, in a paragraph each. */
function shortfalls({ record, networks }: TrainingDirectory): string[] {
  const { experiment, seeds } = record.options;
  const usual = seedsOf(experiment);
  const texts = [
    ...(record.status === 'complete'
      ? []
      : [
          `**Not finished**: ${String(networks.length)} networks are measured so far. \`npm run findings -- --only ${experiment}\` goes on.`,
        ]),
    ...(seeds < usual
      ? [
          `**Fewer networks than usual**: ${String(seeds)} a setting instead of ${String(usual)}. \`npm run findings -- --only ${experiment}\` without \`--seeds\` measures all, after \`.cache/findings/${experiment}\` is deleted.`,
        ]
      : []),
  ];
  return texts.flatMap((text) => [text, '']);
}

function provenance({ record }: TrainingDirectory): string {
  const { backend, data, finished, options, seconds, started, versions } = record;
  const native = backend.tensorflow === null ? '' : ` (TensorFlow ${backend.tensorflow})`;
  return [
    `Trained on ${String(data.train_samples)} images and tested on ${String(data.test_samples)}, ${String(data.classes)} classes; data sha256 \`${data.sha256}\`.`,
    `Seeds ${seedsText(options)}. ${backend.name}${native}, ${String(backend.threads)} threads;`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    `${(finished ?? started).slice(0, 10)}, ${minutes(seconds)} minutes.`,
  ].join(' ');
}

/** A table in Markdown. */
function table({ headings, rows }: Table): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(headings.map(([text]) => text)),
    `| ${headings.map(([, align]) => (align === 'figure' ? '---:' : '---')).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}
