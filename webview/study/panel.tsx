import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PictureTheme } from '../../src/pictures/theme';
import { Busy, IconButton } from '../shared/controls';
import type { StudyStore } from '../shared/store';
import { unitActions, type StudyHost } from './actions';
import { Banners } from './banners';
import { CELL_SIDES } from './cellSize';
import { Details } from './details';
import { Dock } from './dock';
import { Header } from './header';
import { Heatmap } from './heatmap';
import { MEASURES } from './measures';
import { RunStatus, Waiting } from './progress';
import { TableSection } from './tableSection';

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
  const cell = useSignal(host.view.cell);
  const shownCell = useSignal(0);
  const sort = useSignal(host.view.sort);
  const details = useSignal(host.view.details);
  const actions = useMemo(() => unitActions(store, host), [store, host]);
  const zoom = useMemo(
    () =>
      (direction: 1 | -1 | 0): void => {
        const now = shownCell.peek();
        const next =
          direction === 1 ? CELL_SIDES.find((side) => side > now) : CELL_SIDES.findLast((side) => side < now);
        cell.value = direction === 0 ? null : (next ?? now);
        host.saveView({ cell: cell.value });
      },
    [cell, shownCell, host],
  );

  const state = store.state.value;
  if (state === null) {
    return (
      <div class="opening">
        <Busy label="Opening the study" />
      </div>
    );
  }
  const drawable = state.record !== null && store.table.value !== null;
  return (
    <main class="panel">
      <Header state={state} onExport={() => host.post({ type: 'exportReport' })} />
      {state.record !== null && (
        <Details
          record={state.record}
          open={details.value}
          onToggle={(open) => {
            details.value = open;
            host.saveView({ details: open });
          }}
        />
      )}
      <Banners
        state={state}
        onShowLog={() => host.post({ type: 'showLog' })}
        onSetUpNative={() => host.post({ type: 'setUpNative' })}
      />
      <RunStatus
        state={state}
        onCancel={() => host.post({ type: 'cancel' })}
        onResume={() => host.post({ type: 'resume' })}
      />
      {!drawable && <Waiting state={state} />}
      {drawable && (
        <section class="pictures-section" aria-label="Pictures">
          <div class="section-head">
            <span class="section-note">One cell a neuron, in the order of the network. A click selects.</span>
            <span class="zoom" role="group" aria-label="Size of the cells">
              <IconButton icon="zoom-out" label="Smaller cells" onClick={() => zoom(-1)} />
              <IconButton icon="zoom-in" label="Larger cells" onClick={() => zoom(1)} />
              <IconButton icon="screen-normal" label="Cells at their normal size" onClick={() => zoom(0)} />
            </span>
          </div>
          <div class="pictures">
            {MEASURES.map((measure) => (
              <Heatmap
                key={measure.column}
                store={store}
                measure={measure}
                theme={theme}
                ratio={ratio}
                cell={cell}
                shownCell={shownCell}
                actions={actions}
                onZoom={zoom}
              />
            ))}
          </div>
        </section>
      )}
      {drawable && (
        <TableSection
          store={store}
          sort={sort}
          actions={actions}
          initialTop={host.view.tableTop}
          onSort={(next) => {
            sort.value = next;
            host.saveView({ sort: next });
          }}
          onScroll={(tableTop) => host.saveView({ tableTop })}
        />
      )}
      <Dock store={store} actions={actions} onRestoreAll={() => host.post({ type: 'restoreAll' })} />
    </main>
  );
}
