import type { ScaleTrial } from '../../protocol/run';
import type { Scale } from '../../protocol/study';
import { hardlyAbove } from '../measures/baseline';
import { otherOrder } from '../measures/classOrder';
import { pairedInterval } from '../measures/pairedInterval';

/** How one candidate did on the first of the trial's samples; both arrays hold one entry a sample. */
export interface ScaleOutcome {
  readonly scale: Scale;
  readonly predicted: Int32Array;
  /** Cross-entropy, nats. */
  readonly loss: Float64Array;
}

/** A trial of preprocessings. */
export interface Trial {
  /** Tried always. */
  readonly plain: readonly Scale[];
  /** Tried where the plain ones leave room, the likeliest first. */
  readonly further: readonly Scale[];
  /** What the stored values suggest, taken where it is as good as any. */
  readonly suggested: Scale | null;
  /** Of the trial's samples, class-stratified. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** How many samples all candidates are tried on, of `labels.length` that are there to tell the best apart. */
  readonly first: number;
  /** Runs the network with a candidate on the samples `from` … `to` − 1 of the trial. */
  readonly run: (scale: Scale, from: number, to: number) => Promise<ScaleOutcome>;
}

/** A candidate that is right on so many leaves nothing to look for. */
const CERTAIN = 0.97;

/** Right on this share of what another order of the classes would give, a candidate is preferred to that. */
const NEARLY = 0.8;

/**
 * Tries preprocessings and chooses one: the plain ones, and others where these leave room. All are tried on a few
 * samples; those that cannot be told apart then, on all of the trial's. An unusual one has to do clearly better than the plain
 * ones, and better than chance.
 */
export async function tryScales(
  trial: Trial,
): Promise<{ readonly chosen: Scale; readonly outcomes: readonly ScaleOutcome[] }> {
  const { labels, suggested } = trial;
  const plain: ScaleOutcome[] = [];
  for (const scale of trial.plain) plain.push(await trial.run(scale, 0, trial.first));
  let outcomes = await toldApart(plain, suggested, trial);
  const best = chooseScale(outcomes, suggested, labels);
  if (shareRight(byScale(outcomes, best), labels) >= CERTAIN) return { chosen: best, outcomes };

  const further: ScaleOutcome[] = [];
  for (const scale of trial.further) {
    const outcome = await trial.run(scale, 0, trial.first);
    further.push(outcome);
    if (shareRight(outcome, labels) >= CERTAIN) break;
  }
  outcomes = await toldApart([...outcomes, ...further], best, trial);
  const found = chooseScale(outcomes, best, labels);
  const isUnusual = further.some(({ scale }) => scale === found);
  const chosen = isUnusual && isNearChance(byScale(outcomes, found), labels) ? best : found;
  return { chosen: inOtherOrder(outcomes, chosen, trial) ?? chosen, outcomes };
}

/** Sums up a candidate for the record. */
export function trialOf({ scale, predicted, loss }: ScaleOutcome, labels: Int32Array): ScaleTrial {
  const samples = predicted.length;
  const correct = predicted.reduce((sum, guess, n) => sum + (guess === labels[n] ? 1 : 0), 0);
  const sum = loss.reduce((total, value) => total + value, 0);
  return { scale, correct, samples, accuracy: correct / samples, loss: sum / samples };
}

/**
 * Chooses the preprocessing: of the candidates that do as well as the most accurate one the suggested one, else the
 * one with the lowest loss.
 */
export function chooseScale(
  outcomes: readonly ScaleOutcome[],
  suggested: Scale | null,
  labels: Int32Array,
): Scale {
  const contenders = asGoodAsBest(outcomes, labels);
  const fitting = contenders.find(({ scale }) => scale === suggested);
  return (fitting ?? lowestLoss(contenders)).scale;
}

/** Goes on with the candidates that do equally well, unless the suggested one has the lowest loss of them. */
async function toldApart(
  outcomes: readonly ScaleOutcome[],
  suggested: Scale | null,
  trial: Trial,
): Promise<ScaleOutcome[]> {
  const contenders = asGoodAsBest(outcomes, trial.labels);
  const all = trial.labels.length;
  if (contenders.length === 1 || lowestLoss(contenders).scale === suggested) return [...outcomes];
  const result: ScaleOutcome[] = [];
  for (const outcome of outcomes) {
    const { scale, predicted, loss } = outcome;
    if (!contenders.includes(outcome) || predicted.length >= all) {
      result.push(outcome);
      continue;
    }
    const more = await trial.run(scale, predicted.length, all);
    result.push({
      scale,
      predicted: Int32Array.from([...predicted, ...more.predicted]),
      loss: Float64Array.from([...loss, ...more.loss]),
    });
  }
  return result;
}

/**
 * The candidates whose paired interval against the most accurate one contains 0, most accurate first; two are
 * compared on the samples that both were tried on.
 */
function asGoodAsBest(outcomes: readonly ScaleOutcome[], labels: Int32Array): ScaleOutcome[] {
  const share = outcomes.map((outcome) => shareRight(outcome, labels));
  const order = outcomes.map((_, k) => k).sort((a, b) => share[b]! - share[a]! || a - b);
  const best = outcomes[order[0]!]!;
  return order
    .map((k) => outcomes[k]!)
    .filter((candidate) => {
      const shared = Math.min(best.predicted.length, candidate.predicted.length);
      let lost = 0;
      let won = 0;
      for (let n = 0; n < shared; n++) {
        const byBest = best.predicted[n] === labels[n];
        const byThis = candidate.predicted[n] === labels[n];
        if (byBest && !byThis) lost += 1;
        if (byThis && !byBest) won += 1;
      }
      return candidate === best || pairedInterval(lost, won, shared).low <= 0;
    });
}

function lowestLoss(outcomes: readonly ScaleOutcome[]): ScaleOutcome {
  const mean = ({ loss }: ScaleOutcome): number =>
    loss.reduce((total, value) => total + value, 0) / loss.length;
  return outcomes.reduce((a, b) => (mean(b) < mean(a) ? b : a));
}

/**
 * The candidate that is near chance but would be right in another order of the classes, clearly more often than the
 * chosen one is as they are; null where there is none.
 */
function inOtherOrder(
  outcomes: readonly ScaleOutcome[],
  chosen: Scale,
  { labels, classes }: Trial,
): Scale | null {
  let most = shareRight(byScale(outcomes, chosen), labels) / NEARLY;
  let found: Scale | null = null;
  for (const outcome of outcomes) {
    if (!isNearChance(outcome, labels)) continue;
    const { scale, predicted } = outcome;
    const order = otherOrder(predicted, labels.subarray(0, predicted.length), classes);
    if (order === null || order.accuracy <= most) continue;
    most = order.accuracy;
    found = scale;
  }
  return found;
}

function byScale(outcomes: readonly ScaleOutcome[], scale: Scale): ScaleOutcome {
  return outcomes.find((outcome) => outcome.scale === scale)!;
}

function shareRight(outcome: ScaleOutcome, labels: Int32Array): number {
  return trialOf(outcome, labels).accuracy;
}

function isNearChance({ predicted }: ScaleOutcome, labels: Int32Array): boolean {
  const counts = new Map<number, number>();
  let correct = 0;
  for (const [n, guess] of predicted.entries()) {
    const label = labels[n]!;
    counts.set(label, (counts.get(label) ?? 0) + 1);
    if (guess === label) correct += 1;
  }
  return hardlyAbove(Math.max(...counts.values()) / predicted.length, correct, predicted.length);
}
