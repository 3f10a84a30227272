import assert from 'node:assert/strict';
import '@tensorflow/tfjs-backend-cpu';
import { grad, memory, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { lossForGradient, lossGradient } from '../../../../src/core/measures/lossGradient';
import { score } from '../../../../src/core/measures/scoring';
import type { Head } from '../../../../src/core/network/network';

const LABELS = Int32Array.of(0, 1, 1, 0);

/** Derivatives of the losses of scoring.ts by the scores, by central differences. */
function byDifferences(head: Head, scores: Float32Array): number[] {
  const step = 2 ** -8;
  const width = scores.length / LABELS.length;
  return Array.from(scores, (value, at) => {
    const loss = (moved: number): number => {
      const changed = scores.slice();
      changed[at] = moved;
      return score(head, changed, LABELS).loss[Math.floor(at / width)]!;
    };
    return (loss(value + step) - loss(value - step)) / (2 * step);
  });
}

describe('gradient of the loss by the scores', () => {
  before(() => setBackend('cpu'));

  for (const [kind, width, values] of [
    ['softmax', 3, [0.5, -1, 2, 3, 3, 3, -4, 0, 0.25, 20, -20, 1]],
    ['logits', 2, [1, 0, -1, 5, 2, 2, 0, 8]],
    ['sigmoid', 1, [0.5, -3, 2, 0]],
    ['probabilities', 2, [0.5, 0.25, 0.125, 0.75, 0.9, 0.5, 0.3, 0.7]],
  ] as const) {
    it(`${kind}: is that of the loss that is reported`, () => {
      const classes = kind === 'sigmoid' ? 2 : width;
      const head: Head = { kind, scores: 's', output: 's', classes };
      const scores = Float32Array.from(values);
      const expected = byDifferences(head, scores);
      const before = memory().numTensors;
      const given = tensor(scores, [LABELS.length, width]);
      const found = lossGradient(head, given, LABELS);
      const throughTape = tidy(() => grad((x) => lossForGradient(head, x, LABELS))(given));
      const actual = found.dataSync<'float32'>();
      expected.forEach((value, at) => {
        assert.ok(
          Math.abs(actual[at]! - value) < 1e-4 * Math.max(1, Math.abs(value)),
          `${kind} ${String(at)}`,
        );
      });
      assert.deepEqual(throughTape.dataSync(), actual);
      for (const each of [given, found, throughTape]) each.dispose();
      assert.equal(memory().numTensors, before);
    });
  }

  it('probabilities: is 0 where the loss is clipped', () => {
    const head: Head = { kind: 'probabilities', scores: 's', output: 's', classes: 2 };
    const given = tensor([0, 1, 1, 1e-9], [2, 2]);
    const found = lossGradient(head, given, Int32Array.of(0, 1));
    assert.deepEqual(
      [...found.dataSync()].map((value) => value + 0),
      [0, 0, 0, 0],
    );
    given.dispose();
    found.dispose();
  });
});
