import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { StudyState } from '../../../src/protocol/webview';
import { Button, IconButton, TextField } from '../../shared/controls';
import { count } from '../../shared/format';
import type { StudyHost } from '../viewProps';
import { Popover } from './popover';

/** Saves the deleted neurons under a name, and deletes those of a name again. */
export function NamedSets({ state, host }: { readonly state: StudyState; readonly host: StudyHost }): VNode {
  const typed = useSignal('');
  const { sets, deletion } = state;
  const name = typed.value.trim();
  const possible = name !== '' && deletion.deleted.length > 0;
  const replaces = sets.some((set) => set.name === name);
  const save = (): void => {
    if (!possible) return;
    host.post({ type: 'saveSet', name });
    typed.value = '';
  };
  return (
    <Popover icon="bookmark" text={t('Sets')} label={t('Named sets of neurons')}>
      <div class="set-new">
        <TextField
          label={t('Name for the deleted neurons')}
          value={typed.value}
          onInput={(text) => (typed.value = text)}
          onEnter={save}
        />
        <Button primary disabled={!possible} onClick={save}>
          {replaces ? t('Replace') : t('Save')}
        </Button>
      </div>
      {deletion.deleted.length === 0 && (
        <p class="quiet">{t('Delete some neurons first: then they can be kept under a name.')}</p>
      )}
      {sets.length > 0 && (
        <ul class="set-list" aria-label={t('Named sets of neurons')}>
          {sets.map((set) => (
            <li key={set.name}>
              <button
                type="button"
                class="set-apply"
                title={t('Delete the neurons of {0}, and no others', set.name)}
                onClick={() => host.post({ type: 'setDeletion', units: set.units })}
              >
                <span class="set-name">{set.name}</span>
                <span class="quiet">{neurons(set.units.length)}</span>
              </button>
              <IconButton
                icon="trash"
                label={t('Forget the set {0}', set.name)}
                onClick={() => host.post({ type: 'removeSet', name: set.name })}
              />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

/** How many neurons there are. */
export function neurons(many: number): string {
  return many === 1 ? t('1 neuron') : t('{0} neurons', count(many));
}
