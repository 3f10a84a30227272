import type { Point } from '../../../../src/pictures/surface';
import type { MeanLine } from '../../../../src/protocol/meanCurves';

/** One line of a plot, in its own units; x from 0 to 1 along the axis. */
export interface PlotLine {
  /** Tells it from the others, also after a reload. */
  readonly key: string;
  /** The run it is of. */
  readonly run: string;
  readonly name: string;
  /** Area under it; null where none is defined. */
  readonly area: {
    readonly auc: number;
    readonly deviation: number | null;
    readonly relative: number | null;
  } | null;
  readonly points: readonly Point[];
  /** At each point; null where there is one repeat. */
  readonly deviation: readonly (number | null)[];
  readonly repeats: readonly (readonly Point[])[];
  readonly colour: number;
  readonly dash: number;
}

/** The mean of a line and its repeats as points over `places`. */
export function pointsOver(
  places: readonly number[],
  line: MeanLine,
): Pick<PlotLine, 'points' | 'deviation' | 'repeats'> {
  const over = (values: readonly number[]): Point[] => values.map((value, i) => [places[i]!, value]);
  return { points: over(line.mean), deviation: line.deviation, repeats: line.repeats.map(over) };
}

/** What all lines of a plot share. */
export interface Plot {
  /** Runs in the order of the legend. */
  readonly runs: readonly { readonly key: string; readonly name: string }[];
  /** By run. */
  readonly lines: readonly PlotLine[];
  /** Accuracies of always naming the largest class, each once; none where it does not apply. */
  readonly chances: readonly number[];
  readonly measure: Measure;
  readonly xLabel: string;
  readonly xTicks: readonly { readonly at: number; readonly text: string }[];
  /** A place on the horizontal axis in words: `35 % deleted`. */
  readonly place: (x: number) => string;
}

/** What is shown against deletion or noise. */
export type Measure = 'accuracy' | 'loss';

/** How the spread over repeats is shown. */
export type Spread = 'band' | 'repeats' | 'none';

/** Where the vertical axis begins. */
export type From = 'zero' | 'chance';

/** What both plots let a user choose. */
export interface PlotChoices {
  readonly measure: Measure;
  readonly spread: Spread;
  readonly from: From;
  /** Keys of lines switched off in the legend. */
  readonly hidden: readonly string[];
  /** Where the lines are read, 0 … 1. */
  readonly at: number;
}

export const PLOT_CHOICES: PlotChoices = {
  measure: 'accuracy',
  spread: 'band',
  from: 'zero',
  hidden: [],
  at: 0.5,
};
