import assert from 'node:assert/strict';
import type { LabelledData } from '../../../src/core/labelledData';
import { otherOrder } from '../../../src/core/measures/classOrder';
import {
  furtherScales,
  plainScales,
  storedValues,
  suggestedScale,
} from '../../../src/core/preprocessing/candidates';
import {
  chooseScale,
  trialOf,
  tryScales,
  type ScaleOutcome,
  type Trial,
} from '../../../src/core/preprocessing/trial';
import type { Scale } from '../../../src/protocol/study';

const CLASSES = 10;

/** Labels 0 … 9 over and over. */
function labelsOf(samples: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, n) => n % CLASSES);
}

/** A candidate that is right on the first `correct` of `samples`, with the same loss everywhere. */
function outcome(scale: Scale, correct: number, samples: number, loss: number): ScaleOutcome {
  return {
    scale,
    predicted: Int32Array.from({ length: samples }, (_, n) => (n + (n < correct ? 0 : 1)) % CLASSES),
    loss: new Float64Array(samples).fill(loss),
  };
}

function choose(outcomes: readonly ScaleOutcome[], suggested: Scale | null): Scale {
  return chooseScale(outcomes, suggested, labelsOf(1000));
}

function data(dtype: string, values: readonly number[], shape: readonly number[] = [1]): LabelledData {
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    samples: values.length / size,
    shape,
    dtype,
    labels: new Int32Array(values.length / size),
    label_names: null,
    read: (indices) =>
      Promise.resolve(
        Float32Array.from(Array.from(indices, (i) => values.slice(i * size, (i + 1) * size)).flat()),
      ),
  };
}

describe('choice of the preprocessing', () => {
  it('takes what the bytes suggest where another is only as good', () => {
    const outcomes = [
      outcome('none', 992, 1000, 8),
      outcome('0..1', 990, 1000, 0.03),
      outcome('-1..1', 910, 1000, 0.4),
    ];
    assert.equal(choose(outcomes, '0..1'), '0..1');
  });

  it('does not take a suggestion that is clearly worse', () => {
    const outcomes = [outcome('none', 992, 1000, 8), outcome('0..1', 700, 1000, 0.03)];
    assert.equal(choose(outcomes, '0..1'), 'none');
  });

  it('takes the lowest loss where nothing is suggested', () => {
    const outcomes = [
      outcome('none', 991, 1000, 8),
      outcome('0..1', 990, 1000, 0.03),
      outcome('-1..1', 989, 1000, 0.5),
    ];
    assert.equal(choose(outcomes, null), '0..1');
  });

  it('compares two candidates on the samples both were tried on', () => {
    // The first is wrong only where the second was not tried.
    const outcomes = [outcome('none', 300, 1000, 1), outcome('0..1', 256, 256, 0.5)];
    assert.equal(choose(outcomes, 'none'), 'none');
  });

  it('sums a candidate up', () => {
    assert.deepEqual(trialOf(outcome('none', 3, 4, 0.5), labelsOf(4)), {
      scale: 'none',
      correct: 3,
      samples: 4,
      accuracy: 0.75,
      loss: 0.5,
    });
  });
});

describe('the trial of preprocessings', () => {
  /** A network that is right on a share of the samples, others than another network, and says class 0 else. */
  interface Behaviour {
    readonly share: number;
    readonly loss?: number;
    readonly turned?: number;
  }

  async function tried(
    behaviours: Partial<Record<Scale, Behaviour>>,
    suggested: Scale | null = '0..1',
    further: readonly Scale[] = ['imagenet', 'caffe', 'bgr:0..1'],
  ): Promise<{ chosen: Scale; ran: string[]; samples: Record<string, number> }> {
    const labels = labelsOf(1000);
    const ran: string[] = [];
    const run: Trial['run'] = (scale, from, to) => {
      ran.push(`${scale} ${from}-${to}`);
      const { share, loss = 1 - share, turned = 0 } = behaviours[scale] ?? { share: 0 };
      const guess = (n: number): number =>
        (n * 37 + 61 * scale.length) % 100 < share * 100 ? (labels[n]! + turned) % CLASSES : 0;
      const predicted = Int32Array.from({ length: to - from }, (_, k) => guess(from + k));
      return Promise.resolve({ scale, predicted, loss: new Float64Array(to - from).fill(loss) });
    };
    const plain: readonly Scale[] = ['none', '0..1', '-1..1'];
    const { chosen, outcomes } = await tryScales({
      plain,
      further,
      suggested,
      labels,
      classes: CLASSES,
      first: 256,
      run,
    });
    const samples = Object.fromEntries(outcomes.map((one) => [one.scale, one.predicted.length]));
    return { chosen, ran, samples };
  }

  it('is over with the plain ones on a few samples where the suggested one is best', async () => {
    const { chosen, ran } = await tried({ '0..1': { share: 0.98 }, none: { share: 0.97 } });
    assert.equal(chosen, '0..1');
    assert.deepEqual(ran, ['none 0-256', '0..1 0-256', '-1..1 0-256']);
  });

  it('goes on with those that it cannot tell apart', async () => {
    const { chosen, samples } = await tried(
      { none: { share: 0.97, loss: 0.4 }, '-1..1': { share: 0.98, loss: 0.3 } },
      null,
    );
    assert.equal(chosen, '-1..1');
    assert.deepEqual(samples, { none: 1000, '0..1': 256, '-1..1': 1000 });
  });

  it('tries unusual ones where the plain ones leave room, and stops at a certain one', async () => {
    const { chosen, ran } = await tried({ '0..1': { share: 0.4 }, caffe: { share: 0.97 } });
    assert.equal(chosen, 'caffe');
    assert.ok(!ran.some((line) => line.startsWith('bgr')), ran.join());
  });

  it('takes a plain one where an unusual one is only as good', async () => {
    const { chosen, samples } = await tried({
      '0..1': { share: 0.7, loss: 0.9 },
      'bgr:0..1': { share: 0.71, loss: 0.8 },
    });
    assert.equal(chosen, '0..1');
    assert.equal(samples['bgr:0..1'], 1000, 'having looked twice');
  });

  it('takes no unusual one that is near chance itself', async () => {
    const { chosen } = await tried({ none: { share: 0 }, caffe: { share: 0.03 } }, '0..1');
    assert.ok(['none', '0..1', '-1..1'].includes(chosen), chosen);
  });

  it('takes what makes sense in another order of the classes, where nothing does in this one', async () => {
    const { chosen } = await tried({ '-1..1': { share: 0.95, turned: 3 }, caffe: { share: 0.2 } });
    assert.equal(chosen, '-1..1');
  });

  it('takes what is right in this order rather than what were in another', async () => {
    const { chosen } = await tried({ '-1..1': { share: 0.95, turned: 3 }, 'bgr:0..1': { share: 0.9 } });
    assert.equal(chosen, 'bgr:0..1');
  });
});

describe('another order of the classes', () => {
  it('is found where every class is called another', () => {
    const labels = labelsOf(200);
    const predicted = labels.map((label, n) => (n % 31 === 0 ? 0 : (label + 1) % CLASSES));
    const order = otherOrder(predicted, labels, CLASSES)!;
    assert.deepEqual([...order.labelOf], [9, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.ok(order.accuracy > 0.9 && order.accuracy < 1);
  });

  it('is found for two classes that are exchanged', () => {
    const labels = Int32Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? 1 : 0));
    const order = otherOrder(
      labels.map((label) => 1 - label),
      labels,
      2,
    );
    assert.deepEqual([...order!.labelOf], [1, 0]);
    assert.equal(order!.accuracy, 1);
  });

  it('is none where the order is right, predictions are noise or say one class, or samples are few', () => {
    const labels = labelsOf(400);
    assert.equal(otherOrder(labels, labels, CLASSES), null);
    assert.equal(
      otherOrder(
        labels.map((_, n) => (n * n + 3 * n) % 7),
        labels,
        CLASSES,
      ),
      null,
    );
    assert.equal(otherOrder(new Int32Array(400), labels, CLASSES), null);
    const few = labelsOf(50);
    assert.equal(
      otherOrder(
        few.map((label) => (label + 1) % CLASSES),
        few,
        CLASSES,
      ),
      null,
    );
  });
});

describe('what stored values suggest', () => {
  async function look(
    dtype: string,
    values: readonly number[],
    shape: readonly number[] = [1],
  ): Promise<{ suggested: Scale | null; plain: readonly Scale[]; further: readonly Scale[] }> {
    const source = data(dtype, values, shape);
    const stored = await storedValues(
      source,
      shape,
      Int32Array.from({ length: source.samples }, (_, i) => i),
    );
    return {
      suggested: suggestedScale(stored),
      plain: plainScales(stored),
      further: furtherScales(stored, shape, shape),
    };
  }

  const suggestion = async (dtype: string, values: readonly number[]): Promise<Scale | null> =>
    (await look(dtype, values)).suggested;

  it('is /255 for bytes, however they are stored', async () => {
    assert.equal(await suggestion('uint8', [0, 3, 90]), '0..1');
    assert.equal(await suggestion('int64', [0, 17, 255]), '0..1');
  });

  it('is nothing to do where values are small already', async () => {
    assert.equal(await suggestion('float32', [0, 0.25, 1]), 'none');
    assert.equal(await suggestion('float32', [-1, 0.25, 1]), 'none');
    assert.equal(await suggestion('uint8', [0, 1, 1]), 'none');
  });

  it('is nothing at all for measurements', async () => {
    assert.equal(await suggestion('float64', [0.5, 12.25, 300]), null);
    assert.equal(await suggestion('int32', [0, 16, 8]), null);
    assert.equal(await suggestion('float64', [0.5, NaN, 0.25]), null);
  });

  it('are the other ranges where they lie between 0 and 1, or −1 and 1', async () => {
    assert.deepEqual((await look('uint8', [0, 255])).plain, ['none', '0..1', '-1..1']);
    assert.deepEqual((await look('float32', [0, 0.5])).plain, ['none', '0..1:-1..1', '0..1:0..255']);
    assert.deepEqual((await look('float32', [-1, 0.5])).plain, ['none', '-1..1:0..1', '-1..1:0..255']);
  });

  it('are channel orders and colours of ImageNet for pictures with three channels', async () => {
    const colour = [1, 1, 3];
    const bytes = await look('uint8', [0, 3, 255], colour);
    assert.deepEqual(bytes.further, [
      'imagenet',
      'caffe',
      'bgr:0..1',
      'bgr:-1..1',
      'bgr:none',
      'bgr:imagenet',
    ]);
    const unit = await look('float32', [0, 0.5, 1], colour);
    assert.deepEqual(unit.further, [
      '0..1:imagenet',
      '0..1:caffe',
      'bgr:none',
      '0..1:bgr:-1..1',
      '0..1:bgr:0..255',
      '0..1:bgr:imagenet',
    ]);
  });

  it('are black and white exchanged for grey pictures, also where they have three channels', async () => {
    const inverted = ['inverted:0..1', 'inverted:-1..1', 'inverted:none'];
    assert.deepEqual((await look('uint8', [0, 9, 255, 1], [2, 2, 1])).further, inverted);
    const grey = await look('uint8', [9, 9, 9, 200, 200, 200], [1, 2, 3]);
    assert.deepEqual(grey.further, ['imagenet', 'caffe', ...inverted]);
    const signed = await look('float32', [-1, 1], [2, 1, 1]);
    assert.deepEqual(signed.further, [
      '-1..1:inverted:0..1',
      '-1..1:inverted:-1..1',
      '-1..1:inverted:0..255',
    ]);
  });

  it('is to standardise for tables', async () => {
    assert.deepEqual((await look('float64', [0.5, 12.25, 300, 7], [2])).further, ['mean,std']);
    assert.equal((await look('uint8', [0, 255, 3, 4], [2])).further[0], 'mean,std');
  });
});
