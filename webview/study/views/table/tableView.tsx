import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { Button } from '../../../shared/controls';
import { keptSignal } from '../../../shared/keptSignal';
import { asTsv } from '../../../shared/twin/asTsv';
import { NEW_TWIN, TwinTable, type TwinState } from '../../../shared/twin/twinTable';
import type { ViewProps } from '../../viewProps';
import { unitTwin } from './unitTwin';

/** Most important first: what one opens the table for. */
const INITIAL: TwinState = { ...NEW_TWIN, sort: { column: 'accuracy_drop', descending: true } };

/** Every unit and every figure, and the button that copies all of it. */
export function TableView(view: ViewProps): VNode {
  const { store, host } = view;
  const kept = useMemo(() => keptSignal(host, 'table', INITIAL), [host]);
  const order = useSignal<Int32Array>(new Int32Array());
  const outcome = useSignal('');
  // Its arrays are written in place: the version tells.
  const version = store.table.value?.version;
  const twin = useMemo(() => unitTwin(store), [store, version, store.record.value]);
  const copy = (): void =>
    void navigator.clipboard
      .writeText(asTsv(twin, order.value))
      .then(
        () => (outcome.value = t('Copied')),
        () => (outcome.value = t('Copying was refused')),
      )
      .then(() => setTimeout(() => (outcome.value = ''), 2000));
  return (
    <section class="table-section" aria-label={t('Table of all neurons')}>
      <div class="section-head">
        <h2>{t('All neurons')}</h2>
        <span class="section-note">{t('A click on a column’s name sorts.')}</span>
        <span class="unseen" role="status">
          {outcome.value}
        </span>
        <Button icon="copy" onClick={copy} title={t('Copy all rows, tab-separated, in this order')}>
          {outcome.value === '' ? t('Copy Table') : outcome.value}
        </Button>
      </div>
      <TwinTable twin={twin} view={view} kept={kept} onOrder={(rows) => (order.value = rows)} />
    </section>
  );
}
