import { useSignalEffect, type ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ColourScale, Domain } from '../../../../src/pictures/colourScale';
import { drawLegend, LEGEND_HEIGHT } from '../../../../src/pictures/heatmap';
import { Busy, Dropdown, IconButton } from '../../../shared/controls';
import { className, count } from '../../../shared/format';
import { paint } from '../../../shared/paint';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ViewProps } from '../../viewProps';
import { exportMatrix } from './exportMatrix';
import { MatrixPicture } from './matrixPicture';
import { MATRIX_VALUES, matrixState, type MatrixState, type MatrixValue, type RowOrder } from './matrixState';
import { matrixTwin } from './matrixTwin';
import { matrixWords, type MatrixWords } from './matrixWords';
import { MEASURE_COLUMNS, measureOf, scaleOf } from './measures';

/** Classes are offered to sort by while their list is short enough to be looked through. */
const SORTABLE_CLASSES = 40;

/** What each unit is to each class: rows units, columns classes. */
export function MatrixFrame({
  view,
  inside,
  limit,
}: {
  readonly view: ViewProps;
  /** 1 for each unit that a filter keeps; null: all. */
  readonly inside: ReadonlySignal<Uint8Array | null>;
  readonly limit: ReadonlySignal<number>;
}): VNode {
  const { store, host, theme, ratio } = view;
  const state = useMemo(() => matrixState(store, host, inside), [store, host, inside]);
  useEffect(() => () => state.stop(), [state]);
  const zoom = useRef<(steps: number | null) => void>(() => undefined);
  const { value, site, order } = state.choices.value;
  const words = matrixWords(value);
  return (
    <PictureFrame
      id="matrix"
      title={words.title}
      explanation={words.explanation}
      controls={<Controls view={view} state={state} zoom={(steps) => zoom.current(steps)} />}
      twin={() => matrixTwin(store, state)}
      exported={() => exportMatrix(store, state)}
      view={view}
    >
      <div class="matrix" data-matrix={value} data-order={order} data-site={site}>
        <div class="matrix-notes">
          <MatrixLegend words={words} state={state} theme={theme} ratio={ratio} />
          <MatrixStatus state={state} view={view} />
        </div>
        {state.empty.value ? (
          <p class="quiet" role="status">
            {words.missing}
          </p>
        ) : (
          <MatrixPicture view={view} state={state} limit={limit} zoomRef={zoom} />
        )}
      </div>
    </PictureFrame>
  );
}

function Controls({
  view,
  state,
  zoom,
}: {
  readonly view: ViewProps;
  readonly state: MatrixState;
  readonly zoom: (steps: number | null) => void;
}): VNode {
  const record = view.store.record.value;
  const { value, site, order } = state.choices.value;
  const classes = record?.classes ?? [];
  const orders: { readonly id: RowOrder; readonly label: string }[] = [
    { id: 'network', label: t('As in the network') },
    { id: 'similar', label: t('Like ones together') },
    ...MEASURE_COLUMNS.map((column) => ({ id: column, label: measureOf(column).title })),
    ...(classes.length > SORTABLE_CLASSES
      ? []
      : classes.map((_, index) => ({
          id: `class ${index}` as const,
          label: t('Class {0}', className(classes, index)),
        }))),
  ];
  return (
    <>
      <Dropdown<MatrixValue>
        label={t('Cells')}
        value={value}
        options={MATRIX_VALUES.map((id) => ({ id, label: matrixWords(id).choice }))}
        onChange={(next) => state.change({ value: next })}
      />
      <Dropdown
        label={t('Site')}
        value={site}
        options={[
          { id: '', label: t('All') },
          ...(record?.sites ?? []).map(({ name }) => ({ id: name, label: name })),
        ]}
        onChange={(next) => state.change({ site: next, row: null })}
      />
      <Dropdown<RowOrder>
        label={t('Rows')}
        value={order}
        options={orders}
        onChange={(next) => state.change({ order: next })}
      />
      <span class="zoom" role="group" aria-label={t('Height of the rows')}>
        <IconButton icon="zoom-out" label={t('Lower rows')} onClick={() => zoom(-2)} />
        <IconButton icon="zoom-in" label={t('Higher rows')} onClick={() => zoom(2)} />
        <IconButton icon="screen-normal" label={t('All rows in view')} onClick={() => zoom(null)} />
      </span>
    </>
  );
}

function MatrixStatus({ state, view }: { readonly state: MatrixState; readonly view: ViewProps }): VNode {
  const shown = state.order.value.rows.length;
  const all = view.store.units.value.length;
  return (
    <p class="quiet matrix-status" role="status">
      {state.clustering.value ? (
        <>
          <Busy label={t('Putting like neurons side by side')} />
          <span>{t('Putting like neurons side by side…')}</span>
        </>
      ) : shown === all ? (
        t('{0} neurons', count(all))
      ) : (
        t('{0} of {1} neurons', count(shown), count(all))
      )}
    </p>
  );
}

const LEGEND_WIDTH = 220;

function MatrixLegend({
  words,
  state,
  theme,
  ratio,
}: {
  readonly words: MatrixWords;
  readonly state: MatrixState;
  readonly theme: ViewProps['theme'];
  readonly ratio: ViewProps['ratio'];
}): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<(scale: ColourScale, domain: Domain, said: MatrixWords) => void>(() => undefined);
  drawn.current = (scale, domain, said) => {
    if (canvas.current === null) return;
    const size = { width: LEGEND_WIDTH, height: LEGEND_HEIGHT };
    paint(canvas.current, size, ratio.value, scale.theme.fontFamily, (surface) => {
      const rect = { x: 0, y: 0, w: size.width, h: size.height };
      drawLegend(surface, rect, scale, domain, said.legend, said.format);
    });
  };
  useSignalEffect(() => {
    const domain = state.domain.value;
    // The words follow from what is chosen.
    drawn.current(scaleOf(domain, theme.value), domain, matrixWords(state.value.value));
  });
  const [low, high] = state.domain.value;
  return (
    <canvas
      class="legend"
      ref={canvas}
      role="img"
      aria-label={t('Colours: {0}, from {1} to {2}', words.legend, words.format(low), words.format(high))}
    />
  );
}
