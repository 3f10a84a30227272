import type { Evaluation, RunRecord } from '../protocol/run';
import type { StudySpec } from '../protocol/study';

/** An evaluation and what its files say of it besides. */
export interface EvaluatedStudy {
  readonly evaluation: Evaluation;
  readonly classes: readonly string[];
  readonly backend: RunRecord['backend'];
  readonly preprocessing: RunRecord['preprocessing'];
}

/** `evaluate.json` (design.md, "Command line"): the outcome without the units first, then what it rests on. */
export function evaluationJson(
  { evaluation, classes, backend, preprocessing }: EvaluatedStudy,
  spec: StudySpec,
): Readonly<Record<string, unknown>> {
  const { before, confusion } = evaluation;
  const rows = (matrix: Float64Array): number[][] =>
    classes.map((_, c) => [...matrix.subarray(c * classes.length, (c + 1) * classes.length)]);
  return {
    correct: evaluation.correct,
    samples: evaluation.samples,
    accuracy: evaluation.accuracy,
    loss: evaluation.loss,
    confusion: confusion === null ? null : rows(confusion.after),
    flips_to_wrong: evaluation.flips_to_wrong,
    flips_to_right: evaluation.flips_to_right,
    recalls: evaluation.recalls,
    before: { ...before, confusion: confusion === null ? null : rows(confusion.before) },
    classes,
    deleted: evaluation.deleted,
    operator: evaluation.operator,
    model: spec.model,
    data: spec.data,
    labels: spec.labels ?? null,
    seed: spec.seed,
    scale: preprocessing.chosen,
    backend,
  };
}

/** The same as a text, a row of a matrix on a line. */
export function evaluationJsonText(json: Readonly<Record<string, unknown>>): string {
  const rows = /\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g;
  const text = JSON.stringify(json, null, 2).replace(
    rows,
    (_, row: string) => `[${row.replace(/\s+/g, ' ')}]`,
  );
  return `${text}\n`;
}

/**
 * `outputs.csv`, one line a sample in the order of the data: its place there, its class, predictions and class
 * probabilities before and after.
 */
export function outputsCsv(outputs: NonNullable<Evaluation['per_sample']>, classes: number): string {
  const { indices, labels, before, after } = outputs;
  const names = (when: string): string[] =>
    Array.from({ length: classes }, (_, c) => `probability_${when}_${c}`);
  const head = [
    'sample',
    'label',
    'predicted_before',
    'predicted_after',
    ...names('before'),
    ...names('after'),
  ];
  const order = [...indices.keys()].sort((a, b) => indices[a]! - indices[b]!);
  const row = (values: Float32Array, n: number): number[] =>
    // Nine digits tell any two single precision numbers apart.
    Array.from(values.subarray(n * classes, (n + 1) * classes), (value) => Number(value.toPrecision(9)));
  const lines = order.map((n) =>
    [
      indices[n],
      labels[n],
      before.predicted[n],
      after.predicted[n],
      ...row(before.probabilities, n),
      ...row(after.probabilities, n),
    ].join(),
  );
  return `${[head.join(), ...lines].join('\n')}\n`;
}
