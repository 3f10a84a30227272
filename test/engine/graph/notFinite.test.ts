import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { readModel } from '../../../src/formats/models/readModel';
import { failsWith } from '../../support/failsWith';
import { node, placeholder, writeGraph } from '../../support/graph/writeGraph';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('weights of graph models that are no numbers', function () {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  /** A dense layer with these numbers in its kernel, its bias, and a mask in front of it. */
  const write = (kernel: number, bias: number, mask: number): Promise<string> =>
    writeGraph(
      temporary.path('.'),
      [
        placeholder('x', [2]),
        node('masked', 'Maximum', ['x', 'mask']),
        node('read', 'Identity', ['kernel']),
        node('product', 'MatMul', ['masked', 'read']),
        node('sum', 'BiasAdd', ['product', 'bias']),
        node('scores', 'Softmax', ['sum']),
      ],
      {
        kernel: { shape: [2, 2], values: [1, 2, 3, kernel] },
        bias: { shape: [2], values: [bias, 1] },
        mask: { shape: [2], values: [mask, 0] },
      },
    );

  it('are refused, and the weight named', async () => {
    const { numTensors } = memory();
    await failsWith(
      readModel(await write(NaN, 0, 0)),
      /The weight kernel of .*model\.json holds a value that is NaN/,
    );
    await failsWith(
      readModel(await write(1, Infinity, 0)),
      /The weight bias of .*model\.json holds a value that is infinite/,
    );
    assert.equal(memory().numTensors, numTensors);
  });

  it('are let be where they are constants that nobody learned', async () => {
    const { network } = await readModel(await write(1, 0, -Infinity));
    network.dispose();
  });
});
