import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import { Program } from '../../../src/core/network/program';
import { findSites } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import { failsWith } from '../../support/failsWith';
import { loadGraph, samplesFor } from '../../support/graph/loadGraph';
import {
  list,
  node,
  placeholder,
  text,
  writeGraph,
  type NodeJson,
  type WeightJson,
} from '../../support/graph/writeGraph';
import { requireGraphModels } from '../../support/graphModels';
import { plainOutput, valuesOf } from '../../support/plainAlgebra';
import { requireNativeBackend } from '../../support/nativeBackend';
import { normals } from '../../support/seeded';
import { temporaryFolder } from '../../support/temporaryFolder';

type Weights = Readonly<Record<string, WeightJson>>;

function weight(shape: readonly number[], seed = 1): WeightJson {
  return {
    shape,
    values: [
      ...normals(
        shape.reduce((n, size) => n * size, 1),
        seed,
      ),
    ],
  };
}

function numbers(...values: number[]): WeightJson {
  return { shape: [values.length], values, dtype: 'int32' };
}

const WINDOWS = { strides: list([1, 1, 1, 1]), dilations: list([1, 1, 1, 1]), data_format: text('NHWC') };
const END: readonly NodeJson[] = [node('mean', 'Mean', ['end', 'over']), node('scores', 'Softmax', ['mean'])];
const OVER: Weights = { over: numbers(1, 2) };

/** Graphs that end in a value of images, and the kinds of algebra they are read as. */
const READ: Readonly<Record<string, { nodes: readonly NodeJson[]; weights: Weights; kinds: string }>> = {
  'margins of a convolution': {
    nodes: [
      node('end', 'Conv2D', ['x', 'k'], {
        ...WINDOWS,
        padding: text('EXPLICIT'),
        explicit_paddings: list([0, 0, 1, 2, 0, 1, 0, 0]),
      }),
    ],
    weights: { k: weight([2, 2, 3, 4]) },
    kinds: 'reshape convolution',
  },
  'a convolution fused with its bias and a leaky ReLU': {
    nodes: [
      node('end', '_FusedConv2D', ['x', 'k', 'b'], {
        ...WINDOWS,
        padding: text('SAME'),
        fused_ops: list(['BiasAdd', 'LeakyRelu']),
        num_args: { i: '1' },
        leakyrelu_alpha: { f: 0.3 },
      }),
    ],
    weights: { k: weight([2, 2, 3, 4]), b: weight([4]) },
    kinds: 'convolution pointwise',
  },
  'a batch norm that was not folded': {
    nodes: [
      node('end', 'FusedBatchNormV3', ['x', 'gamma', 'beta', 'mu', 'sigma'], {
        epsilon: { f: 0.01 },
        is_training: { b: false },
        data_format: text('NHWC'),
      }),
    ],
    weights: {
      gamma: weight([3]),
      beta: weight([3], 2),
      mu: weight([3], 3),
      sigma: { shape: [3], values: [0.5, 2, 1] },
    },
    kinds: 'affine',
  },
  'numbers a channel, on either side': {
    nodes: [
      node('a', 'Sub', ['c', 'x']),
      node('b', 'RealDiv', ['a', 'd']),
      node('e', 'Sub', ['b', 'd']),
      node('f', 'Mul', ['one', 'e']),
      node('end', 'Neg', ['f']),
    ],
    weights: { c: weight([3]), d: weight([1, 1, 1, 3], 4), one: { shape: [], values: [1.5] } },
    kinds: 'affine affine affine affine affine',
  },
  'a dense layer on the last axis, its kernel turned': {
    nodes: [node('end', 'BatchMatMulV2', ['x', 'k'], { adj_y: { b: true } })],
    weights: { k: weight([5, 3]) },
    kinds: 'dense',
  },
  'a dense layer written as an Einstein sum': {
    nodes: [
      node('e', 'Einsum', ['x', 'k'], { equation: text('abcd,de->abce') }),
      node('end', 'AddV2', ['e', 'b']),
    ],
    weights: { k: weight([3, 5]), b: weight([5]) },
    kinds: 'dense',
  },
  'what is left of training': {
    nodes: [
      node('learning', 'Placeholder', [], { dtype: { type: 'DT_BOOL' }, shape: { shape: {} } }),
      node('not', 'LogicalNot', ['learning']),
      node('half', 'Cast', ['not'], { DstT: { type: 'DT_FLOAT' } }),
      node('end', 'Mul', ['x', 'half']),
    ],
    weights: {},
    kinds: 'affine',
  },
};

/** Graphs that are refused, and what is said. */
const REFUSED: Readonly<
  Record<string, { nodes: readonly NodeJson[]; weights?: Weights; says: RegExp; x?: NodeJson }>
> = {
  'a cycle': {
    nodes: [node('a', 'AddV2', ['x', 'end']), node('end', 'Relu', ['a'])],
    says: /depends on itself/,
  },
  'an input that is not there': { nodes: [node('end', 'Relu', ['nowhere'])], says: /end reads nowhere/ },
  'two nodes of one name': {
    nodes: [node('end', 'Relu', ['x']), node('end', 'Elu', ['x'])],
    says: /two nodes/,
  },
  'an output that is not there': { nodes: [node('end', 'Relu', ['x:4'])], says: /reads x:4/ },
  'a constant without weights': {
    nodes: [node('c', 'Const'), node('end', 'AddV2', ['x', 'c'])],
    says: /weights of c are not listed/,
  },
  'a table': {
    nodes: [node('t', 'HashTableV2'), node('end', 'LookupTableFindV2', ['t', 'x', 'x'])],
    says: /looks things up in a table/,
  },
  'sizes that depend on data': { nodes: [node('end', 'Where', ['x'])], says: /size depends on the data/ },
  'random numbers': {
    nodes: [node('r', 'RandomUniform', ['s']), node('end', 'Mul', ['x', 'r'])],
    weights: { s: numbers(3) },
    says: /random/,
  },
  'an operation that nobody knows': { nodes: [node('end', 'MyOp', ['x'])], says: /uses the operation MyOp/ },
  'an operation called after a property': { nodes: [node('end', 'constructor', ['x'])], says: /constructor/ },
  'an input of open size': {
    nodes: [node('end', 'Relu', ['x'])],
    x: placeholder('x', [-1, -1, 3]),
    says: /leaves the size of its input x open \(any×any×any×3\)/,
  },
  'an input of text': {
    nodes: [node('end', 'Relu', ['x'])],
    x: placeholder('x', [4, 4, 3], 'DT_STRING'),
    says: /DT_STRING/,
  },
  'an input of an unknown type': {
    nodes: [node('end', 'Relu', ['x'])],
    x: placeholder('x', [4, 4, 3], 'constructor'),
    says: /constructor/,
  },
  'an input that takes all memory': {
    nodes: [node('end', 'Relu', ['x'])],
    x: placeholder('x', [100_000, 100_000, 3]),
    says: /too large/,
  },
  'a filling that takes all memory': {
    nodes: [node('f', 'Fill', ['size', 'zero']), node('end', 'AddV2', ['x', 'f'])],
    weights: { size: numbers(100_000, 100_000), zero: { shape: [], values: [0] } },
    says: /too large/,
  },
  'margins that take all memory': {
    nodes: [node('end', 'Pad', ['x', 'by'])],
    weights: { by: { shape: [4, 2], values: [0, 0, 99_999, 99_999, 99_999, 0, 0, 0], dtype: 'int32' } },
    says: /too large/,
  },
  'a number of samples built in': {
    nodes: [node('r', 'Reshape', ['x', 'size']), node('end', 'Reshape', ['r', 'back'])],
    weights: { size: numbers(1, 48), back: numbers(-1, 4, 4, 3) },
    says: /number of samples built in \(at r\)/,
  },
  'attributes of wrong types': {
    nodes: [node('end', 'Conv2D', ['x', 'k'], { strides: { list: { i: 'many' } }, padding: { s: 3 } })],
    weights: { k: weight([2, 2, 3, 3]) },
    says: /Conv2D in end/,
  },
};

describe('graph models written by hand', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  async function write(nodes: readonly NodeJson[], weights: Weights, x: NodeJson): Promise<string> {
    await mkdir(temporary.path('graph'));
    return writeGraph(temporary.path('graph'), [x, ...nodes, ...END], { ...weights, ...OVER });
  }

  for (const [title, { nodes, weights, kinds }] of Object.entries(READ)) {
    it(`are read: ${title}`, async () => {
      const file = await write(nodes, weights, placeholder('x', [4, 4, 3]));
      const { network } = await readModel(file);
      const own = network.operations.filter(({ algebra }) => algebra.kind !== 'input').slice(0, -2);
      assert.equal(own.map(({ algebra }) => algebra.kind).join(' '), kinds);
      const ids = network.operations.map(({ id }) => id);
      const graph = await loadGraph(file);
      const { x, ...others } = samplesFor(graph, 5) as Record<string, Tensor>;
      for (const other of Object.values(others)) other.dispose();
      const tensors = new Program(network, network.inputs, ids).run([x!]);
      const values = new Map(ids.map((id, index) => [id, valuesOf(tensors[index]!)]));
      for (const { id, algebra, inputs } of network.operations) {
        const plain = plainOutput(
          algebra,
          inputs.map((each) => values.get(each)!),
        );
        plain?.data.forEach((value, e) => {
          assert.ok(Math.abs(value - values.get(id)!.data[e]!) < 1e-5, `${id}: ${algebra.kind}`);
        });
      }
      const predicted = title.includes('training') ? null : (graph.predict(x!) as Tensor);
      predicted?.dataSync().forEach((value, e) => {
        assert.ok(Math.abs(value - values.get(network.outputs[0]!.id)!.data[e]!) < 1e-6);
      });
      for (const one of new Set([...tensors, x!, ...(predicted === null ? [] : [predicted])])) one.dispose();
      graph.dispose();
      network.dispose();
    });
  }

  for (const [title, { nodes, weights = {}, says, x = placeholder('x', [4, 4, 3]) }] of Object.entries(
    REFUSED,
  )) {
    it(`are refused with a sentence, and leave nothing: ${title}`, async () => {
      const before = memory().numTensors;
      await failsWith(readModel(await write(nodes, weights, x)), says);
      assert.equal(memory().numTensors, before);
    });
  }

  it('have no sites where channels come first, and say so', async () => {
    await mkdir(temporary.path('graph'));
    const file = await writeGraph(
      temporary.path('graph'),
      [
        placeholder('x', [4, 4, 3]),
        node('conv', 'Conv2D', ['x', 'k'], { ...WINDOWS, padding: text('SAME'), data_format: text('NCHW') }),
        node('relu', 'Relu', ['conv']),
        node('flat', 'Reshape', ['relu', 'size']),
        node('scores', 'MatMul', ['flat', 'dense']),
      ],
      { k: weight([2, 2, 4, 5]), size: numbers(-1, 60), dense: weight([60, 3]) },
    );
    const { network } = await readModel(file);
    network.dispose();
    const { sites, excluded } = findSites(network);
    assert.deepEqual(sites, []);
    assert.deepEqual(excluded, [
      { name: 'conv', reason: 'keeps its channels first, which cannot be ablated yet' },
    ]);
  });

  it('are refused where they give no score for each class', async () => {
    await mkdir(temporary.path('graph'));
    const file = await writeGraph(
      temporary.path('graph'),
      [placeholder('x', [4]), node('price', 'MatMul', ['x', 'k'])],
      { k: weight([4, 1]) },
    );
    await failsWith(readModel(file), /is not a classifier/);
  });

  it('are read in bounded time where thousands of nodes follow one another', async () => {
    const chain = Array.from({ length: 3000 }, (_, n) =>
      node(`n${n}`, 'Relu', [n === 0 ? 'x' : `n${n - 1}`]),
    );
    const file = await write([...chain, node('end', 'Relu', ['n2999'])], {}, placeholder('x', [4, 4, 3]));
    const { network } = await readModel(file);
    network.dispose();
    assert.equal(network.operations.length, 3004);
  });

  it('are read in bounded time where each size is made of two before it', async () => {
    const sizes = Array.from({ length: 60 }, (_, n) => {
      const before = n === 0 ? 'shape' : `s${n - 1}`;
      return node(`s${n}`, 'AddV2', [before, before]);
    });
    const nodes = [node('shape', 'Shape', ['x']), ...sizes, node('end', 'Reshape', ['x', 's59'])];
    await failsWith(readModel(await write(nodes, {}, placeholder('x', [4, 4, 3]))), /Reshape in end/);
  });

  it('are refused with the reason where a recurrent layer was converted', async function () {
    this.timeout(15 * 60_000);
    const models = await requireGraphModels(this);
    for (const { files } of models.filter(({ name }) => name === 'recurrent')) {
      await failsWith(readModel(files['graph']!), /has loops or branches.*use the Keras file/);
    }
  });
});
