import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { Button, IconButton } from '../../shared/controls';
import { count } from '../../shared/format';
import type { ViewProps } from '../viewProps';
import { Chooser } from './chooser';
import { NamedSets, neurons } from './namedSets';

/** What is deleted, undo and redo, sets that have a name, and choosing many neurons at once. */
export function DeletionBar(view: ViewProps): VNode | null {
  const { store, host } = view;
  const state = store.state.value;
  const record = store.record.value;
  if (state === null || record === null) return null;
  const { deleted, canUndo, canRedo } = state.deletion;
  return (
    <div class="deletion-bar" role="group" aria-label={t('Deletion')}>
      <div class="deletion-now">
        <IconButton
          icon="discard"
          label={t('Undo (Ctrl+Z)')}
          disabled={!canUndo}
          onClick={() => host.post({ type: 'undo' })}
        />
        <IconButton
          icon="redo"
          label={t('Redo (Ctrl+Shift+Z)')}
          disabled={!canRedo}
          onClick={() => host.post({ type: 'redo' })}
        />
        <span class="deletion-count">
          {t('{0} of {1} deleted', count(deleted.length), neurons(store.units.value.length))}
        </span>
        <Button disabled={deleted.length === 0} onClick={() => host.post({ type: 'restoreAll' })}>
          {t('Restore All')}
        </Button>
        <NamedSets state={state} host={host} />
        <Button
          icon="save"
          disabled={deleted.length === 0}
          title={t('Saves a smaller model without the deleted neurons; this one stays as it is')}
          onClick={() => host.post({ type: 'saveWithout' })}
        >
          {t('Save Model Without These…')}
        </Button>
      </div>
      <Chooser view={view} record={record} />
    </div>
  );
}
