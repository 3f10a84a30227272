import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../shared/controls';
import { count } from '../../shared/format';
import type { ViewProps } from '../viewProps';
import { deleteAll, restoreAll, type Taking } from './takenUnits';

const GAP = 6;

/** What to do with the units that were taken, at the rectangle that took them. */
export function TakeBar({
  view,
  model,
  size,
  onDone,
}: {
  readonly view: ViewProps;
  readonly model: Taking;
  /** The picture's, which it stands in. */
  readonly size: () => { readonly width: number; readonly height: number };
  /** Told when the bar goes: the picture takes the focus back. */
  readonly onDone: () => void;
}): VNode | null {
  const bar = useRef<HTMLDivElement>(null);
  const taken = model.dragging.value ? null : model.taken.value;
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null || taken === null) return;
    const { width, height } = size();
    const { x, y, w, h } = taken.rect;
    const room = width - element.offsetWidth;
    const below = y + h + GAP;
    const top = below + element.offsetHeight <= height ? below : y - GAP - element.offsetHeight;
    element.style.left = `${Math.max(0, Math.min(room, x + w / 2 - element.offsetWidth / 2))}px`;
    element.style.top = `${Math.max(0, top)}px`;
  });
  if (taken === null || taken.rows.length === 0) return null;
  const gone = view.store.deleted.value;
  const deleted = taken.rows.reduce((sum, row) => sum + (gone.has(row) ? 1 : 0), 0);
  const left = taken.rows.length - deleted;
  const done = (act: () => void) => () => {
    act();
    model.taken.value = null;
    onDone();
  };
  return (
    <div
      class="take-bar"
      ref={bar}
      role="group"
      aria-label={t('The neurons taken')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        done(() => undefined)();
      }}
    >
      <Button primary icon="trash" disabled={left === 0} onClick={done(() => deleteAll(view, taken.rows))}>
        {t('Delete {0}', count(left))}
      </Button>
      {deleted > 0 && (
        <Button icon="discard" onClick={done(() => restoreAll(view, taken.rows))}>
          {t('Restore {0}', count(deleted))}
        </Button>
      )}
      <Button onClick={done(() => undefined)}>{t('Cancel')}</Button>
    </div>
  );
}
