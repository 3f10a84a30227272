import assert from 'node:assert/strict';
import { mul, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers as L, type LayersModel } from '@tensorflow/tfjs-layers';
import type { Operation } from '../../src/core/network/network';
import { Program } from '../../src/core/network/program';
import { teachCausalShapes } from '../../src/formats/models/layers/causal';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { architectures } from '../support/architectures';
import { chain, classifier, inputOf, seedWeights } from '../support/layerNetworks/layerNetwork';
import { LAYER_NETWORKS } from '../support/layerNetworks/layerNetworks';
import { plainOutput, valuesOf, type Values } from '../support/plainAlgebra';
import { requireNativeBackend } from '../support/nativeBackend';
import { temporaryFolder } from '../support/temporaryFolder';

const SAMPLES = 3;

const NETWORKS: readonly {
  readonly title: string;
  readonly build: () => LayersModel;
  readonly words?: number;
}[] = [
  ...LAYER_NETWORKS,
  ...Object.entries(architectures).map(([title, { build }]) => ({ title, build })),
  {
    title: 'causal convolutions, which stock predict does not run',
    build: chain(
      () =>
        L.conv1d({
          inputShape: [9, 2],
          filters: 3,
          kernelSize: 3,
          dilationRate: 2,
          padding: 'causal',
          activation: 'relu',
        }),
      () => L.conv1d({ filters: 4, kernelSize: 2, strides: 2, padding: 'causal', useBias: false }),
      () => L.flatten(),
      () => classifier(),
    ),
  },
];

describe('the algebra of every operation', () => {
  const temporary = temporaryFolder();
  const computed = new Set<string>();

  before(async function () {
    await requireNativeBackend(this);
    teachCausalShapes();
  });

  for (const { title, build, words } of NETWORKS) {
    it(`is what it runs, by plain arithmetic: ${title}`, async () => {
      const model = build();
      seedWeights(model);
      const { network } = await readModel(await writeLayersModel(model, temporary.path('model')));
      const x = inputOf(model, SAMPLES, words);
      const ids = network.operations.map(({ id }) => id);
      const tensors = new Program(network, network.inputs, ids).run([x]);
      const values = new Map(ids.map((id, index) => [id, tensors[index]!]));
      for (const operation of network.operations) {
        if (operation.algebra.kind === 'input') continue;
        const read = operation.inputs.map((id) => values.get(id)!);
        const output = valuesOf(values.get(operation.id)!);
        assertShape(operation, output);
        const plain = plainOutput(operation.algebra, read.map(valuesOf));
        if (plain === null) {
          assertMoves(operation, read[0]!, output);
        } else {
          computed.add(operation.algebra.kind);
          assertClose(operation, output, plain);
        }
      }
      network.dispose();
      model.dispose();
      for (const one of new Set([x, ...tensors])) one.dispose();
    });
  }

  it('was computed for every kind that says what it computes', () => {
    const kinds = [
      'identity',
      'dense',
      'convolution',
      'depthwise',
      'embedding',
      'affine',
      'pointwise',
      'pooling',
    ];
    const all = [...kinds, 'reshape', 'add', 'multiply', 'concatenate', 'softmax'].sort();
    assert.deepEqual([...computed].sort(), all);
  });
});

function assertShape(operation: Operation, output: Values): void {
  const told = operation.shape.slice(1).map((size, axis) => size ?? output.shape[axis + 1]);
  assert.deepEqual(output.shape, [SAMPLES, ...told], operation.id);
}

function assertClose(operation: Operation, output: Values, plain: Values): void {
  assert.deepEqual(output.shape, plain.shape, operation.id);
  const isClose = (expected: readonly number[] | Float64Array): boolean =>
    output.data.every(
      (value, e) => Math.abs(value - expected[e]!) <= 1e-5 * Math.max(1, Math.abs(expected[e]!)),
    );
  const isLogarithm = operation.algebra.kind === 'softmax' && isClose(plain.data.map(Math.log));
  assert.ok(isLogarithm || isClose(plain.data), `${operation.id}: ${operation.algebra.kind}`);
}

/** Checks what the algebra of poolings and of moves promises without telling the output. */
function assertMoves(operation: Operation, x: Tensor, output: Values): void {
  const { algebra } = operation;
  const isSpatial = algebra.kind === 'reshape' && algebra.moves === 'spatial';
  if (algebra.kind === 'reshape') {
    const given = new Set(x.dataSync());
    if (isSpatial) given.add(0);
    assert.ok(
      output.data.every((value) => given.has(value)),
      `${operation.id} changes elements`,
    );
  }
  if (!isSpatial && algebra.kind !== 'pooling') return;
  const channels = x.shape.at(-1)!;
  for (let channel = 0; channel < channels; channel++) {
    const ran = tidy(() => {
      const keep = tensor(Array.from({ length: channels }, (_, c) => Number(c === channel)));
      return operation.run([mul(x, keep)]).clone();
    });
    const kept = valuesOf(ran);
    ran.dispose();
    const isApart = kept.data.every((value, e) => value === (e % channels === channel ? output.data[e] : 0));
    assert.ok(isApart, `${operation.id} mixes channels`);
  }
}
