import assert from 'node:assert/strict';
import '@tensorflow/tfjs-backend-cpu';
import { dispose, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { l1Norms } from '../../../../src/core/measures/l1Norm';
import { hasOutgoing } from '../../../../src/core/measures/outgoing';
import type { Algebra, Makes, Network, Operation } from '../../../../src/core/network/network';
import type { Site } from '../../../../src/core/network/sites';

const WINDOW = { bias: null, strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
const RELU: Algebra = { kind: 'pointwise', name: 'relu', rectifier: { slope: 0, most: Infinity } };

function operation(id: string, inputs: readonly string[], algebra: Algebra, makes: Makes = null): Operation {
  const run = (): Tensor => {
    throw new Error('Weights are read without running anything');
  };
  return { id, name: id, type: id, inputs, shape: [null, 1], algebra, makes, hindrance: null, run };
}

function siteOf(maker: Operation, units: number): Site {
  return { id: maker.id, name: maker.id, units, shape: [units], kind: 'dense', maker, feeds: true };
}

/** Which of a site's units are listened to, the operations after it being these; the last gives the scores. */
function heard(units: number, after: readonly Operation[], makes: Makes = 'dense'): number[] {
  const maker = operation('site', ['in'], { kind: 'opaque' }, makes);
  const scores = after.at(-1)!.id;
  const network: Network = {
    name: 'test',
    operations: [operation('in', [], { kind: 'input' }), maker, ...after],
    inputs: ['in'],
    outputs: [],
    head: { kind: 'logits', scores, output: scores, classes: 2 },
    parameters: 0,
    dispose: () => undefined,
  };
  return [...hasOutgoing(network, siteOf(maker, units))];
}

describe('weights of a unit', () => {
  const made: Tensor[] = [];
  const weights = (values: readonly number[], shape: number[]): Tensor => {
    made.push(tensor([...values], shape));
    return made.at(-1)!;
  };
  const dense = (id: string, input: string, values: readonly number[], shape: number[]): Operation =>
    operation(id, [input], { kind: 'dense', kernel: weights(values, shape), bias: null });

  before(() => setBackend('cpu'));
  after(() => dispose(made));

  describe('L1 norm', () => {
    const norms = (algebra: Algebra, units: number): number[] => [
      ...l1Norms(siteOf(operation('site', ['in'], algebra), units)),
    ];

    it('sums the absolute weights that come in, by hand for each kind of kernel', () => {
      const kernel = weights([1, -2, 0, 3, -4, 0.5], [3, 2]);
      assert.deepEqual(norms({ kind: 'dense', kernel, bias: weights([9, 9], [2]) }, 2), [5, 5.5]);
      // [1, 2, 1, 3]: two places of a window, one channel in, three units.
      const window = weights([1, 2, 3, -1, -1, 0], [1, 2, 1, 3]);
      assert.deepEqual(norms({ kind: 'convolution', kernel: window, ...WINDOW }, 3), [2, 3, 3]);
      // [1, 2, 2, 2]: unit = channel · 2 + multiple.
      const depthwise = weights([1, 2, 3, 4, -10, -20, -30, -40], [1, 2, 2, 2]);
      assert.deepEqual(norms({ kind: 'depthwise', kernel: depthwise, ...WINDOW }, 4), [11, 22, 33, 44]);
      assert.deepEqual(norms({ kind: 'embedding', table: kernel }, 2), [5, 5.5]);
      // One row in, two gates of two units; the state goes into both gates.
      const recurrent: Algebra = {
        kind: 'recurrent',
        gates: 2,
        kernel: weights([1, -2, 3, 4], [1, 4]),
        recurrentKernel: weights([0, 1, 0, 1, -10, 0, 20, 0], [2, 4]),
        bias: null,
      };
      assert.deepEqual(norms(recurrent, 2), [34, 8]);
    });

    it('is empty where no kernel is known', () => {
      assert.deepEqual(norms({ kind: 'add' }, 2), [NaN, NaN]);
      assert.deepEqual(norms({ kind: 'opaque' }, 1), [NaN]);
    });
  });

  describe('outgoing weights', () => {
    it('are those of the next layer, through what works on each channel', () => {
      const after = [
        operation('drop', ['site'], { kind: 'identity' }),
        operation('relu', ['drop'], RELU),
        dense('scores', 'relu', [0, 0, 1, 0, 0, -0], [3, 2]),
      ];
      assert.deepEqual(heard(3, after), [0, 1, 0]);
    });

    it('are followed through a flatten, position by position', () => {
      const after = [
        operation('pool', ['site'], { kind: 'pooling', how: 'max', global: false }),
        operation('flat', ['pool'], { kind: 'reshape', moves: 'flatten' }),
        // Two positions of three channels: only the second position's last channel counts.
        dense('scores', 'flat', [0, 0, 0, 0, 0, 7], [6, 1]),
      ];
      assert.deepEqual(heard(3, after), [0, 0, 1]);
    });

    it('are those of a convolution, and of a depthwise one and what follows it', () => {
      const convolution: Algebra = {
        kind: 'convolution',
        kernel: weights([0, 0, 0, 0, 0, 2, 0, 0], [2, 1, 2, 2]),
        ...WINDOW,
      };
      assert.deepEqual(heard(2, [operation('scores', ['site'], convolution)]), [1, 0]);
      // Unit 0 goes into channels 0 and 1, unit 1 into 2 and 3, whose weights are 1, 0; 1, 1.
      const depthwise: Algebra = {
        kind: 'depthwise',
        kernel: weights([1, 0, 1, 1], [1, 1, 2, 2]),
        ...WINDOW,
      };
      const after = (values: readonly number[]): Operation[] => [
        operation('depthwise', ['site'], depthwise),
        operation('scale', ['depthwise'], { kind: 'affine', scale: null, offset: new Float32Array(4) }),
        dense('scores', 'scale', values, [4, 1]),
      ];
      assert.deepEqual(heard(2, after([0, 5, 0, 0])), [0, 0]);
      assert.deepEqual(heard(2, after([0, 5, 0, 1])), [0, 1]);
      assert.deepEqual(heard(2, after([3, 0, 0, 0])), [1, 0]);
    });

    it('end at a channel that is scaled by zero', () => {
      const scale: Algebra = { kind: 'affine', scale: Float32Array.of(1, 0), offset: null };
      const after = [operation('norm', ['site'], scale), dense('scores', 'norm', [1, 1], [2, 1])];
      assert.deepEqual(heard(2, after), [1, 0]);
    });

    it('count over every consumer that leads to the scores, and no other', () => {
      const after = [
        dense('one', 'site', [1, 0, 0], [3, 1]),
        dense('two', 'site', [0, 1, 0], [3, 1]),
        dense('elsewhere', 'site', [1, 1, 1], [3, 1]),
        operation('scores', ['one', 'two'], { kind: 'add' }),
      ];
      assert.deepEqual(heard(3, after), [1, 1, 0]);
    });

    it('are followed over a join that keeps channels apart', () => {
      const sum = operation('sum', ['site', 'norm'], { kind: 'add' });
      const after = (join: Operation, values: readonly number[]): Operation[] => [
        operation('norm', ['site'], { kind: 'affine', scale: Float32Array.of(0, 1, 1), offset: null }),
        join,
        dense('scores', join.id, values, [values.length, 1]),
      ];
      assert.deepEqual(heard(3, after(sum, [1, 0, 1])), [1, 0, 1]);
      const both = operation('both', ['site', 'norm'], { kind: 'concatenate', axis: 1 });
      // The second input's first channel is scaled by zero.
      assert.deepEqual(heard(3, after(both, [0, 0, 1, 1, 0, 0])), [0, 0, 1]);
      assert.deepEqual(heard(3, after(both, [0, 0, 0, 1, 1, 0])), [0, 1, 0]);
      const depthwise: Algebra = { kind: 'depthwise', kernel: weights([1, 1], [1, 1, 1, 2]), ...WINDOW };
      const mixed = [
        operation('two', ['site'], depthwise),
        operation('scores', ['two', 'two'], { kind: 'multiply' }),
      ];
      assert.deepEqual(heard(1, mixed), [1]);
    });

    it('are those into the gates of a recurrent layer', () => {
      const recurrent: Algebra = {
        kind: 'recurrent',
        gates: 2,
        kernel: weights([0, 0, 0, 1, 0, 0, 0, 0], [2, 4]),
        recurrentKernel: weights([9, 9, 9, 9, 9, 9, 9, 9], [2, 4]),
        bias: null,
      };
      assert.deepEqual(heard(2, [operation('scores', ['site'], recurrent)]), [1, 0]);
    });

    it('are taken to be there where the algebra does not tell', () => {
      const opaque = operation('odd', ['site'], { kind: 'opaque' });
      assert.deepEqual(heard(2, [opaque, dense('scores', 'odd', [0, 0], [2, 1])]), [1, 1]);
      const any = operation('moved', ['site'], { kind: 'reshape', moves: 'any' });
      assert.deepEqual(heard(2, [any, dense('scores', 'moved', [0, 0], [2, 1])]), [1, 1]);
      const twice = operation('odd', ['site', 'site'], { kind: 'opaque' });
      assert.deepEqual(heard(2, [twice, dense('scores', 'odd', [0, 0], [2, 1])]), [1, 1]);
      const spread = { ...operation('sum', ['site', 'in'], { kind: 'add' }), shape: [null, 4, 2] };
      assert.deepEqual(heard(2, [spread, dense('scores', 'sum', [0, 0], [2, 1])]), [1, 1]);
      assert.deepEqual(heard(2, [dense('scores', 'site', [0, 0], [2, 1])], 'recurrent'), [1, 1]);
      assert.deepEqual(heard(2, [dense('scores', 'site', [0, 0], [2, 1])]), [0, 0]);
    });
  });
});
