import { valueAt } from '../core/findings/readLine';
import { figuresOf, settingsOf, aucOf, type ObservedNetwork } from '../core/findings/observedNetwork';
import { PUBLISHED, PUBLISHED_SOURCE } from '../core/findings/publishedBaseline';
import { layerRelations } from '../core/findings/selectivity';
import { fixed, meanRhoText, meanText } from '../core/findings/words';
import { meanAndDeviation } from '../protocol/meanCurves';
import type { TrainingExperiment, TrainingFinding } from '../protocol/training';
import { settingText } from './experimentSettings';
import { holdsText } from './findingsText';
import { decimal, html, NONE, percent, tableMarkup, type Heading, type Markup } from './reportMarkup';

/** A table as it is shown, on a page or in a text. */
export interface Table {
  readonly caption: string;
  readonly headings: readonly Heading[];
  readonly rows: readonly (readonly string[])[];
}

const NAMES: Readonly<Record<string, string>> = {
  selectivity: 'Mean selectivity',
  mutual_information: 'Mean information, bits',
  accuracy_drop: 'importance',
  loss_increase: 'loss increase',
  max_class_drop: 'largest class drop',
  mutual_information_corrected: 'mutual information',
  l1_norm: 'L1 norm of weights',
  first_order: 'first-order estimate',
  first_order_abs: 'first-order, absolute',
};

/** Claims with what was expected and measured; one under another where the page is narrow. */
export function findingsTable(findings: readonly TrainingFinding[]): Markup {
  const heads = ['Claim', 'Expected', 'Measured', 'Holds'].map((text) => html`<th scope="col">${text}</th>`);
  const rows = findings.map(
    ({ claim, expected, measured, holds }) =>
      html`<tr>
        <th scope="row">${claim}</th>
        <td data-of="Expected">${expected}</td>
        <td data-of="Measured">${measured}</td>
        <td data-of="Holds"><b>${holdsText(holds)}</b></td>
      </tr> `,
  );
  return html`<table class="findings">
    <caption>
      What the paper claims, what it leads one to expect here, and what was measured
    </caption>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanAndDeviation(values).mean;
}

/** A line a setting, over its networks. */
export function settingsFigures(experiment: TrainingExperiment, networks: readonly ObservedNetwork[]): Table {
  const measures = [...new Set(networks.flatMap(({ trained }) => Object.keys(trained.measures)))].filter(
    (name) => name === 'selectivity' || name === 'mutual_information',
  );
  return {
    caption:
      'Means over the networks of each setting that are not left out; AUC with its 95 % interval over networks, and apart from that the standard deviation over the orderings of one network',
    headings: [
      ['Setting', 'text'],
      ['Networks', 'figure'],
      ['Left out', 'figure'],
      ['Training accuracy', 'figure'],
      ['Test accuracy', 'figure'],
      ['AUC', 'figure'],
      ['sd over orderings', 'figure'],
      ['Relative AUC', 'figure'],
      ...measures.map((name): Heading => [NAMES[name]!, 'figure']),
    ],
    rows: settingsOf(networks).map((setting) => {
      const of = (figure: (network: ObservedNetwork) => number | null | undefined): number | null =>
        mean(figuresOf(setting, figure));
      const areas = figuresOf(setting, aucOf);
      return [
        settingText(experiment, setting.name),
        String(setting.included.length),
        String(setting.networks.length - setting.included.length),
        percent(of(({ trained }) => trained.train_accuracy)),
        percent(of(({ trained }) => trained.test_accuracy)),
        areas.length === 0 ? NONE : meanText(areas),
        decimal(
          of(({ trained }) => trained.auc_sd),
          3,
        ),
        decimal(
          of(({ trained }) => trained.auc_relative),
          3,
        ),
        ...measures.map((name) =>
          decimal(
            of(({ trained }) => trained.measures[name]),
            3,
          ),
        ),
      ];
    }),
  };
}

/** Areas and accuracies beside the published replication's, for the experiment on corrupted labels; else null. */
export function publishedFigures(
  experiment: TrainingExperiment,
  networks: readonly ObservedNetwork[],
): Table | null {
  if (experiment !== 'memorization') return null;
  const settings = settingsOf(networks);
  const pair = (ours: number | null, theirs: number): string => `${decimal(ours, 3)} / ${fixed(theirs)}`;
  return {
    caption: `Ours / published (${PUBLISHED_SOURCE}). Fewer images and another optimiser: the order is what compares, not the digits`,
    headings: [
      ['Corrupted', 'text'],
      ['AUC', 'figure'],
      ['sd over orderings', 'figure'],
      ['10 % deleted', 'figure'],
      ['50 % deleted', 'figure'],
      ['noise 0.37', 'figure'],
      ['noise 0.85', 'figure'],
    ],
    rows: PUBLISHED.flatMap((line) => {
      const setting = settings.find(({ name }) => Number(name) === line.corrupted);
      if (setting === undefined) return [];
      const of = (figure: (network: ObservedNetwork) => number | null | undefined): number | null =>
        mean(figuresOf(setting, figure));
      const deleted = (share: number): number | null =>
        of(({ curve }) => (curve === null ? null : valueAt(curve.fractions, curve.accuracy.mean, share)));
      const noisy = (scale: number): number | null =>
        of(({ noise }) => (noise === null ? null : valueAt(noise.scales, noise.accuracy.mean, scale)));
      return [
        [
          settingText(experiment, setting.name),
          pair(of(aucOf), line.auc),
          pair(
            of(({ trained }) => trained.auc_sd),
            line.auc_sd,
          ),
          pair(deleted(0.1), line.tenth),
          pair(deleted(0.5), line.half),
          pair(noisy(0.37), line.noise37),
          pair(noisy(0.85), line.noise85),
        ],
      ];
    }),
  };
}

/** How damage goes with what is told without deleting, layer by layer; null where units were not measured. */
export function relationFigures(
  experiment: TrainingExperiment,
  networks: readonly ObservedNetwork[],
): Table | null {
  if (experiment === 'batchnorm' || experiment === 'operators') return null;
  const known = networks.filter(({ relations }) => relations !== null);
  if (known.length === 0) return null;
  const damages = ['accuracy_drop', 'loss_increase', 'max_class_drop'];
  const measures =
    experiment === 'selectivity'
      ? ['selectivity', 'mutual_information_corrected', 'l1_norm', 'first_order', 'first_order_abs']
      : ['selectivity'];
  const settings = settingsOf(known);
  const named = settings.length > 1;
  const rows = settings.flatMap(({ name, included }) =>
    measures.flatMap((measure) => {
      const columns = damages.map((damage) => layerRelations(included, damage, measure));
      return columns[0]!.map(({ layer, reliability }, place) => [
        ...(named ? [settingText(experiment, name)] : []),
        layer,
        NAMES[measure] === 'Mean selectivity' ? 'selectivity' : NAMES[measure]!,
        ...columns.map((column) => meanRhoText(column[place]!.rhos)),
        decimal(reliability, 2),
      ]);
    }),
  );
  return {
    caption:
      'Spearman’s ρ over the units of a layer, mean over networks with its 95 % interval; beside it how reliable importance itself is (split-half, Spearman–Brown; below 0.5 there are too few samples to tell)',
    headings: [
      ...(named ? [['Setting', 'text'] as const] : []),
      ['Layer', 'text'],
      ['Measure', 'text'],
      ...damages.map((damage): Heading => [`ρ with ${NAMES[damage]!}`, 'figure']),
      ['Reliability', 'figure'],
    ],
    rows,
  };
}

/** A line a network. */
function networkFigures(experiment: TrainingExperiment, networks: readonly ObservedNetwork[]): Table {
  return {
    caption: 'Every network; intervals between networks come from these lines',
    headings: [
      ['Network', 'text'],
      ['Setting', 'text'],
      ['Seed', 'figure'],
      ['Epochs', 'figure'],
      ['Training accuracy', 'figure'],
      ['Test accuracy', 'figure'],
      ['AUC', 'figure'],
      ['sd over orderings', 'figure'],
      ['Left out', 'text'],
    ],
    rows: networks.map(({ trained }) => [
      trained.network,
      settingText(experiment, trained.setting),
      String(trained.seed),
      String(trained.epochs),
      percent(trained.train_accuracy),
      percent(trained.test_accuracy),
      decimal(trained.auc, 3),
      decimal(trained.auc_sd, 3),
      trained.left_out ?? '',
    ]),
  };
}

function shown({ caption, headings, rows }: Table): Markup {
  return tableMarkup(caption, headings, rows);
}

/** {@link settingsFigures} on a page. */
export function settingsTable(experiment: TrainingExperiment, networks: readonly ObservedNetwork[]): Markup {
  return shown(settingsFigures(experiment, networks));
}

/** {@link publishedFigures} on a page. */
export function publishedTable(
  experiment: TrainingExperiment,
  networks: readonly ObservedNetwork[],
): Markup | null {
  const table = publishedFigures(experiment, networks);
  return table === null || table.rows.length === 0
    ? null
    : html`<h2>Beside a published replication</h2>
        ${shown(table)}`;
}

/** {@link relationFigures} on a page. */
export function relationsTable(
  experiment: TrainingExperiment,
  networks: readonly ObservedNetwork[],
): Markup | null {
  const table = relationFigures(experiment, networks);
  return table === null
    ? null
    : html`<h2>How the measures relate</h2>
        ${shown(table)}`;
}

/** All networks, folded where there are many. */
export function networksTable(experiment: TrainingExperiment, networks: readonly ObservedNetwork[]): Markup {
  const table = shown(networkFigures(experiment, networks));
  return html`<h2>Every network in figures</h2>
    ${
      networks.length <= 24
        ? table
        : html`<details>
            <summary>All ${networks.length}</summary>
            ${table}
          </details>`
    }`;
}
