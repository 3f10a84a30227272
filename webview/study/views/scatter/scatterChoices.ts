import { keptSignal } from '../../../shared/keptSignal';
import type { Signal } from '@preact/signals';
import type { StudyHost } from '../../viewProps';
import { SCATTER_MEASURE, type ScatterMeasureName } from './scatterMeasures';

/** What one plot shows. */
export interface PlotChoice {
  readonly x: ScatterMeasureName;
  readonly y: ScatterMeasureName;
  readonly xLog: boolean;
  readonly yLog: boolean;
}

/** What the user chose in the scatter view. */
export interface ScatterChoices {
  readonly plots: readonly PlotChoice[];
  /** Names of the sites that are not shown. */
  readonly hidden: readonly string[];
  /** One small plot a site. */
  readonly apart: boolean;
}

/** What Morcos et al. (2018) found, and beside it what Zhou et al. (2018) found. */
const INITIAL: ScatterChoices = {
  plots: [
    { x: 'selectivity', y: 'accuracy_drop', xLog: false, yLog: false },
    { x: 'selectivity', y: 'max_class_drop', xLog: false, yLog: false },
  ],
  hidden: [],
  apart: false,
};

/** The choices, kept over a reload; what an earlier version kept and this one does not know is forgotten. */
export function scatterChoices(host: StudyHost): Signal<ScatterChoices> {
  const kept = keptSignal(host, 'scatter', INITIAL);
  const known = ({ x, y }: PlotChoice): boolean => x in SCATTER_MEASURE && y in SCATTER_MEASURE;
  if (kept.value.plots.length !== 2 || !kept.value.plots.every(known)) kept.value = INITIAL;
  return kept;
}

/** The other way round. */
export function swapped({ x, y, xLog, yLog }: PlotChoice): PlotChoice {
  return { x: y, y: x, xLog: yLog, yLog: xLog };
}
