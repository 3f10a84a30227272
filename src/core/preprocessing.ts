import type { ScaleTrial } from '../protocol/run';
import type { Scale } from '../protocol/study';
import type { LabelledData } from './labelledData';
import { pairedInterval } from './measures/pairedInterval';

/** How one candidate did on the trial samples; both arrays hold one entry a sample. */
export interface ScaleOutcome {
  readonly scale: Scale;
  readonly right: readonly boolean[];
  readonly loss: Float64Array;
}

/** How many samples a trial takes. */
export const TRIAL_SAMPLES = 1000;

/** The scale that the stored values suggest: bytes are divided by 255, what lies in −1 … 1 is left alone. */
export async function suggestScale(data: LabelledData, indices: Int32Array): Promise<Scale | null> {
  const values = await data.read(indices.slice(0, 100));
  let least = Infinity;
  let most = -Infinity;
  let whole = true;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    whole &&= Number.isInteger(value);
  }
  if (least >= -1 && most <= 1) return 'none';
  const isBytes = data.dtype === 'uint8' || (whole && least >= 0 && most <= 255 && most > 127);
  return isBytes ? '0..1' : null;
}

/** Sums up a candidate for the record. */
export function trialOf({ scale, right, loss }: ScaleOutcome): ScaleTrial {
  const correct = right.filter(Boolean).length;
  const samples = right.length;
  const sum = loss.reduce((total, value) => total + value, 0);
  return { scale, correct, samples, accuracy: correct / samples, loss: sum / samples };
}

/**
 * Chooses the preprocessing: of the candidates whose paired interval against the most accurate one contains 0
 * the suggested one, else the one with the lowest loss.
 */
export function chooseScale(outcomes: readonly ScaleOutcome[], suggested: Scale | null): Scale {
  const trials = outcomes.map(trialOf);
  const order = trials.map((_, k) => k).sort((a, b) => trials[b]!.correct - trials[a]!.correct || a - b);
  const best = outcomes[order[0]!]!;
  const asGood = order.filter((k) => {
    const candidate = outcomes[k]!;
    const lost = best.right.filter((right, n) => right && !candidate.right[n]).length;
    const won = best.right.filter((right, n) => !right && candidate.right[n] === true).length;
    const { low } = pairedInterval(lost, won, best.right.length);
    return candidate === best || low <= 0;
  });
  const fitting = asGood.find((k) => trials[k]!.scale === suggested);
  const chosen = fitting ?? asGood.reduce((a, b) => (trials[b]!.loss < trials[a]!.loss ? b : a));
  return trials[chosen]!.scale;
}
