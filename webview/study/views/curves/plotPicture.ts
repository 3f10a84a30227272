import { t } from '@vscode/l10n';
import { placeOn, ticksOn, wholeSteps, type Span } from '../../../../src/pictures/curveAxes';
import type { Curve, CurvePlot } from '../../../../src/pictures/curves';
import type { Point } from '../../../../src/pictures/surface';
import type { PictureTheme } from '../../../../src/pictures/theme';
import { fixed, percent } from '../../../shared/format';
import type { Plot, PlotChoices, PlotLine } from './plotLine';

const MOST_TICKS = 6;
/** An axis of accuracies that does not begin at 0 begins at a multiple of it. */
const FINE = 0.05;

/** The values that the vertical axis covers. */
export function spanOf(plot: Plot, shown: readonly PlotLine[], { from }: PlotChoices): Span {
  const values = shown.flatMap(({ points }) => points.map(([, y]) => y));
  if (plot.measure === 'loss') return wholeSteps({ low: 0, high: Math.max(...values, 0) }, MOST_TICKS);
  if (from === 'zero') return { low: 0, high: 1 };
  const low = Math.min(...plot.chances, ...values, 1);
  return { low: Math.floor(low / FINE) * FINE, high: 1 };
}

/** A plot as it is drawn. */
export function asPicture(
  plot: Plot,
  shown: readonly PlotLine[],
  choices: PlotChoices,
  theme: PictureTheme,
  more: { readonly title: string; readonly cursor: number | null },
): CurvePlot {
  const span = spanOf(plot, shown, choices);
  const isLoss = plot.measure === 'loss';
  return {
    ...more,
    curves: shown.map((line) => asCurve(line, plot, choices, span)),
    xLabel: plot.xLabel,
    yLabel: isLoss ? t('loss (nats)') : t('accuracy'),
    xTicks: plot.xTicks,
    yTicks: ticksOn(span, MOST_TICKS, (value, step) =>
      isLoss ? fixed(value, decimalsOf(step)) : percent(value, decimalsOf(100 * step)),
    ),
    levels: plot.chances.map((chance) => ({ at: placeOn(span, chance), text: chanceText(chance) })),
    theme,
  };
}

/** Chance in words. */
export function chanceText(chance: number): string {
  return t('chance: the largest class, {0}', percent(chance, 1));
}

/** The area under a line in words; empty where none is defined. */
export function areaText({ area }: PlotLine): string {
  if (area === null) return '';
  const auc = fixed(area.auc, 3);
  return area.deviation === null ? t('AUC {0}', auc) : t('AUC {0} ± {1}', auc, fixed(area.deviation, 3));
}

function decimalsOf(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

function asCurve(line: PlotLine, plot: Plot, { spread }: PlotChoices, span: Span): Curve {
  const { points, deviation } = line;
  const at = ([x, y]: Point): Point => [x, placeOn(span, y)];
  const run = plot.runs.length > 1 ? plot.runs.find(({ key }) => key === line.run)?.name : undefined;
  const edges = deviation.some((value) => value !== null);
  return {
    name: run === undefined ? line.name : `${run}: ${line.name}`,
    figure: areaText(line),
    points: points.map(at),
    band:
      spread === 'band' && edges
        ? points.map(([, y], i) => {
            const half = deviation[i] ?? 0;
            return [placeOn(span, y - half), placeOn(span, y + half)] as const;
          })
        : null,
    repeats: spread === 'repeats' && line.repeats.length > 1 ? line.repeats.map((each) => each.map(at)) : [],
    colour: line.colour,
    dash: line.dash,
  };
}
