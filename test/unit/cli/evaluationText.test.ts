import assert from 'node:assert/strict';
import { evaluationText } from '../../../src/cli/evaluationText';
import type { Evaluation } from '../../../src/protocol/run';
import type { StudySpec } from '../../../src/protocol/study';
import {
  evaluationJson,
  evaluationJsonText,
  outputsCsv,
  type EvaluatedStudy,
} from '../../../src/runs/evaluationFiles';

const spec: StudySpec = {
  model: '/m/model.json',
  data: '/m/x.npz',
  scale: 'none',
  operator: 'zero',
  seed: 4,
};

/** A network of some classes with 20 samples each, of which the first 2 of class 1 turn from right to class 0. */
function study(classes: number, change: Partial<Evaluation> = {}): EvaluatedStudy {
  const before = new Float64Array(classes * classes);
  for (let c = 0; c < classes; c++) before[c * (classes + 1)] = 20;
  const after = before.slice();
  after[classes + 1] = 18;
  after[classes] = 2;
  const samples = 20 * classes;
  const recalls = Array.from({ length: classes }, (_, c) => (c === 1 ? 0.9 : 1));
  return {
    evaluation: {
      deleted: [3, 4, 5, 9].map((unit) => ({ site: 'dense_1', unit })),
      operator: 'zero',
      correct: samples - 2,
      samples,
      accuracy: (samples - 2) / samples,
      loss: 0.75,
      recalls,
      flips_to_wrong: 2,
      flips_to_right: 0,
      before: { correct: samples, accuracy: 1, loss: 0.5, recalls: recalls.map(() => 1) },
      confusion: { before, after },
      per_sample: null,
      ...change,
    },
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    backend: { name: 'wasm', tensorflow: null, threads: 1, onednn: null, fallback: null },
    preprocessing: { chosen: 'none', by: 'user', candidates: [] },
  };
}

describe('an evaluation in a terminal', () => {
  it('shows figures before and after, and each change below its count', () => {
    const text = evaluationText(study(3), spec, null);
    assert.match(text, /^Deleted {3}4 neurons: dense_1:3-5,9$/m);
    assert.match(text, /^right +60 +58 +−2$/m);
    const skewed = evaluationText(study(3, { recalls: [1, 0.5, null] }), spec, null);
    assert.match(skewed, /^balanced +100\.00 % +75\.00 % +−25\.00 points$/m);
    assert.match(text, /^accuracy +100\.00 % +96\.67 % +−3\.33 points$/m);
    assert.match(text, /^loss, nats +0\.5000 +0\.7500 +\+0\.2500$/m);
    assert.match(text, /^Flips: 2 right → wrong, 0 wrong → right\.$/m);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.startsWith('class 1'));
    assert.match(lines[at]!, /^class 1 +2 +18 +0$/);
    assert.match(lines[at + 1]!, /^ +\+2 +−2$/);
    assert.match(lines[at + 2]!, /^class 2 +0 +0 +20$/);
    assert.equal(lines[at]!.indexOf('2'), lines[at + 1]!.indexOf('2'), 'a change stands below its count');
  });

  it('lists the changes where the matrix is wider than a terminal', () => {
    const text = evaluationText(study(40), spec, null);
    assert.match(text, /^Confusion matrix: what changes$/m);
    assert.match(text, /^class 1 +class 0 +0 +2 +\+2$/m);
    assert.match(text, /^class 1 +class 1 +20 +18 +−2$/m);
    assert.ok(text.split('\n').every((line) => [...line].length <= 80));
    const { before } = study(40).evaluation.confusion!;
    const same = evaluationText(study(40, { confusion: { before, after: before } }), spec, null);
    assert.match(same, /^No sample changes its class\.$/m);
  });

  it('says what else than 0 neurons are set to, and where means over draws are no whole numbers', () => {
    const text = evaluationText(study(3, { operator: 'resample', flips_to_wrong: 2.4 }), spec, '/m/out');
    assert.match(text, /^Deleted {3}4 neurons, set to their activation on another sample/m);
    assert.match(text, /^Files {5}\/m\/out$/m);
    assert.match(text, /^Flips: 2\.4 right → wrong/m);
  });
});

describe('the files of an evaluation', () => {
  it('have a row of the confusion matrix on a line', () => {
    const json = evaluationJson(study(3), spec);
    const text = evaluationJsonText(json);
    assert.deepEqual(JSON.parse(text), json);
    assert.match(text, /^ {4}\[2, 18, 0\],$/m);
  });

  it('have one line a sample, in the order of the data', () => {
    const outputs = (predicted: number[], probabilities: number[]) => ({
      predicted: Int32Array.from(predicted),
      probabilities: Float32Array.from(probabilities),
    });
    const csv = outputsCsv(
      {
        indices: Int32Array.of(7, 2),
        labels: Int32Array.of(0, 1),
        before: outputs([0, 1], [0.75, 0.25, 0.1, 0.9]),
        after: outputs([1, 1], [0.25, 0.75, 0.5, 0.5]),
      },
      2,
    );
    assert.equal(
      csv,
      'sample,label,predicted_before,predicted_after,probability_before_0,probability_before_1,' +
        'probability_after_0,probability_after_1\n' +
        `2,1,1,1,${Number(Math.fround(0.1).toPrecision(9))},${Number(Math.fround(0.9).toPrecision(9))},0.5,0.5\n` +
        '7,0,0,1,0.75,0.25,0.25,0.75\n',
    );
  });
});
