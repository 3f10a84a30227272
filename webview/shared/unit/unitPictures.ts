import { t } from '@vscode/l10n';
import { shownClasses, type ClassFigures } from '../../../src/pictures/classFigures';
import type { HistogramPlot } from '../../../src/pictures/histogram';
import type { PictureTheme } from '../../../src/pictures/theme';
import type { UnitDetails } from '../../../src/protocol/details';
import type { InspectorState } from '../../../src/protocol/webview';
import { activation, count, fixed, points } from '../format';

/** Classes drawn at most: more than that are not told apart. */
const MOST_CLASSES = 20;

/** The classes that a unit's pictures show. */
export function unitClasses(
  state: InspectorState,
  details: UnitDetails | null,
): readonly { readonly index: number; readonly name: string }[] {
  return shownClasses(state.classes, details?.class_means ?? state.class_drop, MOST_CLASSES);
}

/** Said where not all classes are shown; null where they are. */
export function fewerClasses(state: InspectorState, details: UnitDetails | null): string | null {
  if (state.classes.length <= MOST_CLASSES) return null;
  return details === null
    ? t('The {0} classes of {1} that lose most.', MOST_CLASSES, count(state.classes.length))
    : t('The {0} classes of {1} it is most active on.', MOST_CLASSES, count(state.classes.length));
}

/** The activation histogram as a picture. */
export function histogramPlot(
  state: InspectorState,
  details: UnitDetails,
  theme: PictureTheme,
): HistogramPlot {
  return {
    ...details.histogram,
    classes: unitClasses(state, details),
    preferred: state.values.preferred_class,
    xLabel: t('Activation, the mean over positions'),
    write: fixed,
    theme,
  };
}

/** Class means and lost recall as a picture; weights to the classes where there are any. */
export function classFigures(
  state: InspectorState,
  details: UnitDetails | null,
  theme: PictureTheme,
): ClassFigures {
  const weights = details?.to_classes ?? null;
  return {
    classes: unitClasses(state, details),
    preferred: state.values.preferred_class,
    columns: [
      ...(details === null
        ? []
        : [
            {
              title: t('Mean activation'),
              values: details.class_means,
              format: activation,
              colours: [0, 0] as const,
            },
          ]),
      { title: t('Recall lost'), values: state.class_drop, format: points, colours: [1, 0] as const },
      ...(weights === null
        ? []
        : [
            {
              title: t('Weight'),
              values: weights,
              format: activation,
              colours: [2, 3] as const,
            },
          ]),
    ],
    theme,
  };
}
