import type { OperatorAgreement } from '../core/measures/agreement';
import type { RankCorrelation } from '../core/measures/rankCorrelation';
import { html, NONE, tableMarkup, type Markup } from './reportMarkup';

/** How far operators agree on which units matter; nothing where the study was run under one only. */
export function agreementSection(agreement: readonly OperatorAgreement[]): Markup | null {
  if (agreement.length === 0) return null;
  return html`<h2>How the operators agree</h2>
    <p>
      The same study was run with units clamped to something else. ρ is Spearman’s rank correlation, over the
      units of a site, between what two operators say: near 1 they put the units in the same order.
    </p>
    ${tableMarkup(
      'Agreement of operators, with 95 % bootstrap intervals',
      [
        ['Site', 'text'],
        ['Operators', 'text'],
        ['ρ of importance', 'figure'],
        ['ρ of loss increase', 'figure'],
        ['Units', 'figure'],
      ],
      agreement.map(({ site, operators, accuracy_drop, loss_increase }) => [
        site,
        operators.join(' and '),
        withInterval(accuracy_drop),
        withInterval(loss_increase),
        loss_increase.pairs,
      ]),
    )}`;
}

function withInterval({ rho, low, high }: RankCorrelation): string {
  if (Number.isNaN(rho)) return NONE;
  const figure = (value: number): string => value.toFixed(2).replace('-', '−');
  return Number.isNaN(low) ? figure(rho) : `${figure(rho)} (${figure(low)} … ${figure(high)})`;
}
