import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useCallback } from 'preact/hooks';
import { classFiguresHeight, drawClassFigures } from '../../../../src/pictures/classFigures';
import { drawHistogram, histogramHeight } from '../../../../src/pictures/histogram';
import { movedBy, type Surface } from '../../../../src/pictures/surface';
import type { PictureTheme } from '../../../../src/pictures/theme';
import type { UnitDetails } from '../../../../src/protocol/details';
import type { InspectorState } from '../../../../src/protocol/webview';
import { unitName } from '../../../shared/format';
import { Drawing } from '../../../shared/unit/drawing';
import { classFigures, fewerClasses, histogramPlot, unitClasses } from '../../../shared/unit/unitPictures';
import type { ExportedPicture } from '../../frame/exportPicture';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ViewProps } from '../../viewProps';
import { classTwin, histogramTwin } from './unitTwins';

const EDGE = 16;
const HEAD = 32;
const WIDTH = 620;

/** What the unit is to each class: mean activation, recall lost, and the weight where it feeds the output. */
export function ClassFrame({
  state,
  details,
  view,
}: {
  readonly state: InspectorState;
  readonly details: UnitDetails | null;
  readonly view: ViewProps;
}): VNode {
  const theme = view.theme.value;
  const height = classFiguresHeight(unitClasses(state, details).length);
  const draw = useCallback(
    (surface: Surface, width: number) =>
      drawClassFigures(surface, { x: 0, y: 0, w: width, h: height }, classFigures(state, details, theme)),
    [state, details, theme, height],
  );
  const title = t('What it is to each class');
  return (
    <PictureFrame
      id="class-means"
      title={title}
      explanation={
        fewerClasses(state, details) ??
        t('Its mean activation on each class, and the points of recall that the class loses without it.')
      }
      twin={() => classTwin(state, details)}
      exported={() =>
        titled(state, title, height, (surface, own) =>
          drawClassFigures(surface, { x: 0, y: 0, w: WIDTH, h: height }, classFigures(state, details, own)),
        )
      }
      view={view}
    >
      <Drawing
        height={height}
        label={t('Mean activation and recall lost, class by class')}
        draw={draw}
        view={view}
        id="class-means"
      />
    </PictureFrame>
  );
}

/** How often the unit has which activation, class by class. */
export function HistogramFrame({
  state,
  details,
  view,
}: {
  readonly state: InspectorState;
  readonly details: UnitDetails;
  readonly view: ViewProps;
}): VNode {
  const theme = view.theme.value;
  const height = histogramHeight(unitClasses(state, details).length);
  const draw = useCallback(
    (surface: Surface, width: number) =>
      drawHistogram(surface, { x: 0, y: 0, w: width, h: height }, histogramPlot(state, details, theme)),
    [state, details, theme, height],
  );
  const title = t('Its activations');
  return (
    <PictureFrame
      id="activations"
      title={title}
      explanation={t(
        'How many samples of each class have which activation; heights are square roots of shares.',
      )}
      twin={() => histogramTwin(state, details)}
      exported={() =>
        titled(state, title, height, (surface, own) =>
          drawHistogram(surface, { x: 0, y: 0, w: WIDTH, h: height }, histogramPlot(state, details, own)),
        )
      }
      view={view}
    >
      <Drawing
        height={height}
        label={t('How often it has which activation, class by class')}
        draw={draw}
        view={view}
        id="histogram"
      />
    </PictureFrame>
  );
}

/** A picture under the unit's name, as it goes into a file. */
function titled(
  state: InspectorState,
  title: string,
  height: number,
  draw: (surface: Surface, theme: PictureTheme) => void,
): ExportedPicture {
  return {
    width: WIDTH + 2 * EDGE,
    height: height + HEAD + 2 * EDGE,
    draw(surface, theme) {
      const style = { align: 'left', baseline: 'middle', size: 15, weight: 600 } as const;
      const text = `${unitName(state.unit)} · ${title}`;
      surface.text(text, EDGE, EDGE + 8, { ...style, colour: theme.foreground });
      draw(movedBy(surface, EDGE, EDGE + HEAD), theme);
    },
  };
}
