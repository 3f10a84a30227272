import type { PreparedStudy } from '../core/ablation/prepare';
import { isNearChance } from '../core/measures/baseline';
import { otherOrder, type ClassOrder } from '../core/measures/classOrder';
import type { RunRecord } from '../protocol/run';
import type { OpenStudy } from './openStudy';

/** Classes named in a sentence. */
const NAMED = 12;

/** Asks whether to go on with a model that is near chance; null where it is not. */
export function chanceQuestion(
  { baseline, preprocessing }: RunRecord,
  { data, classes }: Pick<OpenStudy, 'data' | 'classes'>,
  { before, measured }: PreparedStudy,
): string | null {
  if (!isNearChance(baseline)) return null;
  const largest = Math.max(...baseline.per_class.map(({ samples }) => samples)) / baseline.samples;
  const order = otherOrder(
    measured.map((index) => before.predicted[index]!),
    measured.map((index) => data.labels[index]!),
    classes.length,
  );
  return (
    `The model is right on ${percent(baseline.accuracy)} of the samples, near the ${percent(largest)} that ` +
    `always naming the largest class would give (preprocessing: ${preprocessing.chosen}). ` +
    (order === null
      ? 'These may be the wrong labels, or the preprocessing may be wrong; a map of its neurons would mean little.'
      : orderText(order, classes))
  );
}

function orderText({ labelOf, accuracy }: ClassOrder, classes: readonly string[]): string {
  const names = [...labelOf.subarray(0, NAMED)].map((label) => classes[label]!);
  return (
    `The classes seem to be in another order: ${percent(accuracy)} would be right if the model’s outputs stood, ` +
    `one after another, for ${names.join(', ')}${labelOf.length > NAMED ? ', …' : ''}. ` +
    'Number the labels in that order; where they have names, name the classes in that order in a file of class names.'
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
