import type { ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PictureTheme } from '../../src/pictures/theme';
import { Busy } from '../shared/controls';
import { keptSignal } from '../shared/keptSignal';
import type { StudyStore } from '../shared/store';
import { Tabs } from '../shared/tabs';
import { unitActions } from './actions';
import { Banners } from './banners';
import { useUndoKeys } from './changes/undoKeys';
import { Details } from './details';
import { Dock } from './dock';
import { Header } from './header';
import { isExperiment, NotMeasured } from './notMeasured';
import { RunStatus, Waiting } from './progress';
import { VIEW_NAMES, viewLabels, VIEWS, type ViewName } from './views';
import type { StudyHost } from './viewProps';

/** The whole study panel. */
export function Panel({
  store,
  host,
  theme,
  ratio,
}: {
  readonly store: StudyStore;
  readonly host: StudyHost;
  readonly theme: ReadonlySignal<PictureTheme>;
  readonly ratio: ReadonlySignal<number>;
}): VNode {
  const details = useMemo(() => keptSignal(host, 'details', false), [host]);
  const shown = useMemo(() => keptSignal<ViewName | null>(host, 'tab', null), [host]);
  const actions = useMemo(() => unitActions(store, host), [store, host]);
  useUndoKeys(host);
  const state = store.state.value;
  if (state === null) {
    return (
      <div class="opening">
        <Busy label={t('Opening the study')} />
      </div>
    );
  }
  const drawable = state.record !== null && store.table.value !== null;
  const labels = viewLabels();
  const together = state.record !== null && isExperiment(state.record);
  const view = shown.value ?? (together ? 'curves' : 'map');
  const Shown = VIEWS[view];
  return (
    <main class="panel">
      <Header state={state} onExport={(format) => host.post({ type: 'exportRun', format })} />
      <Banners
        state={state}
        onShowLog={() => host.post({ type: 'showLog' })}
        onSetUpNative={() => host.post({ type: 'setUpNative' })}
      />
      <div class="run-row">
        <RunStatus
          state={state}
          onCancel={() => host.post({ type: 'cancel' })}
          onResume={() => host.post({ type: 'resume' })}
        />
        {state.record !== null && (
          <Details record={state.record} open={details.value} onToggle={(open) => (details.value = open)} />
        )}
      </div>
      {!drawable && <Waiting state={state} />}
      {drawable && (
        <Tabs
          label={t('Views')}
          tabs={VIEW_NAMES.map((id) => ({ id, label: labels[id] }))}
          shown={view}
          onShow={(id) => (shown.value = id)}
        >
          {together && view !== 'curves' ? (
            <NotMeasured onShowCurves={() => (shown.value = 'curves')} />
          ) : (
            <Shown store={store} host={host} actions={actions} theme={theme} ratio={ratio} />
          )}
        </Tabs>
      )}
      <Dock
        store={store}
        actions={actions}
        selection={view !== 'unit'}
        deletion={view !== 'map'}
        onRestoreAll={() => host.post({ type: 'restoreAll' })}
        onSaveWithout={() => host.post({ type: 'saveWithout' })}
      />
    </main>
  );
}
