import assert from 'node:assert/strict';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Program } from '../../../src/core/network/program';
import { tfjsTopology } from '../../../src/formats/models/keras/topology';
import { buildLayersNetwork } from '../../../src/formats/models/layersModel';
import { requireNativeBackend } from '../../support/nativeBackend';

const layer = (type: string, config: object): object => ({ class_name: type, config });
const leaky = (slope: number): object => layer('LeakyReLU', { negative_slope: slope });
const recurrent = { units: 1, activation: leaky(0.75), use_bias: false };

/** What a layer gives for the sequence -1, -2, with all its weights 1. */
async function statesOf(first: { class_name: string; config: object }, isGated = false): Promise<number[]> {
  const start = { ...first.config, name: 'first', batch_input_shape: [null, 2, 1] };
  const topology = layer('Sequential', {
    name: 'net',
    layers: [
      { class_name: first.class_name, config: start },
      layer('Flatten', { name: 'flat' }),
      layer('Dense', { name: 'classes', units: 2, activation: 'softmax' }),
    ],
  });
  const ones = (model: LayersModel): void => {
    for (const one of model.layers) {
      if (one.name !== 'first') continue;
      const values = one.weights.map(({ shape }) => filled(shape as number[], isGated ? 0.5 : 1));
      one.setWeights(values);
      for (const value of values) value.dispose();
    }
  };
  const network = await buildLayersNetwork(
    { modelTopology: tfjsTopology(topology, 'net.json') },
    'net.json',
    undefined,
    ones,
  );
  const flat = network.operations.find(({ name }) => name === 'flat')!;
  const x = tensor([-1, -2], [1, 2, 1]);
  const [given] = new Program(network, network.inputs, [flat.inputs[0]!]).run([x]);
  const values = [...given!.dataSync<'float32'>()];
  given!.dispose();
  x.dispose();
  network.dispose();
  return values;
}

function filled(shape: readonly number[], value: number): Tensor {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return tensor(new Float32Array(size).fill(value), [...shape]);
}

describe('settings of activations', function () {
  before(async function () {
    await requireNativeBackend(this);
  });

  it('are kept in the layers that a Bidirectional makes', async () => {
    const simple = layer('SimpleRNN', { ...recurrent, name: 'inner', return_sequences: true });
    const both = { class_name: 'Bidirectional', config: { layer: simple, merge_mode: 'concat' } };
    // Forwards -0.75, then 0.75 · (-2 - 0.75); backwards -1.5, then 0.75 · (-1 - 1.5).
    assert.deepEqual(await statesOf(both), [-0.75, -1.875, -2.0625, -1.5]);
  });

  for (const type of ['LSTM', 'GRU']) {
    it(`are kept for both activations of a ${type}`, async () => {
      const config = {
        ...recurrent,
        name: 'inner',
        recurrent_activation: leaky(0.6),
        reset_after: true,
        implementation: 2,
        return_sequences: true,
      };
      const alone = await statesOf({ class_name: type, config }, true);
      const both = await statesOf(
        {
          class_name: 'Bidirectional',
          config: { layer: layer(type, config), merge_mode: 'concat' },
        },
        true,
      );
      assert.deepEqual([both[0], both[2]], alone);
      const steep = await statesOf({ class_name: type, config: { ...config, activation: leaky(0.2) } }, true);
      assert.notDeepEqual(alone, steep);
    });
  }

  it('are refused where they ask for what is not computed', () => {
    for (const [type, config] of Object.entries({ ELU: { alpha: 2 }, Softmax: { axis: 1 } })) {
      const settings = { name: 'd', batch_input_shape: [null, 2], units: 2, activation: layer(type, config) };
      assert.throws(
        () => tfjsTopology(layer('Sequential', { layers: [layer('Dense', settings)] }), 'net.json'),
        new RegExp(`the layer d has the activation ${type} with settings that are not supported`),
      );
    }
  });

  it('are kept in a layer called on every step', async () => {
    const inner = layer('Dense', { name: 'inner', units: 1, activation: leaky(0.75), use_bias: false });
    const each = { class_name: 'TimeDistributed', config: { layer: inner } };
    assert.deepEqual(await statesOf(each), [-0.75, -1.5]);
  });
});
