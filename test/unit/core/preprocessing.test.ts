import assert from 'node:assert/strict';
import type { LabelledData } from '../../../src/core/labelledData';
import { chooseScale, suggestScale, trialOf, type ScaleOutcome } from '../../../src/core/preprocessing';
import type { Scale } from '../../../src/protocol/study';

/** A candidate that is right on the first `correct` of `samples`, with the same loss everywhere. */
function outcome(scale: Scale, correct: number, samples: number, loss: number): ScaleOutcome {
  return {
    scale,
    right: Array.from({ length: samples }, (_, n) => n < correct),
    loss: new Float64Array(samples).fill(loss),
  };
}

function data(dtype: string, values: readonly number[]): LabelledData {
  return {
    samples: values.length,
    shape: [1],
    dtype,
    labels: new Int32Array(values.length),
    label_names: null,
    read: (indices) => Promise.resolve(Float32Array.from(indices, (index) => values[index]!)),
  };
}

describe('choice of the preprocessing', () => {
  it('takes what the bytes suggest where another is only as good', () => {
    const outcomes = [
      outcome('none', 992, 1000, 8),
      outcome('0..1', 990, 1000, 0.03),
      outcome('-1..1', 910, 1000, 0.4),
    ];
    assert.equal(chooseScale(outcomes, '0..1'), '0..1');
  });

  it('does not take a suggestion that is clearly worse', () => {
    const outcomes = [outcome('none', 992, 1000, 8), outcome('0..1', 700, 1000, 0.03)];
    assert.equal(chooseScale(outcomes, '0..1'), 'none');
  });

  it('takes the lowest loss where nothing is suggested', () => {
    const outcomes = [
      outcome('none', 991, 1000, 8),
      outcome('0..1', 990, 1000, 0.03),
      outcome('-1..1', 989, 1000, 0.5),
    ];
    assert.equal(chooseScale(outcomes, null), '0..1');
  });

  it('sums a candidate up', () => {
    assert.deepEqual(trialOf(outcome('none', 3, 4, 0.5)), {
      scale: 'none',
      correct: 3,
      samples: 4,
      accuracy: 0.75,
      loss: 0.5,
    });
  });
});

describe('what stored values suggest', () => {
  const suggestion = (dtype: string, values: readonly number[]): Promise<Scale | null> =>
    suggestScale(
      data(dtype, values),
      Int32Array.from(values, (_, i) => i),
    );

  it('is /255 for bytes, however they are stored', async () => {
    assert.equal(await suggestion('uint8', [0, 3, 90]), '0..1');
    assert.equal(await suggestion('int64', [0, 17, 255]), '0..1');
  });

  it('is nothing to do where values are small already', async () => {
    assert.equal(await suggestion('float32', [0, 0.25, 1]), 'none');
    assert.equal(await suggestion('uint8', [0, 1, 1]), 'none');
  });

  it('is nothing at all for measurements', async () => {
    assert.equal(await suggestion('float64', [0.5, 12.25, 300]), null);
    assert.equal(await suggestion('int32', [0, 16, 8]), null);
  });
});
