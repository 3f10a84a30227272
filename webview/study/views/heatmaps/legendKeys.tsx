import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { StudyStore } from '../../../shared/store';
import type { Measure } from './measures';

/** Which of the cell marks occur, so that the legend explains those and no others. */
export interface CellMarks {
  readonly muted: boolean;
  readonly dead: boolean;
  readonly unknown: boolean;
  readonly deleted: boolean;
}

/** Looks for them in a table. */
export function findMarks(store: StudyStore, measure: Measure): CellMarks {
  const table = store.table.value?.table;
  if (table === undefined) return { muted: false, dead: false, unknown: false, deleted: false };
  return {
    muted: table.columns.dead.some((_, row) => measure.muted(table, row)),
    dead: table.columns.dead.includes(1),
    unknown: table.columns[measure.column].some((value) => Number.isNaN(value)),
    deleted: store.deleted.value.size > 0,
  };
}

/** What the shapes of a heatmap's cells mean, those that occur. */
export function LegendKeys({
  measure,
  marks,
}: {
  readonly measure: Measure;
  readonly marks: CellMarks;
}): VNode {
  return (
    <ul class="legend-keys" aria-label={t('Marks')}>
      {marks.muted && <Key kind="muted">{measure.mutedMeans}</Key>}
      {marks.dead && <Key kind="dead">{t('never fires')}</Key>}
      {marks.unknown && <Key kind="unknown">{t('no value')}</Key>}
      {marks.deleted && <Key kind="deleted">{t('deleted')}</Key>}
    </ul>
  );
}

function Key({ kind, children }: { readonly kind: string; readonly children: string }): VNode {
  return (
    <li>
      <span class={`key key-${kind}`} aria-hidden="true" />
      {children}
    </li>
  );
}
