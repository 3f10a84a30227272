import type { StoredRun } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import { mapFigure } from './mapFigure';
import { PICTURES, type PictureName } from './pictureNames';
import { cumulativeFigure, noiseFigure } from './reportCurveFigures';
import { importanceFigure, selectivityFigure } from './reportFigures';
import type { Markup } from './reportMarkup';
import { scatterFigure } from './scatterFigure';

type Drawing = Partial<Readonly<Record<PictureName, () => Markup>>>;

/**
 * A picture of a run as an SVG document.
 * @param name the first that the run has where it is absent
 * @throws Failure when the run has no such picture, with those it has
 */
export function runPicture(run: StoredRun, name?: PictureName): string {
  const drawings = drawingsOf(run);
  const has = PICTURES.filter((one) => drawings[one] !== undefined);
  const chosen = name ?? has[0];
  const draw = chosen === undefined ? undefined : drawings[chosen];
  if (draw !== undefined) return `<?xml version="1.0" encoding="UTF-8"?>\n${draw().text}\n`;
  throw new Failure(
    has.length === 0
      ? `The run ${run.record.id} has no picture: export it as csv, json or html.`
      : `The run ${run.record.id} has no picture ${name!}; it has ${has.join(', ')}.`,
  );
}

function drawingsOf(run: StoredRun): Drawing {
  const { record, experiment } = run;
  const { curves, noise } = record;
  if (experiment === undefined) {
    return {
      importance: () => importanceFigure(run),
      selectivity: () => selectivityFigure(run),
      map: () => mapFigure(run),
      scatter: () => scatterFigure(run),
    };
  }
  if (curves !== undefined && experiment.name === 'curves' && experiment.rows.length > 0) {
    const { rows } = experiment;
    return { curves: () => cumulativeFigure(curves, rows) };
  }
  if (noise !== undefined && noise.summary.length > 0) return { noise: () => noiseFigure(noise) };
  return {};
}
