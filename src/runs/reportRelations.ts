import { judgeRelation, type RelationVerdict } from '../core/measures/reliability';
import { diverging } from '../pictures/colourScale';
import { paperTheme } from '../pictures/theme';
import type { Reliability, RunCorrelations, SiteCorrelations } from '../protocol/correlations';
import type { StoredRun } from '../protocol/engine';
import { html, Markup, NONE, tableMarkup } from './reportMarkup';

/** How the measures are called, in the order they are shown; raw mutual information ranks units the same way. */
const NAMES: Readonly<Record<string, string>> = {
  accuracy_drop: 'Importance (accuracy drop)',
  loss_increase: 'Loss increase',
  max_class_drop: 'Largest class drop',
  selectivity: 'Selectivity',
  mutual_information_corrected: 'Mutual information',
  l1_norm: 'L1 norm of weights',
  mean_activation: 'Mean activation',
  active_fraction: 'Active fraction',
  first_order: 'First-order estimate',
  first_order_abs: 'First-order, absolute',
};

const IMPORTANCE = 'accuracy_drop';

/** The strongest colour of the matrix: figures stay readable on it. */
const DEEPEST = 0.7;

const WORDS: Readonly<Record<RelationVerdict, string>> = {
  positive: 'rises with importance',
  negative: 'falls as importance rises',
  none: 'no relation seen',
  'too few samples': 'too few samples to tell',
  unknown: NONE,
};

const UNKNOWN: Reliability = { halves: null, full: null, low: null, high: null, verdict: 'unknown' };

/** Spearman matrices of all sites, and what they say of importance; nothing where the run has none. */
export function relationsSection({ correlations }: StoredRun): Markup | null {
  if (correlations === undefined) return null;
  return html`<h2>How the measures relate</h2>
    <p>
      ρ is Spearman’s rank correlation over the units of one site: +1 where two measures put the units in the
      same order, −1 in the opposite order, 0 where the one says nothing of the other. Its 95 % interval comes
      from drawing the units anew ${drawsText(correlations)} times. Importance itself is measured on finitely
      many samples: its <i>reliability</i> says how well importance on one half of the samples agrees with
      importance on the other (split-half, Spearman–Brown; 1: perfectly). Where it is below 0.5, a ρ near 0
      does not mean that there is no relation. Among many intervals about one in twenty misses 0 by chance;
      and loss increase and largest class drop come from the same samples as importance, so that chance alone
      draws them a little together with it.
    </p>
    ${correlations.sites.map(siteRelations)}`;
}

function drawsText({ sites }: RunCorrelations): string {
  const [fewest, most] = [Math.min, Math.max].map((end) => end(...sites.map((site) => site.resamples)));
  return fewest === most ? String(most) : `${String(fewest)} to ${String(most)}`;
}

function siteRelations(site: SiteCorrelations): Markup {
  const reliability = site.reliability[IMPORTANCE] ?? UNKNOWN;
  const shown = Object.keys(NAMES)
    .map((name) => site.measures.indexOf(name))
    .filter((at) => at >= 0 && site.pairs[at]![at]! > 0);
  const own = site.measures.indexOf(IMPORTANCE);
  const others = shown.filter((at) => at !== own);
  const units = `${String(site.units)} ${site.units === 1 ? 'unit' : 'units'}`;
  return html`<h3>${site.site}</h3>
    <p>${reliabilityText(reliability)}</p>
    ${own < 0 || others.length === 0 ? null : againstImportance(site, own, others, reliability, units)}
    ${
      shown.length < 2
        ? null
        : html`<details>
            <summary>All measures with each other</summary>
            ${matrix(site, shown)}
          </details>`
    }`;
}

function reliabilityText({ full, low, high, verdict }: Reliability): Markup {
  if (full === null)
    return html`How reliable importance is cannot be told here: there are too few units, or deleting them one
    at a time changed no prediction on one half of the samples.`;
  const interval = low === null || high === null ? '' : ` (${figure(low)} … ${figure(high)})`;
  return verdict === 'reliable'
    ? html`Reliability of importance: <b>${figure(full)}</b>${interval}.`
    : html`Reliability of importance: <b>${figure(full)}</b>${interval}: <b>too few samples to tell</b> which
        units are more important than others.`;
}

/** One line a measure: how it goes with importance, in figures and in words. */
function againstImportance(
  site: SiteCorrelations,
  own: number,
  others: readonly number[],
  reliability: Reliability,
  units: string,
): Markup {
  return tableMarkup(
    `Each measure against importance, over ${units}`,
    [
      ['Measure', 'text'],
      ['ρ', 'figure'],
      ['95 % interval', 'figure'],
      ['Units with both', 'figure'],
      ['In words', 'text'],
    ],
    others.map((at) => {
      const [low, high] = [cellOf(site.low, own, at), cellOf(site.high, own, at)];
      return [
        NAMES[site.measures[at]!]!,
        figure(cellOf(site.rho, own, at)),
        low === null || high === null ? NONE : `${figure(low)} … ${figure(high)}`,
        site.pairs[own]![at]!,
        cellOf(site.rho, at, at) === null ? 'does not vary' : WORDS[judgeRelation(low, high, reliability)],
      ];
    }),
  );
}

function matrix(site: SiteCorrelations, shown: readonly number[]): Markup {
  const colour = diverging(paperTheme);
  const cell = (row: number, column: number): Markup => {
    const rho = cellOf(site.rho, row, column);
    if (rho === null) return html`<td class="figure">${NONE}</td>`;
    const [low, high] = [cellOf(site.low, row, column), cellOf(site.high, row, column)];
    const title = low === null || high === null ? '' : `95 % interval ${figure(low)} … ${figure(high)}`;
    const style = new Markup(` style="background:${colour.colour(DEEPEST * rho)}"`);
    return html`<td class="figure" title="${title}" ${style}>${figure(rho)}</td>`;
  };
  const heads = shown.map((_, k) => html`<th scope="col" class="figure">${k + 1}</th>`);
  const rows = shown.map(
    (row, k) =>
      html`<tr>
        <th scope="row">${k + 1} ${NAMES[site.measures[row]!]!}</th>
        ${shown.map((column) => cell(row, column))}
      </tr>`,
  );
  return html`<div class="wide">
    <table class="matrix">
      <caption>
        Spearman’s ρ of every two measures; columns in the order of the rows, intervals on hovering
      </caption>
      <thead>
        <tr>
          <th scope="col">Measure</th>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function cellOf(matrix: readonly (readonly (number | null)[])[], row: number, column: number): number | null {
  return matrix[row]?.[column] ?? null;
}

/** A correlation with two decimals. */
function figure(value: number | null): string {
  if (value === null) return NONE;
  const text = value.toFixed(2);
  return Number(text) === 0 ? '0.00' : text.replace('-', '−');
}
