import assert from 'node:assert/strict';
import { findSites } from '../../src/core/network/sites';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { architectures, type FixtureName } from '../support/architectures';
import { requireNativeBackend } from '../support/nativeBackend';
import { requireAssets } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';

/** By hand, in topological order: name, shape, what makes the units; `!` where the scores do not depend on it. */
const NETWORKS: Record<FixtureName, readonly string[]> = {
  mlp: ['hidden 16 dense', 'second 12 dense'],
  batchNorm: ['relu_a 10×10×6 convolution', 'norm_b 5×5×7 convolution', 'conv_c 4×4×8 convolution'],
  residual: [
    'stem 8×8×6 convolution',
    'block_1 8×8×5 convolution',
    'block_2 8×8×6 convolution',
    'end 8×8×6 add',
  ],
  branches: ['left_relu 7 dense', 'right_leaky 9 dense', 'joint 8 dense'],
  shared: ['first 8 dense', 'twice 8 dense', 'twice@1 8 dense'],
  nested: ['outer 10 dense', 'inner_1 9 dense', 'after 6 dense'],
  nestedTwice: ['inner_1 9 dense', 'inner_2 10 dense', 'inner_1@1 9 dense', 'inner_2@1 10 dense'],
  depthwise: ['depthwise 7×7×6 depthwise convolution', 'separable 5×5×8 convolution'],
  sigmoid: ['hidden 8 dense', 'second 6 dense'],
  separateSoftmax: ['hidden 10 dense'],
  nearTies: ['hidden 14 dense', 'second 10 dense'],
  twoOutputs: ['trunk 12 dense', 'number 1 dense !'],
};

const ASSETS: Readonly<Record<string, readonly string[]>> = {
  'tfjs-mnist-cnn/model.json': [
    'conv2d_7 26×26×32 convolution',
    'conv2d_8 11×11×64 convolution',
    'conv2d_9 3×3×64 convolution',
    'dense_4 64 dense',
  ],
  'tfjs-cnn-explainer-tinyvgg/model.json': [
    'relu_1_1 62×62×10 convolution',
    'relu_1_2 60×60×10 convolution',
    'relu_2_1 28×28×10 convolution',
    'relu_2_2 26×26×10 convolution',
  ],
  'tensorspace-keras-functional/tfjs-layers-multioutput/model.json': [
    'Conv2D_1 24×24×6 convolution',
    'Conv2D_2 8×8×16 convolution',
    'Dense_1 120 dense',
    'Dense_2 84 dense',
  ],
};

describe('the sites of a network', () => {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  async function sitesOf(file: string): Promise<string[]> {
    const { network } = await readModel(file);
    const { sites, excluded } = findSites(network);
    network.dispose();
    assert.deepEqual(excluded, []);
    return sites.map(({ name, units, shape, kind, feeds }) => {
      assert.equal(units, shape.at(-1));
      return `${name} ${shape.join('×')} ${kind}${feeds ? '' : ' !'}`;
    });
  }

  for (const [name, expected] of Object.entries(NETWORKS)) {
    it(`are those listed by hand: ${name}`, async () => {
      const model = architectures[name as FixtureName].build();
      const file = await writeLayersModel(model, temporary.path('model'));
      model.dispose();
      assert.deepEqual(await sitesOf(file), expected);
    });
  }

  for (const [name, expected] of Object.entries(ASSETS)) {
    it(`are those listed by hand: ${name}`, async function () {
      const [file] = requireAssets(this, name);
      assert.deepEqual(await sitesOf(file), expected);
    });
  }
});
