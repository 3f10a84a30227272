import type { PairRow } from '../protocol/curves';
import type { StoredRun } from '../protocol/engine';
import { cumulativeFigures, noiseFigure, orderText } from './reportCurveFigures';
import { count, decimal, html, NONE, percent, points, tableMarkup, type Markup } from './reportMarkup';

/** Pairs shown at each end. */
const PAIRS_SHOWN = 10;

/** What a run of curves, noise or pairs found, in a sentence. */
export function experimentHeadline({ record, experiment }: StoredRun): string {
  const random = record.curves?.summary.find((line) => line.order === 'random') ?? record.curves?.summary[0];
  if (random !== undefined) {
    const half =
      random.half_fraction === null
        ? 'It never falls half way to chance.'
        : `With ${percent(random.half_fraction, 0)} of the units gone it is half way from ${percent(random.baseline_accuracy, 1)} down to chance.`;
    const share = random.auc_relative === null ? '' : ` (relative ${decimal(random.auc_relative, 2)})`;
    const order =
      random.order === 'random'
        ? `random order (mean of ${random.repeats})`
        : `the order of ${orderText(random)}`;
    return `Units deleted together in ${order}: the area under the accuracy curve is ${decimal(random.auc, 3)}${share}. ${half}`;
  }
  const { noise } = record;
  if (noise !== undefined) {
    const half = noise.chance + (record.baseline.accuracy - noise.chance) / 2;
    const first = noise.summary.find(({ accuracy }) => accuracy <= half);
    return first === undefined
      ? 'No noise that was tried brings the network half way down to chance.'
      : `Noise of ${decimal(first.scale, 2)} standard deviations in every unit brings the network to ${percent(first.accuracy, 1)}, from ${percent(record.baseline.accuracy, 1)}.`;
  }
  const [strongest] = experiment?.name === 'pairs' ? bySynergy(experiment.rows) : [];
  return strongest === undefined
    ? 'Nothing has been measured yet.'
    : `The pair that backs each other up most: ${pairName(strongest)}; together they raise the loss by ${decimal(strongest.synergy)} nats more than the two alone.`;
}

/** Pictures and tables of a run of curves, noise or pairs. */
export function experimentSections(run: StoredRun): Markup {
  const { record, experiment } = run;
  if (record.curves !== undefined && experiment?.name === 'curves') return curvesSection(run);
  if (record.noise !== undefined) return noiseSection(run);
  return experiment?.name === 'pairs' ? pairsSection(run, experiment.rows) : html``;
}

function curvesSection({ record, experiment }: StoredRun): Markup {
  const part = record.curves;
  if (part === undefined || experiment?.name !== 'curves') return html``;
  const figures = cumulativeFigures(part, experiment.rows).map(
    (picture) => html`<figure>${picture}</figure>`,
  );
  const measured =
    part.ranked_on > 0
      ? `Orders were ranked on one class-stratified half of the samples (${count(part.ranked_on)}); every curve was measured on the other (${count(part.measured_on)}).`
      : `Every curve was measured on all ${count(part.measured_on)} samples.`;
  const many = new Set(part.summary.map(({ sites }) => sites)).size > 1;
  const training =
    part.train_measured_on === null
      ? ''
      : ` On the training data every curve was measured on ${count(part.train_measured_on)} samples, none of which was ranked on.`;
  return html`<h2>Cumulative ablation</h2>
    ${figures}
    <p>
      More and more units are deleted together (operator <code>${record.spec.operator}</code>). Bands: mean ±
      one standard deviation over random orderings. ${measured}${training}
    </p>
    ${tableMarkup(
      'Areas under the curves',
      [
        ['Order', 'text'],
        ['Data', 'text'],
        ...(many ? [['Sites', 'text'] as const] : []),
        ['AUC', 'figure'],
        ['sd', 'figure'],
        ['AUC / baseline', 'figure'],
        ['(AUC − c) / (A − c)', 'figure'],
        ['Half way at', 'figure'],
      ],
      part.summary.map((line) => [
        orderText(line),
        line.data,
        ...(many ? [line.sites] : []),
        decimal(line.auc),
        decimal(line.auc_sd),
        decimal(line.auc_share, 3),
        decimal(line.auc_relative, 3),
        line.half_fraction === null ? NONE : percent(line.half_fraction, 1),
      ]),
    )}
    <p>
      A is the accuracy before any deletion, c the share of the largest class: with every unit deleted the
      network always gives the same answer. “Half way” is where the mean curve first reaches c + (A − c)/2.
    </p>`;
}

function noiseSection({ record }: StoredRun): Markup {
  const { noise } = record;
  if (noise === undefined) return html``;
  return html`<h2>Noise in every unit</h2>
    <figure>${noise.summary.length === 0 ? null : noiseFigure(noise)}</figure>
    <p>
      N(0, (s·σ)²) was added to every element of every unit of all sites at once, σ being the unit’s own
      standard deviation in the clean network. Band: mean ± one standard deviation over the repeats.
    </p>
    ${tableMarkup(
      `Means over ${noise.options.repeats} repeats`,
      [
        ['Noise (σ)', 'figure'],
        ['Accuracy', 'figure'],
        ['sd (points)', 'figure'],
        ['Loss (nats)', 'figure'],
      ],
      noise.summary.map(({ scale, accuracy, accuracy_sd, loss }) => [
        decimal(scale, 3),
        percent(accuracy),
        points(accuracy_sd ?? NaN),
        decimal(loss),
      ]),
    )}`;
}

function pairsSection({ record }: StoredRun, rows: readonly PairRow[]): Markup {
  const sorted = bySynergy(rows);
  const backing = sorted.filter(({ synergy }) => synergy > 0).slice(0, PAIRS_SHOWN);
  const overlapping = sorted
    .filter(({ synergy }) => synergy < 0)
    .toReversed()
    .slice(0, PAIRS_SHOWN);
  return html`<h2>Pairs of units</h2>
    <p>
      The ${count(record.pairs?.units.length ?? 0)} units whose deletion raises the mean loss most, deleted
      alone and two at a time (operator <code>${record.spec.operator}</code>): synergy is what both raise the
      loss by, less what each does alone.
    </p>
    ${pairsTable('Back each other up: together worse than the sum', backing)}
    ${pairsTable('Overlap: together not as bad as the sum', overlapping)}`;
}

function pairsTable(caption: string, rows: readonly PairRow[]): Markup {
  return tableMarkup(
    caption,
    [
      ['Pair', 'text'],
      ['First (nats)', 'figure'],
      ['Second (nats)', 'figure'],
      ['Both (nats)', 'figure'],
      ['Synergy (nats)', 'figure'],
    ],
    rows.map((row) => [
      pairName(row),
      decimal(row.loss_increase_a),
      decimal(row.loss_increase_b),
      decimal(row.loss_increase_both),
      decimal(row.synergy),
    ]),
  );
}

function pairName({ site_a, unit_a, site_b, unit_b }: PairRow): string {
  return `${site_a}\u00a0#${unit_a} and ${site_b}\u00a0#${unit_b}`;
}

function bySynergy(rows: readonly PairRow[]): PairRow[] {
  return rows.toSorted((a, b) => b.synergy - a.synergy);
}
