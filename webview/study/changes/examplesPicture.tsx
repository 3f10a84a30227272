import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { drawExamples, exampleAt, exampleRect, layoutExamples, topOf } from '../../../src/pictures/examples';
import { movedBy, type Surface } from '../../../src/pictures/surface';
import type { PictureTheme } from '../../../src/pictures/theme';
import type { Example } from '../../../src/protocol/details';
import type { RunRecord } from '../../../src/protocol/run';
import type { StudyState } from '../../../src/protocol/webview';
import { percent } from '../../shared/format';
import type { Twin } from '../../shared/twin/twin';
import { PictureFrame } from '../frame/pictureFrame';
import type { ViewProps } from '../viewProps';
import { CellCanvas } from './cellCanvas';
import { useLatest } from './latest';
import { Later } from './later';

const EXPORTED = 1000;
const TITLE = 30;

/** Some samples, those that flipped first, with what the network makes of them before and after. */
export function ExamplesPicture({
  view,
  state,
  record,
}: {
  readonly view: ViewProps;
  readonly state: StudyState;
  readonly record: RunRecord;
}): VNode {
  const { value: examples, stale } = useLatest(state, (evaluation) => evaluation.examples);
  const { classes } = record;
  const nothing = state.deletion.deleted.length === 0;
  const title = t('Examples');
  const drawn = {
    examples: examples ?? [],
    classes,
    texts: {
      truth: (name: string) => t('true: {0}', name),
      flip: {
        to_wrong: t('now wrong'),
        to_right: t('now right'),
        none: nothing ? '' : t('as before'),
      },
    },
  };
  const exported = examples && {
    width: EXPORTED,
    height: TITLE + layoutExamples(examples.length, EXPORTED, classes).height,
    draw: (surface: Surface, paper: PictureTheme) => {
      const style = {
        colour: paper.foreground,
        size: 14,
        weight: 600,
        align: 'left',
        baseline: 'middle',
      } as const;
      surface.text(title, 8, 18, style);
      const layout = layoutExamples(examples.length, EXPORTED, classes);
      drawExamples(movedBy(surface, 0, TITLE), layout, {
        ...drawn,
        hovered: null,
        focused: null,
        theme: paper,
      });
    },
  };
  return (
    <PictureFrame
      id="examples"
      title={title}
      explanation={
        nothing
          ? t('What the network makes of some samples')
          : t('Outlined bars before, filled bars after; samples that flipped come first')
      }
      twin={() => examplesTwin(examples ?? [], classes)}
      exported={() => exported}
      view={view}
    >
      {examples === null ? (
        <Later state={state} />
      ) : (
        <CellCanvas
          id="examples"
          label={t('{0} examples. Arrow keys move.', examples.length)}
          cells={examples.length}
          columns={({ columns }) => columns}
          layout={(width) => layoutExamples(examples.length, width, classes)}
          draw={(surface, layout, marks) =>
            drawExamples(surface, layout, { ...drawn, ...marks, theme: view.theme.value })
          }
          cellAt={exampleAt}
          rectOf={exampleRect}
          readout={(at) => readout(examples[at]!, classes, nothing)}
          hint={t('The bar of the true class is blue')}
          data={(at) => ({
            'data-index': examples[at]!.index,
            'data-flip': examples[at]!.flip,
            'data-before': topOf(examples[at]!.before),
            'data-after': topOf(examples[at]!.after),
          })}
          stale={stale}
          view={view}
        />
      )}
    </PictureFrame>
  );
}

function named(classes: readonly string[], c: number): string {
  return classes[c] ?? String(c);
}

function readout(example: Example, classes: readonly string[], nothing: boolean): string {
  const { index, label, before, after, flip } = example;
  const [was, is] = [topOf(before), topOf(after)];
  const said = (probabilities: Float32Array, c: number): string =>
    t('{0} with {1}', named(classes, c), percent(probabilities[c]!, 1));
  if (nothing) return t('Sample {0}, true {1}: {2}', index, named(classes, label), said(before, was));
  const parts = [index, named(classes, label), said(before, was), said(after, is)];
  if (flip === 'to_wrong') return t('Sample {0}, true {1}, now wrong: {2} before, {3} after', ...parts);
  if (flip === 'to_right') return t('Sample {0}, true {1}, now right: {2} before, {3} after', ...parts);
  return t('Sample {0}, true {1}: {2} before, {3} after', ...parts);
}

function examplesTwin(examples: readonly Example[], classes: readonly string[]): Twin {
  const text = (id: string, label: string, of: (example: Example) => string): Twin['columns'][number] => ({
    id,
    label,
    width: 90,
    number: false,
    value: (row) => of(examples[row]!),
  });
  const share = (id: string, label: string, of: (example: Example) => number): Twin['columns'][number] => ({
    id,
    label,
    width: 110,
    number: true,
    value: (row) => of(examples[row]!),
    text: (row) => percent(of(examples[row]!), 1),
  });
  return {
    label: t('Examples'),
    rows: examples.length,
    columns: [
      { id: 'sample', label: t('Sample'), width: 80, number: true, value: (row) => examples[row]!.index },
      text('true', t('True'), ({ label }) => named(classes, label)),
      text('before', t('Before'), ({ before }) => named(classes, topOf(before))),
      text('after', t('After'), ({ after }) => named(classes, topOf(after))),
      text('flip', t('Change'), ({ flip }) => flipName(flip)),
      share('true_before', t('True, before'), ({ before, label }) => before[label] ?? NaN),
      share('true_after', t('True, after'), ({ after, label }) => after[label] ?? NaN),
    ],
  };
}

function flipName(flip: Example['flip']): string {
  return { to_wrong: t('now wrong'), to_right: t('now right'), none: t('as before') }[flip];
}
