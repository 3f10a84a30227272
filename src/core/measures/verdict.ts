import type { ComparedRobustness, Verdict } from '../../protocol/compare';
import { meanAndDeviation } from '../../protocol/meanCurves';
import { welchInterval } from './welch';

/** Relative AUCs closer than this are called alike, however sure the difference is. */
export const LEAST_DIFFERENCE = 0.02;

const LIMITS =
  'This is a comparison of these files on this data, not a proof: width, depth and training move the curve, too.';

/**
 * Says in words which of some models withstands deletion better (science.md, finding 2). Whatever order they come in,
 * it says the same.
 * @param models two or more, each with two orderings or more where it is better than chance
 */
export function verdictOf(models: readonly ComparedRobustness[]): Verdict {
  const lost = models.filter(({ orderings }) => orderings.length < 2).map(({ model }) => quoted(model));
  if (lost.length > 0) {
    return nothing(
      'unknown',
      `${listed(lost.toSorted())} ${lost.length === 1 ? 'is' : 'are'} no better than chance on this data, ` +
        'so that nothing can be said of what deletion does to it. Give the labels that the model was trained on.',
      null,
    );
  }
  const ranked = models.toSorted(
    (a, b) => a.auc_relative - b.auc_relative || (a.model < b.model ? -1 : Number(a.model > b.model)),
  );
  const [fragile, robust] = [ranked[0]!, ranked.at(-1)!];
  const value = meanAndDeviation(robust.orderings).mean - meanAndDeviation(fragile.orderings).mean;
  const interval = welchInterval(robust.orderings, fragile.orderings)!;
  const evidence = { weakest: fragile.model, strongest: robust.model, value, ...interval };
  const figures =
    `relative area under the curve ${figure(fragile)} against ${figure(robust)}, ` +
    `difference ${value.toFixed(2)}, 95 % ${signed(interval.low)} to ${signed(interval.high)} over the orderings`;
  if (interval.low <= 0 || value < LEAST_DIFFERENCE) {
    const names = listed(ranked.map(({ model }) => quoted(model)).toSorted());
    return nothing(
      'none',
      `No difference: ${names} withstand deletion alike (${figures}). ${LIMITS}`,
      evidence,
    );
  }
  const between = ranked.slice(1, -1).map(({ model }) => quoted(model));
  const others = between.length === 0 ? '' : ` Between them, the weaker first: ${listed(between)}.`;
  return {
    kind: 'difference',
    text:
      `${quoted(fragile.model)} ${half(fragile)}, ${quoted(robust.model)} ${half(robust)} (${figures}): ` +
      `${quoted(fragile.model)} leans on single directions more, the way memorising networks do.${others} ${LIMITS}`,
    fragile: fragile.model,
    robust: robust.model,
    difference: { value, ...interval },
    evidence,
  };
}

/** A model at a step of its training. */
export interface Checkpoint extends ComparedRobustness {
  readonly step: number;
}

/**
 * The step from which on robustness falls: that of the largest relative AUC, where the last step's is surely less.
 * Null where it does not fall.
 * @param checkpoints by step
 */
export function fallsFrom(checkpoints: readonly Checkpoint[]): Checkpoint | null {
  const known = checkpoints.filter(({ orderings }) => orderings.length > 1);
  const last = known.at(-1);
  const best = known.reduce<Checkpoint | null>(
    (most, one) => (most === null || one.auc_relative > most.auc_relative ? one : most),
    null,
  );
  if (last === undefined || best === null || best === last) return null;
  const interval = welchInterval(best.orderings, last.orderings)!;
  return interval.low > 0 && best.auc_relative - last.auc_relative >= LEAST_DIFFERENCE ? best : null;
}

function nothing(kind: 'none' | 'unknown', text: string, evidence: Verdict['evidence']): Verdict {
  return { kind, text, fragile: null, robust: null, difference: null, evidence };
}

function half({ half_fraction }: ComparedRobustness): string {
  return Number.isNaN(half_fraction)
    ? 'never falls half way to chance'
    : `is half way down to chance after ${(100 * half_fraction).toFixed(0)} % of its units`;
}

function figure({ orderings }: ComparedRobustness): string {
  const { mean, deviation } = meanAndDeviation(orderings);
  return `${mean.toFixed(2)} ± ${deviation!.toFixed(2)}`;
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function quoted(name: string): string {
  return `\`${name}\``;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
