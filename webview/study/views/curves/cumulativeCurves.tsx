import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CurveRun } from '../../../../src/protocol/webview';
import { Checkbox, Dropdown } from '../../../shared/controls';
import { count } from '../../../shared/format';
import { keptSignal } from '../../../shared/keptSignal';
import type { ViewProps } from '../../viewProps';
import {
  CUMULATIVE_CHOICES,
  cumulativePlot,
  dataName,
  feasible,
  findCurves,
  optionsOf,
  orderNames,
  type CumulativeChoices,
  type CumulativeOptions,
} from './cumulative';
import { CurvePicture } from './curvePicture';
import { cumulativeTwin } from './curveTwin';
import { PlotOptions } from './plotOptions';

/** Accuracy or loss against the share of neurons deleted. */
export function CumulativeCurves({ view }: { readonly view: ViewProps }): VNode {
  const { host, store } = view;
  const choices = useMemo(() => keptSignal(host, 'cumulative', CUMULATIVE_CHOICES), [host]);
  const runs = useComputed(() => store.state.value?.curves.runs ?? []);
  const found = useComputed(() => findCurves(runs.value));
  const options = useComputed(() => optionsOf(found.value));
  const plot = useComputed(() => cumulativePlot(found.value, feasible(choices.value, options.value)));
  const repeated = plot.value.lines.some(({ repeats }) => repeats.length > 1);
  return (
    <CurvePicture
      view={view}
      id="cumulative-curves"
      title={t('Deleting more and more neurons')}
      explanation={<Explanation runs={runs.value} />}
      options={
        <>
          <Choosers
            choices={feasible(choices.value, options.value)}
            options={options.value}
            onChange={(part) => (choices.value = { ...choices.peek(), ...part })}
          />
          <PlotOptions choices={choices} repeated={repeated} />
        </>
      }
      plot={plot}
      choices={choices}
      twin={() => cumulativeTwin(runs.value)}
    />
  );
}

/** On which samples it was measured; of one run, as others may differ. */
function Explanation({ runs }: { readonly runs: readonly CurveRun[] }): VNode | null {
  const [only, ...others] = runs.filter(({ experiment }) => experiment.name === 'curves');
  const part = only?.record.curves;
  if (part === undefined) return null;
  if (others.length > 0) return <>{t('Each run is measured on its own samples.')}</>;
  return (
    <>
      {part.ranked_on > 0
        ? t(
            'Orders were ranked on one half of the samples ({0}), and all curves measured on the other ({1}).',
            count(part.ranked_on),
            count(part.measured_on),
          )
        : t('Measured on {0} samples.', count(part.measured_on))}
    </>
  );
}

function Choosers({
  choices,
  options,
  onChange,
}: {
  readonly choices: CumulativeChoices;
  readonly options: CumulativeOptions;
  readonly onChange: (part: Partial<CumulativeChoices>) => void;
}): VNode {
  const { without } = choices;
  const names = orderNames();
  return (
    <>
      {options.orders.length > 1 && (
        <span class="curves-orders" role="group" aria-label={t('Orders')}>
          {options.orders.map((order) => (
            <Checkbox
              key={order}
              checked={!without.includes(order)}
              onToggle={(checked) =>
                onChange({
                  without: checked ? without.filter((other) => other !== order) : [...without, order],
                })
              }
            >
              {names[order]}
            </Checkbox>
          ))}
        </span>
      )}
      {options.directions.length > 1 && (
        <Dropdown<CumulativeChoices['direction']>
          label={t('Direction')}
          value={choices.direction}
          options={[
            { id: 'both', label: t('Both') },
            { id: 'ascending', label: t('Least first') },
            { id: 'descending', label: t('Most first') },
          ]}
          onChange={(direction) => onChange({ direction })}
        />
      )}
      {options.sites.length > 1 && (
        <Dropdown
          label={t('Sites')}
          value={choices.sites}
          options={options.sites.map((id) => ({ id, label: sitesLabel(id) }))}
          onChange={(sites) => onChange({ sites })}
        />
      )}
      {options.data.length > 1 && (
        <Dropdown<CumulativeChoices['data']>
          label={t('Data')}
          value={choices.data}
          options={[
            ...options.data.map((id) => ({ id, label: dataName(id) })),
            { id: 'both' as const, label: t('both') },
          ]}
          onChange={(data) => onChange({ data })}
        />
      )}
    </>
  );
}

function sitesLabel(id: string): string {
  if (id === 'together') return t('All together');
  return id === 'each' ? t('Each by itself') : id;
}
