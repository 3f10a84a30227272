import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { Dropdown, IconButton } from '../../../shared/controls';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ViewProps } from '../../viewProps';
import { unitTwin } from '../table/unitTwin';
import { CELL_SIDES } from './cellSize';
import { exportUnits } from './exportGrids';
import { FilterBar } from './filterBar';
import { heatmapState, type CellOrder } from './heatmapState';
import { MatrixFrame } from './matrixFrame';
import { MEASURE_COLUMNS, measureOf, type MeasureColumn } from './measures';
import { UnitPicture } from './unitPicture';

/** Two measures of all units side by side, and what each unit is to each class. */
export function HeatmapsView(view: ViewProps): VNode {
  const { store, host } = view;
  const state = useMemo(() => heatmapState(store, host), [store, host]);
  const limit = useSignal(windowLimit());
  const shownCell = useMemo(() => ({ value: 0 }), []);
  useLayoutEffect(() => {
    const follow = (): void => void (limit.value = windowLimit());
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, [limit]);
  const zoom = useMemo(
    () =>
      (direction: 1 | -1 | 0): void => {
        const now = shownCell.value;
        const next =
          direction === 1 ? CELL_SIDES.find((side) => side > now) : CELL_SIDES.findLast((side) => side < now);
        state.change({ cell: direction === 0 ? null : (next ?? now) });
      },
    [shownCell, state],
  );
  const { choices } = state;
  const measures = MEASURE_COLUMNS.map((column) => ({ id: column, label: measureOf(column).title }));
  return (
    <section class="pictures-section" aria-label={t('Heatmaps')}>
      <div class="section-head">
        <FilterBar view={view} state={state} />
        <span class="section-controls">
          <Dropdown<CellOrder>
            label={t('Order')}
            value={choices.value.order}
            options={[{ id: 'network', label: t('As in the network') }, ...measures]}
            onChange={(order) => state.change({ order })}
          />
          <span class="zoom" role="group" aria-label={t('Size of the cells')}>
            <IconButton icon="zoom-out" label={t('Smaller cells')} onClick={() => zoom(-1)} />
            <IconButton icon="zoom-in" label={t('Larger cells')} onClick={() => zoom(1)} />
            <IconButton
              icon="screen-normal"
              label={t('Cells at their normal size')}
              onClick={() => zoom(0)}
            />
          </span>
        </span>
      </div>
      <div class="pictures">
        {(['left', 'right'] as const).map((side) => {
          const measure = measureOf(choices.value[side]);
          return (
            <PictureFrame
              key={side}
              id={side === 'left' ? 'heatmap-1' : 'heatmap-2'}
              title={measure.title}
              explanation={measure.explanation}
              controls={
                <Dropdown<MeasureColumn>
                  label={t('Measure')}
                  value={choices.value[side]}
                  options={measures}
                  onChange={(column) => state.change({ [side]: column })}
                />
              }
              twin={() => unitTwin(store)}
              exported={() => exportUnits(store, state, measure)}
              view={view}
            >
              <UnitPicture
                key={measure.column}
                view={view}
                state={state}
                measure={measure}
                id={side}
                limit={limit}
                shownCell={shownCell}
                onZoom={zoom}
              />
            </PictureFrame>
          );
        })}
      </div>
      <MatrixFrame view={view} inside={state.inside} limit={limit} />
    </section>
  );
}

/** Height that a picture's window may take of the panel. */
function windowLimit(): number {
  return Math.round(Math.min(760, Math.max(240, window.innerHeight * 0.62)));
}
