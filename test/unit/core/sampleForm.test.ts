import assert from 'node:assert/strict';
import type { Algebra, Network, Operation } from '../../../src/core/network/network';
import { sampleForm, shownSample } from '../../../src/core/sampleForm';

/** A network whose input is read by one operation, after some others that change nothing of its form. */
function reading(algebra: Algebra, before: readonly Algebra[] = []): Network {
  const all = [{ kind: 'input' } as const, ...before, algebra];
  const operations = all.map((one, n): Operation => ({
    id: String(n),
    name: String(n),
    type: '',
    inputs: n === 0 ? [] : [String(n - 1)],
    shape: [null, 1],
    algebra: one,
    makes: null,
    hindrance: null,
    run: () => {
      throw new Error('Nothing is run');
    },
  }));
  const head = { kind: 'logits', scores: '1', output: '1', classes: 2 } as const;
  return {
    name: '',
    operations,
    inputs: ['0'],
    outputs: [],
    head,
    parameters: 0,
    dispose: () => undefined,
  };
}

const opaque = reading({ kind: 'opaque' });
const flatten = reading({ kind: 'reshape', moves: 'flatten' });
const image = (height: number, width: number, channels: number) => ({
  kind: 'image',
  height,
  width,
  channels,
});
const series = (steps: number, channels: number) => ({ kind: 'series', steps, channels });

describe('the form of a sample', () => {
  it('is a picture where data or model say so', () => {
    assert.deepEqual(sampleForm(opaque, '0', [28, 30, 1], [28, 30, 1]), image(28, 30, 1));
    assert.deepEqual(sampleForm(opaque, '0', [28, 28], [28, 28, 1]), image(28, 28, 1));
    assert.deepEqual(sampleForm(opaque, '0', [784], [28, 28, 1]), image(28, 28, 1));
    assert.deepEqual(sampleForm(opaque, '0', [32, 32, 3], [3072]), image(32, 32, 3));
    assert.deepEqual(sampleForm(opaque, '0', [9, 9, 4], [9, 9, 4]), image(9, 9, 4));
    assert.deepEqual(sampleForm(opaque, '0', [28, 28], [784]), image(28, 28, 1));
    assert.deepEqual(sampleForm(flatten, '0', [28, 28], [28, 28]), image(28, 28, 1));
  });

  it('is a series where the model works step by step, or where it is long', () => {
    assert.deepEqual(sampleForm(opaque, '0', [28, 28], [28, 28]), series(28, 28));
    const normalised = reading({ kind: 'opaque' }, [{ kind: 'affine', scale: null, offset: null }]);
    assert.deepEqual(sampleForm(normalised, '0', [28, 28], [28, 28]), series(28, 28));
    assert.deepEqual(sampleForm(flatten, '0', [128, 9], [128, 9]), series(128, 9));
    assert.deepEqual(sampleForm(opaque, '0', [128, 9], [1152]), series(128, 9));
    assert.deepEqual(sampleForm(opaque, '0', [100], [100, 1]), series(100, 1));
    assert.deepEqual(sampleForm(opaque, '0', [50, 3, 1], [50, 3]), series(50, 3));
  });

  it('is plain values otherwise: a square number of them is no picture, words are none', () => {
    assert.deepEqual(sampleForm(opaque, '0', [784], [784]), { kind: 'values' });
    assert.deepEqual(sampleForm(opaque, '0', [4, 5, 6, 2], [4, 5, 6, 2]), { kind: 'values' });
    assert.deepEqual(sampleForm(opaque, '0', [8, 8, 2], [8, 8, 2]), { kind: 'values' });
    const words = reading({ kind: 'embedding', table: null as never });
    assert.deepEqual(sampleForm(words, '0', [20], [20]), { kind: 'values' });
  });
});

describe('a sample that is shown', () => {
  const form = (height: number, width: number, channels: number) =>
    ({ kind: 'image', height, width, channels }) as const;

  it('keeps bytes as they are; grey stays grey', () => {
    const shown = shownSample(Float32Array.of(0, 7, 200, 255), form(2, 2, 1), { least: 0, most: 255 });
    assert.ok(shown.kind === 'image');
    assert.deepEqual([shown.width, shown.height], [2, 2]);
    assert.deepEqual([...shown.rgba], [0, 0, 0, 255, 7, 7, 7, 255, 200, 200, 200, 255, 255, 255, 255, 255]);
  });

  it('spreads other values over black to white, with what is beyond at the ends', () => {
    const shown = shownSample(Float32Array.of(-1, 0, 1, 3, -5, 0.5), form(1, 2, 3), { least: -1, most: 1 });
    assert.ok(shown.kind === 'image');
    assert.deepEqual([...shown.rgba], [0, 128, 255, 255, 255, 0, 191, 255]);
  });

  it('keeps opacity, and shows a picture of one value as black', () => {
    const rgba = shownSample(Float32Array.of(1, 2, 3, 4), form(1, 1, 4), { least: 0, most: 255 });
    assert.ok(rgba.kind === 'image');
    assert.deepEqual([...rgba.rgba], [1, 2, 3, 4]);
    const flat = shownSample(Float32Array.of(5), form(1, 1, 1), { least: 5, most: 5 });
    assert.ok(flat.kind === 'image');
    assert.deepEqual([...flat.rgba], [0, 0, 0, 255]);
  });

  it('makes a large picture smaller by means over squares, cut off at the edge', () => {
    const [height, width] = [3, 515];
    const values = Float32Array.from(
      { length: height * width },
      (_, at) => (at % width) + Math.floor(at / width),
    );
    const shown = shownSample(values, form(height, width, 1), { least: 0, most: 255 });
    assert.ok(shown.kind === 'image');
    assert.deepEqual([shown.width, shown.height], [172, 1]);
    // Columns 3 … 5 over rows 0 … 2.
    assert.equal(shown.rgba[4], 5);
    // Columns 513 and 514 only, brighter than white.
    assert.equal(shown.rgba[171 * 4], 255);
  });

  it('copies a series, and the first values of anything else', () => {
    const values = Float32Array.from({ length: 100 }, (_, n) => n);
    const shown = shownSample(values, { kind: 'series', steps: 50, channels: 2 }, { least: 0, most: 0 });
    assert.deepEqual(shown, { kind: 'series', steps: 50, channels: 2, values });
    const first = shownSample(values, { kind: 'values' }, { least: 0, most: 0 });
    assert.deepEqual(first, { kind: 'values', values: values.slice(0, 64), size: 100 });
  });
});
