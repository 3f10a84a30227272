import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { curveColour } from '../../../../src/pictures/curves';
import { Button, Checkbox } from '../../../shared/controls';
import { count } from '../../../shared/format';
import type { ViewProps } from '../../viewProps';
import { scatterChoices } from './scatterChoices';
import { ScatterFigure } from './scatterFigure';
import { plottedSites, type PlottedSite } from './scatterParts';

/** Any measure against any other: two plots beside each other, the sites in their colours. */
export function ScatterView(view: ViewProps): VNode {
  const { store, host } = view;
  const choices = useMemo(() => scatterChoices(host), [host]);
  const sites = useComputed(() => plottedSites(store.record.value, choices.value));
  const { hidden, apart } = choices.value;
  const several = sites.value.length > 1;
  const toggle = (name: string): void => {
    const rest = hidden.filter((other) => other !== name);
    choices.value = { ...choices.peek(), hidden: rest.length < hidden.length ? rest : [...hidden, name] };
  };
  return (
    <section class="scatter-view" aria-label={t('Scatter plots')}>
      <div class="scatter-head">
        {several && (
          <Legend
            view={view}
            sites={sites.value}
            onToggle={toggle}
            onAll={() => (choices.value = { ...choices.peek(), hidden: [] })}
          />
        )}
        <Keys view={view} />
        {several && (
          <Checkbox checked={apart} onToggle={(next) => (choices.value = { ...choices.peek(), apart: next })}>
            {t('One plot a site')}
          </Checkbox>
        )}
      </div>
      {sites.value.every((site) => !site.shown) ? (
        <p class="quiet">{t('No site is shown: choose one above.')}</p>
      ) : (
        <div class="scatter-figures">
          <ScatterFigure view={view} choices={choices} sites={sites} at={0} />
          <ScatterFigure view={view} choices={choices} sites={sites} at={1} />
        </div>
      )}
      <details class="scatter-help">
        <summary>{t('How to read this')}</summary>
        <p>
          {t(
            'ρ is Spearman’s rank correlation over the neurons of one site: 1 where both measures put them in the same order, −1 in the opposite order, 0 where the one says nothing of the other; then follows its 95 % interval. Up to 0.1 it is called hardly related, up to 0.3 weakly, up to 0.5 clearly, beyond that strongly.',
          )}
        </p>
        <p>
          {t(
            'Importance is itself measured on finitely many samples. Where its two halves agree badly (a reliability below 0.5), a ρ near 0 does not mean that there is no relation. Measures that come from the same samples, such as importance and the largest class drop, are drawn a little together by chance alone.',
          )}
        </p>
      </details>
    </section>
  );
}

/** The sites and their colours; a click takes one out of the plots or brings it back. */
function Legend({
  view,
  sites,
  onToggle,
  onAll,
}: {
  readonly view: ViewProps;
  readonly sites: readonly PlottedSite[];
  readonly onToggle: (name: string) => void;
  readonly onAll: () => void;
}): VNode {
  return (
    <ul class="scatter-legend" aria-label={t('Sites')}>
      {sites.map(({ name, index, units, shown }) => (
        <li key={name}>
          <button
            type="button"
            class="site-toggle"
            aria-pressed={shown}
            title={shown ? t('Hide {0}', name) : t('Show {0}', name)}
            onClick={() => onToggle(name)}
          >
            <span
              class="swatch"
              style={{ [shown ? 'background' : 'borderColor']: curveColour(index, view.theme.value) }}
              aria-hidden="true"
            />
            <span class="site-name">{name}</span> <span class="quiet">{count(units)}</span>
          </button>
        </li>
      ))}
      {sites.some(({ shown }) => !shown) && (
        <li>
          <Button onClick={onAll}>{t('Show All')}</Button>
        </li>
      )}
    </ul>
  );
}

/** What the shapes of the points mean, those that occur. */
function Keys({ view: { store } }: { readonly view: ViewProps }): VNode {
  const columns = store.table.value?.table.columns;
  const noise = columns?.within_noise.includes(1) === true;
  return (
    <ul class="scatter-keys" aria-label={t('Marks')}>
      {noise && (
        <li>
          <span class="point-key point-muted" aria-hidden="true" />
          {t('within noise')}
        </li>
      )}
      {columns?.dead.includes(1) === true && (
        <li>
          <span class="point-key point-dead" aria-hidden="true" />
          {t('never fires')}
        </li>
      )}
      {store.deleted.value.size > 0 && (
        <li>
          <span class="point-key point-deleted" aria-hidden="true" />
          {t('deleted')}
        </li>
      )}
    </ul>
  );
}
