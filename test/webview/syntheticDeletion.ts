import type { Example, SampleInput } from '../../src/protocol/details';
import type { Evaluation, RunRecord } from '../../src/protocol/run';
import type { UnitRef } from '../../src/protocol/study';
import type { StudyState } from '../../src/protocol/webview';
import { uniforms } from '../support/seeded';

/** A study of that many classes, named by `name`, whose figures have nothing to do with any network. */
export function withClasses<S extends StudyState & { readonly record: RunRecord }>(
  state: S,
  classes: number,
  name: (c: number) => string = (c) => `class ${c}`,
): S {
  const names = Array.from({ length: classes }, (_, c) => name(c));
  const rows = state.table?.rows ?? 0;
  const each = Math.floor(state.record.baseline.samples / classes);
  const per_class = names.map((one) => ({
    class: one,
    samples: each,
    correct: each - 4,
    recall: (each - 4) / each,
    precision: 0.98,
  }));
  return {
    ...state,
    record: { ...state.record, classes: names, baseline: { ...state.record.baseline, per_class } },
    table: state.table && {
      ...state.table,
      classes,
      class_drop: new Float64Array(rows * classes),
      class_mean: new Float64Array(rows * classes),
    },
  };
}

/**
 * What deleting some units does, by seeded chance: the confusion matrices agree with accuracy, recalls and flips, and
 * the examples with the flips.
 * @param kind how the inputs of the examples look
 */
export function syntheticEvaluation(
  record: RunRecord,
  deleted: readonly UnitRef[],
  kind: SampleInput['kind'] = 'image',
): Evaluation {
  const classes = record.classes.length;
  const random = uniforms(classes * classes * 4 + 5000, 11);
  let at = 0;
  const next = (): number => random[at++ % random.length]!;
  const before = new Float64Array(classes ** 2);
  const after = new Float64Array(classes ** 2);
  record.baseline.per_class.forEach(({ samples, correct }, c) => {
    before[c * (classes + 1)] = correct;
    after[c * (classes + 1)] = correct;
    for (let wrong = 0; wrong < samples - correct; wrong++) {
      const other = (c + 1 + Math.floor(next() * (classes - 1))) % classes;
      before[c * classes + other]! += 1;
      after[c * classes + other]! += 1;
    }
    const lost = deleted.length === 0 ? 0 : Math.floor(next() ** 3 * 0.7 * correct);
    for (let flip = 0; flip < lost; flip++) {
      const other = (c + 1 + Math.floor(next() ** 2 * (classes - 1))) % classes;
      after[c * (classes + 1)]! -= 1;
      after[c * classes + other]! += 1;
    }
  });
  const trace = (matrix: Float64Array): number =>
    record.classes.reduce((sum, _, c) => sum + matrix[c * (classes + 1)]!, 0);
  const samples = before.reduce((sum, count) => sum + count, 0);
  const recalls = (matrix: Float64Array): number[] =>
    record.baseline.per_class.map((one, c) => matrix[c * (classes + 1)]! / one.samples);
  const flips = trace(before) - trace(after);
  return {
    deleted,
    operator: 'zero',
    correct: trace(after),
    samples,
    accuracy: trace(after) / samples,
    loss: record.baseline.loss + flips / samples,
    recalls: recalls(after),
    flips_to_wrong: flips,
    flips_to_right: 0,
    before: {
      correct: trace(before),
      accuracy: trace(before) / samples,
      loss: record.baseline.loss,
      recalls: recalls(before),
    },
    confusion: { before, after },
    per_sample: null,
    examples: Array.from({ length: 12 }, (_, n): Example => {
      const label = Math.floor(next() * classes);
      const other = (label + 1) % classes;
      const flip = deleted.length === 0 || n >= 8 ? 'none' : n === 3 ? 'to_right' : 'to_wrong';
      const sure = probabilities(classes, label, other, 0.8 + 0.19 * next());
      const unsure = probabilities(classes, other, label, 0.5 + 0.4 * next());
      return {
        index: 100 + 37 * n,
        label,
        input: sampleInput(kind, next),
        flip,
        before: flip === 'to_right' ? unsure : sure,
        after: flip === 'to_wrong' ? unsure : sure,
      };
    }),
  };
}

function probabilities(classes: number, first: number, second: number, sure: number): Float32Array {
  const values = new Float32Array(classes).fill(classes > 2 ? (1 - sure) / 4 / (classes - 2) : 0);
  values[first] = sure;
  values[second] = classes > 2 ? ((1 - sure) * 3) / 4 : 1 - sure;
  return values;
}

function sampleInput(kind: SampleInput['kind'], next: () => number): SampleInput {
  if (kind === 'image') {
    const rgba = new Uint8ClampedArray(28 * 28 * 4);
    const [x, y, r] = [8 + 12 * next(), 8 + 12 * next(), 4 + 5 * next()];
    for (let p = 0; p < 28 * 28; p++) {
      const distance = Math.hypot((p % 28) - x, Math.floor(p / 28) - y);
      const light = 255 * Math.max(0, 1 - Math.abs(distance - r) / 2);
      rgba.set([light, light, light, 255], 4 * p);
    }
    return { kind, width: 28, height: 28, rgba };
  }
  const phase = 6 * next();
  if (kind === 'series') {
    const values = Float32Array.from({ length: 120 }, (_, i) => Math.sin(phase + i / (i % 2 ? 9 : 14)));
    return { kind, steps: 60, channels: 2, values };
  }
  return { kind, values: Float32Array.from({ length: 30 }, () => next() * 2 - 1), size: 30 };
}
