import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Button } from '../shared/controls';
import { plural } from '../shared/format';
import { asTsv } from './columns';
import { sortUnits } from './sorting';
import { UnitTableView, type UnitTableProps } from './unitTable';

/** The table with its title and the button that copies all of it. */
export function TableSection({ store, sort, actions, initialTop, onSort, onScroll }: UnitTableProps): VNode {
  /** What came of copying; empty again after a while. */
  const outcome = useSignal<'' | 'Copied' | 'Copying was refused'>('');
  const copy = (): void => {
    const table = store.table.value?.table;
    const classes = store.record.value?.classes;
    if (table === undefined || classes === undefined) return;
    const text = asTsv(table, sortUnits(table, store.units.value, sort.value), classes);
    void navigator.clipboard
      .writeText(text)
      .then(
        () => (outcome.value = 'Copied'),
        () => (outcome.value = 'Copying was refused'),
      )
      .then(() => setTimeout(() => (outcome.value = ''), 2000));
  };
  return (
    <section class="table-section" aria-label="Table of all neurons">
      <div class="section-head">
        <h2>All neurons</h2>
        <span class="section-note">
          {plural(store.units.value.length, 'row')}; a click on a column's name sorts
        </span>
        <span class="unseen" role="status">
          {outcome.value}
        </span>
        <Button
          icon={outcome.value === 'Copied' ? 'check' : 'copy'}
          onClick={copy}
          title="Copy all rows, tab-separated, in this order"
        >
          {outcome.value || 'Copy Table'}
        </Button>
      </div>
      <UnitTableView
        store={store}
        sort={sort}
        actions={actions}
        initialTop={initialTop}
        onSort={onSort}
        onScroll={onScroll}
      />
    </section>
  );
}
