import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import {
  confusionCellAt,
  confusionRect,
  confusionScale,
  confusionValues,
  drawConfusion,
  layoutConfusion,
  type Confusion,
  type ConfusionMode,
} from '../../../src/pictures/confusion';
import { drawLegend, LEGEND_HEIGHT } from '../../../src/pictures/heatmap';
import { movedBy } from '../../../src/pictures/surface';
import type { RunRecord } from '../../../src/protocol/run';
import type { StudyState } from '../../../src/protocol/webview';
import { Dropdown } from '../../shared/controls';
import { fixed, percent, samples, signed } from '../../shared/format';
import { keptSignal } from '../../shared/keptSignal';
import type { Twin } from '../../shared/twin/twin';
import { PictureFrame } from '../frame/pictureFrame';
import type { ViewProps } from '../viewProps';
import { CellCanvas } from './cellCanvas';
import { useLatest } from './latest';
import { Later } from './later';

/** Width of the picture in a file. */
const EXPORTED = 560;
const TITLE = 30;

/** Which class is taken for which, before, after, or the difference. */
export function ConfusionPicture({
  view,
  state,
  record,
}: {
  readonly view: ViewProps;
  readonly state: StudyState;
  readonly record: RunRecord;
}): VNode {
  const { host, theme } = view;
  const mode = useMemo(() => keptSignal<ConfusionMode>(host, 'confusion', 'difference'), [host]);
  const { value, stale } = useLatest(state, ({ confusion }) => confusion);
  const { classes } = record;
  const nothing = state.deletion.deleted.length === 0;
  const shown = nothing ? 'before' : mode.value;
  const title = t('Confusion matrix');
  const drawn = value === null ? null : drawing(value, classes, shown);
  const exported = drawn && {
    width: EXPORTED,
    height: TITLE + layoutConfusion(classes, EXPORTED).height + LEGEND_HEIGHT,
    draw: (surface: Parameters<typeof drawConfusion>[0], paper: typeof theme.value) => {
      const layout = layoutConfusion(classes, EXPORTED);
      const head = `${title}: ${modeName(shown)}`;
      surface.text(head, 8, 18, {
        colour: paper.foreground,
        size: 14,
        weight: 600,
        align: 'left',
        baseline: 'middle',
      });
      drawConfusion(movedBy(surface, 0, TITLE), layout, {
        ...drawn,
        hovered: null,
        focused: null,
        theme: paper,
      });
      const legend = { x: layout.left, y: TITLE + layout.height, w: 220, h: LEGEND_HEIGHT };
      const scale = confusionScale(shown, paper);
      drawLegend(surface, legend, scale, drawn.values.domain, legendText(shown), legendNumber(shown));
    },
  };
  return (
    <PictureFrame
      id="confusion"
      title={title}
      explanation={t('How often each class is taken for another')}
      controls={
        !nothing && (
          <Dropdown<ConfusionMode>
            label={t('Show')}
            value={mode.value}
            options={(['difference', 'before', 'after'] as const).map((id) => ({ id, label: modeName(id) }))}
            onChange={(chosen) => (mode.value = chosen)}
          />
        )
      }
      twin={() => confusionTwin(value, classes)}
      exported={() => exported}
      view={view}
    >
      {drawn === null || value === null ? (
        <Later state={state} />
      ) : (
        <CellCanvas
          id="confusion"
          label={t('Confusion matrix of {0} classes, {1}. Arrow keys move.', classes.length, modeName(shown))}
          cells={classes.length ** 2}
          columns={() => classes.length}
          layout={(width) => layoutConfusion(classes, width)}
          draw={(surface, layout, marks) =>
            drawConfusion(surface, layout, { ...drawn, ...marks, theme: theme.value })
          }
          cellAt={confusionCellAt}
          rectOf={confusionRect}
          readout={(at) => readout(value, classes, at, nothing)}
          hint={hint(shown)}
          data={(at) => ({
            'data-true': Math.floor(at / classes.length),
            'data-predicted': at % classes.length,
            'data-before': value.before[at]!,
            'data-after': value.after[at]!,
          })}
          stale={stale && !nothing}
          view={view}
        />
      )}
    </PictureFrame>
  );
}

function drawing(
  value: Confusion,
  classes: readonly string[],
  mode: ConfusionMode,
): Omit<Parameters<typeof drawConfusion>[2], 'theme' | 'hovered' | 'focused'> {
  const values = confusionValues(value, classes.length, mode);
  const number = mode === 'difference' ? signed : fixed;
  return { values, mode, classes, number, axes: { true: t('True'), predicted: t('Predicted') } };
}

function modeName(mode: ConfusionMode): string {
  return { before: t('Before'), after: t('After'), difference: t('Difference') }[mode];
}

function hint(mode: ConfusionMode): string {
  return mode === 'difference'
    ? t('Samples more (orange) or fewer (blue) than before')
    : t('Samples; shaded by their share of the true class');
}

function legendText(mode: ConfusionMode): string {
  return mode === 'difference' ? t('Samples more than before') : t('Share of the true class');
}

function legendNumber(mode: ConfusionMode): (value: number) => string {
  return mode === 'difference' ? (value) => signed(value, 0) : (value) => percent(value, 0);
}

function readout(
  { before, after }: Confusion,
  classes: readonly string[],
  at: number,
  nothing: boolean,
): string {
  const truth = classes[Math.floor(at / classes.length)]!;
  const predicted = classes[at % classes.length]!;
  const [from, to] = [before[at]!, after[at]!];
  if (nothing) return t('{0} taken for {1}: {2} samples', truth, predicted, samples(from));
  return t(
    '{0} taken for {1}: {2} samples before, {3} after ({4})',
    truth,
    predicted,
    samples(from),
    samples(to),
    signed(to - from, Number.isInteger(to) ? 0 : 1),
  );
}

function confusionTwin(value: Confusion | null, classes: readonly string[]): Twin {
  const { before = new Float64Array(), after = before } = value ?? {};
  const row = (at: number): string => classes[Math.floor(at / classes.length)]!;
  const column = (at: number): string => classes[at % classes.length]!;
  const number = (id: string, label: string, of: (at: number) => number): Twin['columns'][number] => ({
    id,
    label,
    width: 90,
    number: true,
    value: of,
    text: (at) => (Number.isInteger(of(at)) ? String(of(at)) : fixed(of(at), 1)),
  });
  return {
    label: t('Confusion matrix'),
    rows: before.length,
    columns: [
      { id: 'true', label: t('True'), width: 90, number: false, value: row },
      { id: 'predicted', label: t('Predicted'), width: 90, number: false, value: column },
      number('before', t('Before'), (at) => before[at]!),
      number('after', t('After'), (at) => after[at]!),
      number('difference', t('Difference'), (at) => after[at]! - before[at]!),
    ],
  };
}
