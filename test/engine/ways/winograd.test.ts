import assert from 'node:assert/strict';
import { conv2d, dispose, memory, tensor, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { asBatch, asPositions } from '../../../src/core/ablation/ways/layout';
import { winogradConvolution } from '../../../src/core/ablation/ways/winograd';
import { requireNativeBackend } from '../../support/nativeBackend';
import { normals } from '../../support/seeded';

const PAIRS = 3;
const CHANNELS = 32;
const UNITS = 17;

describe("Winograd's convolution", () => {
  before(async function () {
    await requireNativeBackend(this);
  });

  for (const [height, width] of [
    [3, 3],
    [4, 4],
    [5, 9],
    [6, 4],
    [8, 8],
    [13, 3],
    [16, 18],
  ] as const) {
    for (const [stride, padding] of [
      [1, 'same'],
      [1, 'valid'],
      [2, 'same'],
      [2, 'valid'],
    ] as const) {
      it(`gives what a plain one does: ${String(height)}×${String(width)}, stride ${String(stride)}, ${padding}`, () => {
        const tensors = memory().numTensors;
        const x = random([PAIRS, height, width, CHANNELS], 1);
        const kernel = random([3, 3, CHANNELS, UNITS], 2);
        const plain = conv2d(x as Tensor4D, kernel as Tensor4D, stride, padding);
        const winograd = winogradConvolution(kernel, height, width, stride, padding);
        const moved = tidy(() => {
          const input = asPositions({ value: x, layout: 'batch' });
          return asBatch({ value: winograd.apply(input), layout: 'positions' });
        });

        assert.deepEqual(moved.shape, plain.shape);
        const expected = plain.dataSync();
        const size = Math.sqrt(9 * CHANNELS);
        moved.dataSync().forEach((value, index) => {
          assert.ok(Math.abs(value - expected[index]!) < 2e-5 * size, `element ${String(index)}`);
        });
        winograd.dispose();
        dispose([x, kernel, plain, moved]);
        assert.equal(memory().numTensors, tensors);
      });
    }
  }
});

function random(shape: readonly number[], seed: number): Tensor {
  return tensor(
    normals(
      shape.reduce((n, size) => n * size, 1),
      seed,
    ),
    [...shape],
  );
}
