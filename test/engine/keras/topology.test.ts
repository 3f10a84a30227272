import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memory, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Program } from '../../../src/core/network/program';
import { tfjsTopology } from '../../../src/formats/models/keras/topology';
import { isContainer, type LayerObject } from '../../../src/formats/models/layerInternals';
import { buildLayersNetwork } from '../../../src/formats/models/layersModel';
import { requireKeras } from '../../support/kerasPython';
import { requireNativeBackend } from '../../support/nativeBackend';

/** How far a probability may be from what Keras computes, at most. */
const WITHIN = 1e-5;

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model as the script prints it. */
interface Made {
  readonly title: string;
  readonly config: unknown;
  readonly weights: readonly (readonly [string, readonly Values[]])[];
  readonly x: Values;
  readonly y: readonly number[];
}

describe('descriptions of Keras models, built as TensorFlow.js models', function () {
  this.timeout(15 * 60_000);
  let made: readonly Made[] = [];

  before(async function () {
    await requireNativeBackend(this);
    const { python, env } = await requireKeras(this);
    const script = join(__dirname, '../../support/keras/topologies.py');
    const options = { env, maxBuffer: 64 * 2 ** 20 };
    const { stdout } = await promisify(execFile)(python, [script], options);
    made = JSON.parse(stdout) as Made[];
  });

  it('predict what Keras predicts, each with one kind of layer', async () => {
    assert.ok(made.length > 150, String(made.length));
    const wrong: string[] = [];
    for (const model of made) {
      const tensors = memory().numTensors;
      const away = await farthest(model).catch((error: unknown) => String(error));
      if (typeof away === 'string' || away > WITHIN) wrong.push(`${model.title}: ${String(away)}`);
      else if (memory().numTensors !== tensors) wrong.push(`${model.title}: leaves tensors behind`);
    }
    assert.deepEqual(wrong, []);
  });
});

/** How far the probabilities of the built model are from those of Keras, at most. */
async function farthest({ config, weights, x, y }: Made): Promise<number> {
  const byName = new Map(weights);
  const network = await buildLayersNetwork(
    { modelTopology: tfjsTopology(config, 'model.json') },
    'model.json',
    undefined,
    (model) => {
      setWeights(model, byName);
    },
  );
  const input = tensor([...x.data], [...x.shape]);
  const [output] = new Program(network, network.inputs, [network.head.output]).run([input]);
  const values = output!.dataSync<'float32'>();
  output!.dispose();
  input.dispose();
  network.dispose();
  assert.equal(values.length, y.length);
  return Math.max(...y.map((value, index) => Math.abs(value - values[index]!)));
}

/** Sets the weights of every layer, also in models inside the model. */
function setWeights(model: LayersModel, weights: ReadonlyMap<string, readonly Values[]>): void {
  for (const layer of model.layers) {
    const object = layer as unknown as LayerObject;
    if (isContainer(object)) {
      setWeights(layer as unknown as LayersModel, weights);
      continue;
    }
    if (layer.weights.length === 0) continue;
    const values = weights.get(layer.name)?.map(({ data, shape }) => tensor([...data], [...shape]));
    assert.ok(values !== undefined, layer.name);
    layer.setWeights(values);
    for (const value of values) value.dispose();
  }
}
