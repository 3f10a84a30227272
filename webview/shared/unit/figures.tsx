import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { UnitColumn } from '../../../src/protocol/units';
import type { InspectorState } from '../../../src/protocol/webview';
import { activation, className, count, fixed, nats, NONE, percent, points, samples } from '../format';

interface Figure {
  readonly name: string;
  readonly value: string;
  /** The measure it is ranked by; null where a rank means nothing. */
  readonly column: UnitColumn | null;
}

/** What deleting the unit does, as a list of figures with their ranks. */
export function ImportanceFigures({ state }: { readonly state: InspectorState }): VNode {
  const { values, classes } = state;
  const loss = (value: number): string => (Number.isFinite(value) ? t('{0} nats', nats(value, true)) : NONE);
  const worst = className(classes, values.max_class);
  const drop = points(values.max_class_drop);
  return (
    <Figures
      state={state}
      figures={[
        { name: t('Importance, points'), value: points(values.accuracy_drop), column: 'accuracy_drop' },
        { name: t('Newly wrong'), value: samples(values.flips_to_wrong), column: 'flips_to_wrong' },
        { name: t('Newly right'), value: samples(values.flips_to_right), column: 'flips_to_right' },
        { name: t('Loss increase'), value: loss(values.loss_increase), column: 'loss_increase' },
        {
          name: t('Largest class drop, points'),
          value: worst === NONE || drop === NONE ? drop : t('{0} ({1})', drop, worst),
          column: 'max_class_drop',
        },
        { name: t('First-order estimate'), value: loss(values.first_order), column: 'first_order' },
        {
          name: t('Measured on'),
          value: state.provisional
            ? t('{0} of {1} samples', count(values.n), count(state.baseline.samples))
            : t('{0} samples', count(values.n)),
          column: null,
        },
      ]}
    />
  );
}

/** What the unit responds to, in the same way. */
export function ResponseFigures({ state }: { readonly state: InspectorState }): VNode {
  const { values } = state;
  const information = values.mutual_information_corrected;
  return (
    <>
      <Figures
        state={state}
        figures={[
          {
            name: t('Preferred class'),
            value: className(state.classes, values.preferred_class),
            column: null,
          },
          { name: t('Selectivity'), value: fixed(values.selectivity, 3), column: 'selectivity' },
          {
            name: t('Mutual information'),
            value: Number.isFinite(information) ? t('{0} bits', fixed(information, 3)) : NONE,
            column: 'mutual_information_corrected',
          },
          {
            name: t('Mean activation'),
            value: activation(values.mean_activation),
            column: 'mean_activation',
          },
          { name: t('Active on'), value: percent(values.active_fraction, 1), column: 'active_fraction' },
          { name: t('L1 norm of its weights'), value: activation(values.l1_norm), column: 'l1_norm' },
        ]}
      />
      {values.selectivity_valid === 0 && (
        <p class="remark">
          {t('Its activations go below 0, so the selectivity index is not meaningful here.')}
        </p>
      )}
    </>
  );
}

function Figures({
  state,
  figures,
}: {
  readonly state: InspectorState;
  readonly figures: readonly Figure[];
}): VNode {
  return (
    <dl class="pairs">
      {figures.map(({ name, value, column }) => {
        const rank = column === null ? NaN : state.ranks[column];
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            <dd class="rank" title={rankText(state, rank)}>
              {Number.isNaN(rank) ? '' : `> ${percent(rank, 0)}`}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A rank among the site, in words; empty where there is none. */
export function rankText({ siteUnits, unit }: InspectorState, rank: number): string {
  return Number.isNaN(rank)
    ? ''
    : t('More than {0} of the {1} neurons of {2}', percent(rank, 0), count(siteUnits), unit.site);
}

/** What the last column of the figures says. */
export function RanksNote({ state }: { readonly state: InspectorState }): VNode {
  return (
    <p class="quiet ranks-note">
      {t('“> 90 %”: more than 90 % of the {0} neurons of {1}.', count(state.siteUnits), state.unit.site)}
    </p>
  );
}
