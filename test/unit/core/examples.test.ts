import assert from 'node:assert/strict';
import { chooseExamples } from '../../../src/core/ablation/examples';
import type { SetOutcome } from '../../../src/core/ablation/setEvaluation';
import type { Head } from '../../../src/core/network/network';
import { uniforms } from '../../support/seeded';

const HEAD: Head = { kind: 'probabilities', scores: 's', output: 's', classes: 3 };

/** Draws of probabilities, the predictions being the largest. */
function outcome(...draws: readonly (readonly number[])[][]): SetOutcome {
  const samples = draws[0]!.length;
  const predicted = draws.flatMap((rows) => rows.map((row) => row.indexOf(Math.max(...row))));
  return {
    draws: draws.length,
    scores: Float32Array.from(draws.flat(2)),
    predicted: Int32Array.from(predicted),
    loss: new Float64Array(draws.length * samples),
  };
}

describe('examples of a deletion', () => {
  it('are those turned wrong, then those turned right, then those that change most', () => {
    const labels = Int32Array.of(0, 0, 1, 1, 2, 2, 0);
    const before = outcome([
      [0.9, 0.1, 0], // stays right, changes by 0.3
      [0.6, 0.4, 0], // to wrong, loses 0.2
      [0.6, 0.4, 0], // to right, gains 0.3
      [0.1, 0.8, 0.1], // to wrong, loses 0.7
      [0.5, 0.4, 0.1], // stays wrong, and is another one; changes by 0.4
      [0.4, 0.3, 0.3], // to right, gains 0.5
      [1, 0, 0], // stays
    ]);
    const after = outcome([
      [0.6, 0.4, 0],
      [0.4, 0.6, 0],
      [0.3, 0.7, 0],
      [0.9, 0.1, 0],
      [0.1, 0.8, 0.1],
      [0.1, 0.1, 0.8],
      [1, 0, 0],
    ]);
    const chosen = chooseExamples(HEAD, labels, before, after, 6);
    assert.deepEqual(
      chosen.map(({ sample, flip }) => [sample, flip]),
      [
        [3, 'to_wrong'],
        [1, 'to_wrong'],
        [5, 'to_right'],
        [2, 'to_right'],
        [4, 'none'],
        [0, 'none'],
      ],
    );
    assert.deepEqual(chosen[0]!.before, Float32Array.of(0.1, 0.8, 0.1));
    assert.deepEqual(chosen[0]!.after, Float32Array.of(0.9, 0.1, 0));
  });

  it('are judged by the mean probability and the most frequent prediction of several draws', () => {
    const before = outcome([
      [0.5, 0.4, 0.1],
      [0.5, 0.4, 0.1],
    ]);
    const wrong = [0.2, 0.7, 0.1];
    const right = [0.9, 0.1, 0];
    const after = outcome([wrong, wrong], [wrong, right], [right, right]);
    const chosen = chooseExamples(HEAD, Int32Array.of(0, 0), before, after, 2);
    assert.deepEqual(
      chosen.map(({ sample, flip }) => [sample, flip]),
      [
        [0, 'to_wrong'],
        [1, 'none'],
      ],
    );
    assert.deepEqual(
      [...chosen[0]!.after].map((value) => value.toFixed(4)),
      [1.3 / 3, 1.5 / 3, 0.2 / 3].map((value) => value.toFixed(4)),
    );
  });

  it('are by place where nothing changes, also beyond one block of samples', () => {
    const rows = Array.from({ length: 1500 }, () => [0.5, 0.3, 0.2]);
    const labels = new Int32Array(1500);
    const same = outcome(rows);
    assert.deepEqual(
      chooseExamples(HEAD, labels, same, same, 3).map(({ sample }) => sample),
      [0, 1, 2],
    );
    const changed = rows.map((row, n) => (n === 1200 ? [0.2, 0.7, 0.1] : row));
    assert.equal(chooseExamples(HEAD, labels, same, outcome(changed), 1)[0]!.sample, 1200);
  });

  it('of one logit have two probabilities', () => {
    const head: Head = { ...HEAD, kind: 'sigmoid', classes: 2 };
    const scores = Float32Array.from(uniforms(8, 1), (value) => value * 6 - 3);
    const of = (values: Float32Array): SetOutcome => ({
      draws: 1,
      scores: values,
      predicted: Int32Array.from(values, (z) => (z > 0 ? 1 : 0)),
      loss: new Float64Array(8),
    });
    const [first] = chooseExamples(head, new Int32Array(8), of(scores), of(scores.map((z) => -z)), 1);
    const z = scores[first!.sample]!;
    assert.ok(Math.abs(first!.before[1]! - 1 / (1 + Math.exp(-z))) < 1e-6);
    assert.ok(Math.abs(first!.after[1]! - 1 / (1 + Math.exp(z))) < 1e-6);
  });
});
