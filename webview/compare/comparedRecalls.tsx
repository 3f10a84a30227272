import { useSignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { drawRecalls, layoutRecalls, recallAt, recallRect, type Recall } from '../../src/pictures/recalls';
import { movedBy, type Surface } from '../../src/pictures/surface';
import type { PictureTheme } from '../../src/pictures/theme';
import type { ComparedRun } from '../../src/protocol/compareState';
import { Button, Dropdown } from '../shared/controls';
import { fixed, NONE, percent, signed } from '../shared/format';
import type { Twin } from '../shared/twin/twin';
import { CellCanvas } from '../study/changes/cellCanvas';
import { PictureFrame } from '../study/frame/pictureFrame';
import { keptSignal } from '../shared/keptSignal';
import type { CompareView, Runs } from './compareView';

/** Two of the runs. */
type Pair = readonly [ComparedRun, ComparedRun];

/** Classes that are shown before one asks for all: those that differ most, where there are more. */
const SHOWN = 20;
const EXPORTED = 560;
const TITLE = 30;
/** Characters of the longest figure. */
const FIGURE = 16;

/** What share of each class two networks recognise; of more, which two is chosen. */
export function ComparedRecalls({
  runs,
  view,
}: {
  readonly runs: Runs;
  readonly view: CompareView;
}): VNode | null {
  const { host } = view;
  const all = useSignal(false);
  const places = useMemo(() => keptSignal(host, 'recalls', { from: 0, to: 1 }), [host]);
  const [from, to] = [runs[places.value.from] ?? runs[0], runs[places.value.to] ?? runs[1]];
  if (from === undefined || to === undefined) return null;
  const pair: Pair = [from, to];
  const recalls = recallsOf(pair);
  const shown = all.value ? recalls : mostApart(recalls);
  const title = t('Recall of each class');
  const drawn = {
    recalls: shown,
    figure: figureOf,
    ticks: [0, 0.5, 1].map((at) => ({ at, text: percent(at, 0) })),
  };
  const exported = {
    width: EXPORTED,
    height: TITLE + layoutRecalls(shown, EXPORTED, FIGURE).height,
    draw: (surface: Surface, paper: PictureTheme) => {
      const style = { colour: paper.foreground, size: 14, weight: 600, align: 'left', baseline: 'middle' } as const; // prettier-ignore
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
      id="recalls"
      title={title}
      explanation={t(
        'From {0} to {1}: orange is less, blue is more; a mark shows the first.',
        pair[0].title,
        pair[1].title,
      )}
      controls={
        <>
          {runs.length > 2 &&
            (['from', 'to'] as const).map((end) => (
              <Dropdown
                key={end}
                label={end === 'from' ? t('From') : t('To')}
                value={String(places.value[end])}
                options={runs.map(({ title }, i) => ({ id: String(i), label: title }))}
                onChange={(id) => (places.value = { ...places.peek(), [end]: Number(id) })}
              />
            ))}
          {recalls.length > SHOWN && (
            <Button onClick={() => (all.value = !all.value)}>
              {all.value ? t('Most Apart') : t('All {0} Classes', recalls.length)}
            </Button>
          )}
        </>
      }
      twin={() => recallTwin(runs)}
      exported={() => exported}
      view={view}
    >
      <CellCanvas
        id="recalls"
        label={t('Recall of {0} classes as bars. Arrow keys move.', shown.length)}
        cells={shown.length}
        columns={() => 1}
        layout={(width) => layoutRecalls(shown, width, FIGURE)}
        draw={(surface, layout, marks) =>
          drawRecalls(surface, layout, { ...drawn, ...marks, theme: view.theme.value })
        }
        cellAt={recallAt}
        rectOf={recallRect}
        readout={(row) => readout(shown[row], pair)}
        hint=""
        data={(row) => ({ 'data-class': shown[row]?.name ?? '', 'data-after': shown[row]?.after ?? '' })}
        stale={false}
        view={view}
      />
    </PictureFrame>
  );
}

/** The recalls of two runs by the name of the class; those that only one has come last. */
export function recallsOf(pair: Pair): readonly Recall[] {
  const [a, b] = pair.map(byClass);
  const names = classesOf(pair);
  const recalls = names.map((name) => ({ name, before: a?.get(name) ?? null, after: b?.get(name) ?? null }));
  const inBoth = ({ before, after }: Recall): boolean => before !== null && after !== null;
  return [...recalls.filter(inBoth), ...recalls.filter((recall) => !inBoth(recall))];
}

function byClass({ record }: ComparedRun): ReadonlyMap<string, number | null> {
  return new Map(record.baseline.per_class.map((of) => [of.class, of.recall]));
}

function classesOf(runs: Runs): string[] {
  return [...new Set(runs.flatMap(({ record }) => record.baseline.per_class.map((of) => of.class)))];
}

function change({ before, after }: Recall): number {
  return before === null || after === null ? NaN : after - before;
}

function mostApart(recalls: readonly Recall[]): readonly Recall[] {
  if (recalls.length <= SHOWN) return recalls;
  const size = (recall: Recall): number => Math.abs(change(recall)) || 0;
  return recalls.toSorted((a, b) => size(b) - size(a)).slice(0, SHOWN);
}

function figureOf({ before, after }: Recall): string {
  if (before === null && after === null) return NONE;
  return `${before === null ? NONE : fixed(before * 100, 1)} → ${after === null ? NONE : percent(after, 1)}`;
}

function readout(recall: Recall | undefined, [first, second]: Pair): string {
  if (recall === undefined) return '';
  const { name, before, after } = recall;
  const [one, other] = [percent(before ?? NaN, 1), percent(after ?? NaN, 1)];
  if (before === null || after === null) {
    return t('{0}: {1} {2}, {3} {4}', name, first.title, one, second.title, other);
  }
  const points = signed(change(recall) * 100, 1);
  return t('{0}: {1} {2}, {3} {4} ({5} points)', name, first.title, one, second.title, other, points);
}

/** The recalls of all runs; of two, their difference. */
function recallTwin(runs: Runs): Twin {
  const names = classesOf(runs);
  const recalls = runs.map(byClass);
  const of = (run: number, row: number): number => recalls[run]?.get(names[row] ?? '') ?? NaN;
  const number = (id: string, label: string, value: (row: number) => number): Twin['columns'][number] => ({
    id,
    label,
    width: 130,
    number: true,
    value,
    text: (row) => fixed(value(row) * 100, 2),
  });
  return {
    label: t('Recall of each class'),
    rows: names.length,
    columns: [
      { id: 'class', label: t('Class'), width: 110, number: false, value: (row) => names[row] ?? '' },
      ...runs.map(({ directory, title }, i) => number(directory, t('{0}, %', title), (row) => of(i, row))),
      ...(runs.length === 2 ? [number('difference', t('Points'), (row) => of(1, row) - of(0, row))] : []),
    ],
  };
}
