import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, Checkbox, IconButton } from '../shared/controls';
import { Effect } from '../shared/effect';
import { count, interval, NONE, points, unitName } from '../shared/format';
import type { StudyStore } from '../shared/store';
import type { UnitActions } from './actions';

/** Names shown before the rest is only counted. */
const SHOWN = 6;

/** The bar at the bottom: the selected unit with its switch, and what the deleted ones do together. */
export function Dock({
  store,
  actions,
  selection,
  deletion,
  onRestoreAll,
  onSaveWithout,
}: {
  readonly store: StudyStore;
  readonly actions: UnitActions;
  /** Name the selected unit; the view above does not. */
  readonly selection: boolean;
  /** Say what the deleted ones do together; the view above does not. */
  readonly deletion: boolean;
  readonly onRestoreAll: () => void;
  readonly onSaveWithout: () => void;
}): VNode | null {
  const selected = selection ? store.selected.value : null;
  const deleted = deletion ? [...store.deleted.value] : [];
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => keepClearOf(bar.current));
  if (selected === null && deleted.length === 0) return null;
  return (
    <div class="dock" ref={bar}>
      {selected !== null && <Selection store={store} row={selected} actions={actions} />}
      {deleted.length > 0 && (
        <Deletion
          store={store}
          rows={deleted}
          actions={actions}
          onRestoreAll={onRestoreAll}
          onSaveWithout={onSaveWithout}
        />
      )}
    </div>
  );
}

/** While it is there, what gets the focus is scrolled to above the bar, never beneath it. */
function keepClearOf(bar: HTMLElement | null): (() => void) | undefined {
  if (bar === null) return undefined;
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => (style.scrollPaddingBottom = `${bar.offsetHeight + 8}px`));
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.scrollPaddingBottom = '';
  };
}

function Selection({
  store,
  row,
  actions,
}: {
  readonly store: StudyStore;
  readonly row: number;
  readonly actions: UnitActions;
}): VNode | null {
  const unit = store.units.value[row];
  const columns = store.table.value?.table.columns;
  if (unit === undefined || columns === undefined) return null;
  const drop = columns.accuracy_drop[row] ?? NaN;
  const range = interval(columns.drop_low[row] ?? NaN, columns.drop_high[row] ?? NaN);
  return (
    <div class="dock-row" data-dock="selection">
      <span class="dock-name">{unitName(unit)}</span>
      <span class="dock-text">
        {Number.isFinite(drop) ? t('Importance {0} points', points(drop)) : t('Not measured yet')}
        {range !== NONE && <span class="quiet"> ({range})</span>}
      </span>
      <span class="dock-actions">
        <Checkbox checked={store.deleted.value.has(row)} onToggle={() => actions.toggleDeletion(row)}>
          {t('Delete this neuron')}
        </Checkbox>
        <IconButton icon="close" label={t('Clear the selection')} onClick={() => actions.select(null)} />
      </span>
    </div>
  );
}

function Deletion({
  store,
  rows,
  actions,
  onRestoreAll,
  onSaveWithout,
}: {
  readonly store: StudyStore;
  readonly rows: readonly number[];
  readonly actions: UnitActions;
  readonly onRestoreAll: () => void;
  readonly onSaveWithout: () => void;
}): VNode | null {
  const state = store.state.value;
  const record = store.record.value;
  if (state === null || record === null) return null;
  return (
    <div class="dock-row" data-dock="deletion">
      <span class="dock-name">
        {t(rows.length === 1 ? '{0} neuron deleted' : '{0} neurons deleted', count(rows.length))}
      </span>
      <Effect deletion={state.deletion} classes={record.classes} />
      <ul class="chips">
        {rows.slice(0, SHOWN).map((row) => {
          const unit = store.units.value[row];
          if (unit === undefined) return null;
          return (
            <li key={row}>
              <button
                type="button"
                class="chip"
                title={t('Restore {0}', unitName(unit))}
                onClick={() => actions.toggleDeletion(row)}
              >
                {unitName(unit)}
                <span class="codicon codicon-close" aria-hidden="true" />
              </button>
            </li>
          );
        })}
        {rows.length > SHOWN && <li class="quiet">{t('and {0} more', count(rows.length - SHOWN))}</li>}
      </ul>
      <span class="dock-actions">
        <Button icon="discard" onClick={onRestoreAll}>
          {t('Restore All')}
        </Button>
        <Button icon="save" onClick={onSaveWithout}>
          {t('Save Model Without These…')}
        </Button>
      </span>
    </div>
  );
}
