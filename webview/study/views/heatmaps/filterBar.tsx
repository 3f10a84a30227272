import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { Button, IconButton } from '../../../shared/controls';
import { count } from '../../../shared/format';
import { Menu } from '../../../shared/menu';
import type { ViewProps } from '../../viewProps';
import type { HeatmapState } from './heatmapState';
import { measureOf, type MeasureColumn } from './measures';

/** What the ranges keep, and what can be done to it; without ranges, how to make one. */
export function FilterBar({
  view,
  state,
}: {
  readonly view: ViewProps;
  readonly state: HeatmapState;
}): VNode {
  const { store, actions } = view;
  const kept = useComputed(() => state.inside.value?.reduce((sum, one) => sum + one, 0) ?? null);
  const inside = state.inside.value;
  if (inside === null || kept.value === null) {
    return (
      <span class="section-note">
        {t('One cell a neuron. A click selects; a drag along a distribution keeps part of the neurons.')}
      </span>
    );
  }
  const { left, right } = state.choices.value;
  const columns = [...new Set<MeasureColumn>([left, right])].filter(
    (column) => state.rangeOf(column) !== null,
  );
  const rows = (): number[] => [...inside.keys()].filter((row) => inside[row] === 1);
  const first = columns[0]!;
  const largest = (): void => {
    const values = state.values(first);
    const best = rows().reduce((most, row) => (values[row]! > values[most]! ? row : most), rows()[0]!);
    actions.select(best);
  };
  const clear = (): void => columns.forEach((column) => state.setRange(column, null));
  const none = kept.value === 0;
  return (
    <div class="filter-bar" data-filter="">
      <span role="status">
        <strong>
          {kept.value === 1
            ? t('1 of {0} neurons', count(inside.length))
            : t('{0} of {1} neurons', count(kept.value), count(inside.length))}
        </strong>{' '}
        <span class="quiet">{columns.map((column) => rangeText(state, column)).join(' · ')}</span>
      </span>
      <span class="filter-actions">
        <Button
          icon="trash"
          disabled={none}
          onClick={() => actions.setDeletion([...new Set([...store.deleted.peek(), ...rows()])])}
        >
          {kept.value === 1 ? t('Delete This One') : t('Delete These {0}', count(kept.value))}
        </Button>
        {!none && (
          <Menu
            icon="ellipsis"
            label={t('More for these neurons')}
            items={[
              {
                label: t('Select the one with the largest {0}', measureOf(first).title),
                icon: 'target',
                onChoose: largest,
              },
              {
                label: t('Delete these and restore all others'),
                icon: 'filter',
                onChoose: () => actions.setDeletion(rows()),
              },
              {
                label: t('Restore these'),
                icon: 'discard',
                onChoose: () =>
                  actions.setDeletion([...store.deleted.peek()].filter((row) => inside[row] === 0)),
              },
            ]}
          />
        )}
        <IconButton icon="clear-all" label={t('Keep all neurons again')} onClick={clear} />
      </span>
    </div>
  );
}

function rangeText(state: HeatmapState, column: MeasureColumn): string {
  const { title, say } = measureOf(column);
  const [low, high] = state.rangeOf(column) ?? [-Infinity, Infinity];
  if (low === -Infinity) return t('{0}: {1} or less', title, say(high));
  if (high === Infinity) return t('{0}: {1} or more', title, say(low));
  return t('{0}: {1} to {2}', title, say(low), say(high));
}
