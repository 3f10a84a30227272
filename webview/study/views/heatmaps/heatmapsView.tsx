import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { IconButton } from '../../../shared/controls';
import { keptSignal } from '../../../shared/keptSignal';
import type { ViewProps } from '../../viewProps';
import { CELL_SIDES } from './cellSize';
import { Heatmap } from './heatmap';
import { MEASURES } from './measures';

/** Importance and selectivity of all units. */
export function HeatmapsView({ store, host, actions, theme, ratio }: ViewProps): VNode {
  const kept = useMemo(() => keptSignal(host, 'heatmaps', { cell: null as number | null }), [host]);
  const cell = useSignal(kept.value.cell);
  const shownCell = useSignal(0);
  const zoom = useMemo(
    () =>
      (direction: 1 | -1 | 0): void => {
        const now = shownCell.peek();
        const next =
          direction === 1 ? CELL_SIDES.find((side) => side > now) : CELL_SIDES.findLast((side) => side < now);
        cell.value = direction === 0 ? null : (next ?? now);
        kept.value = { ...kept.peek(), cell: cell.value };
      },
    [cell, shownCell, kept],
  );
  return (
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
  );
}
