import assert from 'node:assert/strict';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { InputValues, LabelledData, SampleValues } from '../../../src/core/labelledData';
import type { Algebra, Network, Operation, Shape } from '../../../src/core/network/network';
import { fittingNotes, samplesFor } from '../../../src/core/samples';
import type { Scale } from '../../../src/protocol/study';
import { failsWith } from '../../support/failsWith';

function operation(id: string, inputs: readonly string[], shape: Shape, algebra: Algebra): Operation {
  return {
    id,
    name: id,
    type: id,
    inputs,
    shape: [null, ...shape],
    algebra,
    makes: null,
    hindrance: null,
    run: () => assert.fail('is not run'),
  };
}

/** A network that reads these inputs; an input named `words` goes through an embedding. */
function networkOf(inputs: Readonly<Record<string, Shape>>): Network {
  const ids = Object.keys(inputs);
  const readers = ids.map((id) => {
    return operation(
      `${id}/read`,
      [id],
      [2],
      id === 'words' ? { kind: 'embedding', table: null as never } : { kind: 'opaque' },
    );
  });
  return {
    name: 'test',
    operations: [
      ...ids.map((id) => operation(id, [], inputs[id]!, { kind: 'input' })),
      ...readers,
      operation(
        'scores',
        readers.map(({ id }) => id),
        [2],
        { kind: 'add' },
      ),
    ],
    inputs: ids,
    outputs: [],
    head: { kind: 'logits', scores: 'scores', output: 'scores', classes: 2 },
    parameters: 0,
    dispose: () => undefined,
  };
}

/** Two samples whose values count up from 0. */
function counting(shape: readonly number[]): SampleValues {
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    shape,
    dtype: 'uint8',
    read: (indices) =>
      Promise.resolve(
        Float32Array.from(Array.from(indices).flatMap((n) => range(size).map((k) => n * size + k))),
      ),
  };
}

const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

function dataOf(values: SampleValues, inputs?: readonly InputValues[]): LabelledData {
  const labels = Int32Array.of(0, 1);
  return { ...values, samples: 2, labels, label_names: null, ...(inputs === undefined ? {} : { inputs }) };
}

/** What the network is given for some samples: shape and values of each input. */
async function loaded(
  network: Network,
  data: LabelledData,
  indices: readonly number[],
  scale: Scale = 'none',
): Promise<readonly (readonly [shape: number[], values: number[]])[]> {
  const tensors = await samplesFor(network, data, scale, 'd.npz').load(indices);
  return tensors.map((tensor) => {
    const found: readonly [number[], number[]] = [tensor.shape, [...tensor.dataSync()]];
    tensor.dispose();
    return found;
  });
}

const refusal = (network: Network, data: LabelledData): Promise<void> =>
  Promise.resolve().then(() => void samplesFor(network, data, 'none', 'd.npz'));

describe('samples as a network takes them', () => {
  before(async () => {
    await setBackend('cpu');
  });

  it('gain and lose axes of size one, and are flattened', async () => {
    const cases: [Shape, number[], number[]][] = [
      [
        [2, 3, 1],
        [2, 3],
        [2, 3, 1],
      ],
      [
        [2, 3, 1],
        [1, 2, 3],
        [2, 3, 1],
      ],
      [[6], [2, 3], [6]],
      [[2, 3, 1], [6], [2, 3, 1]],
      [
        [null, 3],
        [5, 3],
        [5, 3],
      ],
    ];
    for (const [wanted, given, shape] of cases) {
      const data = dataOf(counting(given));
      const [input] = await loaded(networkOf({ in: wanted }), data, [1, 0]);
      const size = given.reduce((a, b) => a * b, 1);
      assert.deepEqual(input, [
        [2, ...shape],
        [...range(size).map((k) => size + k), ...range(size)],
      ]);
      assert.deepEqual(fittingNotes(networkOf({ in: wanted }), data), []);
    }
  });

  it('are turned where they are pictures with their channels first, and it is said', async () => {
    for (const wanted of [
      [2, 4, 3],
      [null, null, 3],
    ]) {
      const network = networkOf({ in: wanted });
      const data = dataOf(counting([3, 2, 4]));
      const [input] = await loaded(network, data, [1]);
      // At place p of channel c stood 8c + p.
      const expected = range(8).flatMap((place) => range(3).map((channel) => 24 + 8 * channel + place));
      assert.deepEqual(input, [[1, 2, 4, 3], expected]);
      const [note, ...more] = fittingNotes(network, data);
      assert.match(note!, /^The pictures are stored as 3×2×4, channels first; they were turned to /);
      assert.deepEqual(more, []);
    }
  });

  it('are refused in a sentence with both shapes where they do not fit', async () => {
    const cases: [Shape, number[], RegExp][] = [
      [
        [28, 28, 1],
        [32, 32, 3],
        /^The samples in d\.npz are 32×32×3, but the model takes 28×28×1; choose data of that shape\.$/,
      ],
      [[32, 32, 3], [3, 32, 16], /are 3×32×16, but the model takes 32×32×3/],
      [[28, 28, 3], [28, 28], /are 28×28, but the model takes 28×28×3/],
      [[8], [7], /are rows of 7, but the model takes rows of 8/],
      [[null, 3], [15], /are rows of 15, but the model takes any×3/],
      [[4, 6, 5], [5, 4, 6], /are 5×4×6, but the model takes 4×6×5/],
    ];
    for (const [wanted, given, sentence] of cases) {
      await failsWith(refusal(networkOf({ in: wanted }), dataOf(counting(given))), sentence);
    }
  });

  it('are given input by input, by name, the preprocessing for the pictures alone', async () => {
    const network = networkOf({ table: [2], image: [1, 2, 1], words: [2] });
    const inputs = [
      { input: 'words', ...counting([2]) },
      { input: 'image', ...counting([1, 2]) },
      { input: 'table', ...counting([2]) },
    ];
    const data = dataOf(inputs[2]!, inputs);
    assert.deepEqual(await loaded(network, data, [1], '0..1'), [
      [
        [1, 2],
        [2, 3],
      ],
      [
        [1, 1, 2, 1],
        [Math.fround(2 / 255), Math.fround(3 / 255)],
      ],
      [
        [1, 2],
        [2, 3],
      ],
    ]);
    assert.deepEqual(fittingNotes(network, data), [
      'The preprocessing is for image; taken as stored: table, words.',
    ]);
    await failsWith(
      refusal(networkOf({ table: [3], image: [1, 2, 1] }), data),
      /^The samples for table in d\.npz are rows of 2, but the model takes rows of 3/,
    );
  });

  it('are scaled in all inputs of numbers where there is no picture, never in words', async () => {
    const network = networkOf({ one: [2], two: [2], words: [2] });
    const inputs = ['one', 'two', 'words'].map((input) => ({ input, ...counting([2]) }));
    const found = await loaded(network, dataOf(inputs[0]!, inputs), [1], '0..1');
    const [one, two, words] = found.map(([, values]) => values);
    assert.deepEqual(one, [Math.fround(2 / 255), Math.fround(3 / 255)]);
    assert.deepEqual(two, one);
    assert.deepEqual(words, [2, 3]);
  });
});
