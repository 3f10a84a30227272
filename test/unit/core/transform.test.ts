import assert from 'node:assert/strict';
import type { LabelledData } from '../../../src/core/labelledData';
import { featureStatistics } from '../../../src/core/preprocessing/featureStatistics';
import { applyTransform, transformOf } from '../../../src/core/preprocessing/transform';
import { scaleFormula, scaleParts } from '../../../src/protocol/scale';
import { SCALES, type Scale } from '../../../src/protocol/study';

/** The values under a scale. */
function under(scale: Scale, values: readonly number[]): number[] {
  const array = Float32Array.from(values);
  applyTransform(array, transformOf(scale));
  return [...array];
}

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)), String(actual));
  }
}

function table(rows: readonly (readonly number[])[]): LabelledData {
  return {
    samples: rows.length,
    shape: [rows[0]!.length],
    dtype: 'float64',
    labels: new Int32Array(rows.length),
    label_names: null,
    read: (indices) => Promise.resolve(Float32Array.from(Array.from(indices, (i) => rows[i]!).flat())),
  };
}

describe('scales', () => {
  it('leave values alone, or bring bytes to 0 … 1 and −1 … 1 as they always did', () => {
    const bytes = Array.from({ length: 256 }, (_, x) => x);
    assert.deepEqual(under('none', bytes), bytes);
    assert.deepEqual(
      under('0..1', bytes),
      bytes.map((x) => Math.fround(x / 255)),
    );
    assert.deepEqual(
      under('-1..1', bytes),
      bytes.map((x) => Math.fround(x / 127.5 - 1)),
    );
  });

  it('take off the colours of ImageNet as PyTorch does', () => {
    const expected = [(0.2 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, (1 - 0.406) / 0.225];
    near(under('imagenet', [51, 102, 255, 51, 102, 255]), [...expected, ...expected]);
    near(under('0..1:imagenet', [0.2, 0.4, 1]), expected);
    near(under('-1..1:imagenet', [-0.6, -0.2, 1]), expected);
    near(under('bgr:imagenet', [255, 102, 51]), expected);
  });

  it('turn to blue first and take off the mean as Caffe does', () => {
    const expected = [255 - 103.939, 102 - 116.779, 51 - 123.68];
    near(under('caffe', [51, 102, 255, 51, 102, 255]), [...expected, ...expected]);
    near(under('0..1:caffe', [0.2, 0.4, 1]), expected);
  });

  it('turn channels and colours round', () => {
    assert.deepEqual(under('bgr:none', [1, 2, 3, 4, 5, 6]), [3, 2, 1, 6, 5, 4]);
    near(under('bgr:-1..1', [0, 127.5, 255]), [1, 0, -1]);
    assert.deepEqual(under('inverted:none', [0, 55, 255]), [255, 200, 0]);
    near(under('inverted:0..1', [0, 51, 255]), [1, 0.8, 0]);
    assert.deepEqual(under('0..1:inverted:0..1', [0, 0.25, 1]), [1, 0.75, 0]);
    near(under('0..1:inverted:-1..1', [0, 0.25, 1]), [1, 0.5, -1]);
    near(under('-1..1:inverted:-1..1', [-1, 0.25, 1]), [1, -0.25, -1]);
  });

  it('bring values stored between 0 and 1, or −1 and 1, to other ranges', () => {
    near(under('0..1:0..255', [0, 0.2, 1]), [0, 51, 255]);
    assert.deepEqual(under('0..1:-1..1', [0, 0.25, 1]), [-1, -0.5, 1]);
    near(under('-1..1:0..255', [-1, 0, 1]), [0, 127.5, 255]);
    near(under('-1..1:0..1', [-1, 0, 1]), [0, 0.5, 1]);
  });

  it('do what their formulas say', () => {
    for (const scale of SCALES) {
      const { before, target } = scaleParts(scale);
      const formula = scaleFormula(scale);
      if (before === 'bgr' || ['imagenet', 'caffe', 'mean,std'].includes(target)) continue;
      const script = formula
        .replace('as stored', '')
        .replaceAll('−', '-')
        .replaceAll(/([\d.]+) ([x(])/g, '$1 * $2');
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      const computed = new Function('x', `return ${script}`) as (x: number) => number;
      near(under(scale, [0.25, 1]), [computed(0.25), computed(1)]);
    }
  });

  it('have a formula each', () => {
    for (const scale of SCALES) assert.match(scaleFormula(scale), /x/, scale);
    assert.equal(scaleFormula('bgr:none'), 'BGR, x as stored');
  });
});

describe('standardising features', () => {
  it('takes off the mean and divides by the deviation of each', async () => {
    const data = table([
      [1e6, 3, 7],
      [1e6 + 2, 5, 7],
      [1e6 + 4, 10, 7],
    ]);
    const features = await featureStatistics(data, 3);
    near([...features.mean], [1e6 + 2, 6, 7]);
    near([...features.deviation], [Math.sqrt(8 / 3), Math.sqrt(26 / 3), 0]);
    const row = Float32Array.from([1e6 + 4, 6, 7]);
    applyTransform(row, transformOf('mean,std', features));
    near([...row], [2 / Math.sqrt(8 / 3), 0, 0]);
    assert.equal(featureStatistics(data, 3), featureStatistics(data, 3), 'found once');
  });

  it('leaves out what is no number', async () => {
    const { mean, deviation } = await featureStatistics(table([[1], [NaN], [3], [Infinity]]), 4);
    near([...mean, ...deviation], [2, 1]);
  });
});
