import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { drawRecalls, layoutRecalls, recallAt, recallRect, type Recall } from '../../../src/pictures/recalls';
import { movedBy, type Surface } from '../../../src/pictures/surface';
import type { PictureTheme } from '../../../src/pictures/theme';
import type { Evaluation, RunRecord } from '../../../src/protocol/run';
import type { StudyState } from '../../../src/protocol/webview';
import { Button } from '../../shared/controls';
import { fixed, NONE, percent, signed } from '../../shared/format';
import type { Twin } from '../../shared/twin/twin';
import { PictureFrame } from '../frame/pictureFrame';
import type { ViewProps } from '../viewProps';
import { CellCanvas } from './cellCanvas';
import { useLatest } from './latest';

/** Classes that are shown before one asks for all: the most changed, where there are more. */
const SHOWN = 20;
const EXPORTED = 560;
const TITLE = 30;
/** Characters of the longest figure. */
const FIGURE = 14;

/** What share of each class is recognised, before and after. */
export function RecallPicture({
  view,
  state,
  record,
}: {
  readonly view: ViewProps;
  readonly state: StudyState;
  readonly record: RunRecord;
}): VNode {
  const all = useSignal(false);
  const { value, stale } = useLatest(state, (evaluation) => evaluation);
  const nothing = state.deletion.deleted.length === 0;
  const recalls = recallsOf(record, nothing ? null : value);
  const shown = all.value ? recalls : mostChanged(recalls);
  const figure = (recall: Recall): string => figureOf(recall, nothing);
  const title = t('Recall of each class');
  const drawn = { recalls: shown, figure, ticks: [0, 0.5, 1].map((at) => ({ at, text: percent(at, 0) })) };
  const exported = {
    width: EXPORTED,
    height: TITLE + layoutRecalls(shown, EXPORTED, FIGURE).height,
    draw: (surface: Surface, paper: PictureTheme) => {
      const style = {
        colour: paper.foreground,
        size: 14,
        weight: 600,
        align: 'left',
        baseline: 'middle',
      } as const;
      surface.text(title, 8, 18, style);
      const layout = layoutRecalls(shown, EXPORTED, FIGURE);
      drawRecalls(movedBy(surface, 0, TITLE), layout, {
        ...drawn,
        hovered: null,
        focused: null,
        theme: paper,
      });
    },
  };
  return (
    <PictureFrame
      id="recall"
      title={title}
      explanation={t('Share of its samples that are recognised')}
      controls={
        recalls.length > SHOWN && (
          <Button onClick={() => (all.value = !all.value)}>
            {all.value ? t('Most Changed') : t('All {0} Classes', recalls.length)}
          </Button>
        )
      }
      twin={() => recallTwin(recalls)}
      exported={() => exported}
      view={view}
    >
      <CellCanvas
        id="recall"
        label={t('Recall of {0} classes as bars. Arrow keys move.', shown.length)}
        cells={shown.length}
        columns={() => 1}
        layout={(width) => layoutRecalls(shown, width, FIGURE)}
        draw={(surface, layout, marks) =>
          drawRecalls(surface, layout, { ...drawn, ...marks, theme: view.theme.value })
        }
        cellAt={recallAt}
        rectOf={recallRect}
        readout={(row) => readout(shown[row]!, nothing)}
        hint={nothing ? '' : t('Orange is lost, blue is gained; a mark shows where it was')}
        data={(row) => ({ 'data-class': shown[row]!.name, 'data-after': shown[row]!.after ?? '' })}
        stale={stale && !nothing}
        view={view}
      />
    </PictureFrame>
  );
}

function recallsOf({ classes, baseline }: RunRecord, evaluation: Evaluation | null): readonly Recall[] {
  return classes.map((name, c) => {
    const before = (evaluation?.before.recalls ?? baseline.per_class.map(({ recall }) => recall))[c] ?? null;
    return { name, before, after: evaluation === null ? before : (evaluation.recalls[c] ?? null) };
  });
}

function changeOf({ before, after }: Recall): number {
  return before === null || after === null ? NaN : after - before;
}

function mostChanged(recalls: readonly Recall[]): readonly Recall[] {
  if (recalls.length <= SHOWN) return recalls;
  const size = (recall: Recall): number => Math.abs(changeOf(recall)) || 0;
  return recalls.toSorted((a, b) => size(b) - size(a)).slice(0, SHOWN);
}

function figureOf({ before, after }: Recall, nothing: boolean): string {
  if (before === null || after === null) return NONE;
  return nothing ? percent(before, 1) : `${fixed(before * 100, 1)} → ${percent(after, 1)}`;
}

function readout(recall: Recall, nothing: boolean): string {
  const { name, before, after } = recall;
  if (before === null || after === null) return t('{0}: no samples', name);
  if (nothing) return t('{0}: {1}', name, percent(before, 1));
  const change = signed(changeOf(recall) * 100, 1);
  return t('{0}: {1} before, {2} after ({3} points)', name, percent(before, 1), percent(after, 1), change);
}

function recallTwin(recalls: readonly Recall[]): Twin {
  const number = (id: string, label: string, of: (recall: Recall) => number): Twin['columns'][number] => ({
    id,
    label,
    width: 100,
    number: true,
    value: (row) => of(recalls[row]!),
    text: (row) => fixed(of(recalls[row]!) * 100, 2),
  });
  return {
    label: t('Recall of each class'),
    rows: recalls.length,
    columns: [
      { id: 'class', label: t('Class'), width: 110, number: false, value: (row) => recalls[row]!.name },
      number('recall_before', t('Before, %'), ({ before }) => before ?? NaN),
      number('recall_after', t('After, %'), ({ after }) => after ?? NaN),
      number('difference', t('Points'), changeOf),
    ],
  };
}
