import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { layers as L, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { readModel } from '../../../src/formats/models/readModel';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { failsWith } from '../../support/failsWith';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';

interface Json {
  format?: string;
  modelTopology: Record<string, unknown>;
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
}

describe('a TensorFlow.js layers model', () => {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  const build = (): LayersModel =>
    sequential({
      layers: [
        L.dense({ name: 'hidden', units: 4, inputShape: [3], biasInitializer: 'randomUniform' }),
        sequential({ name: 'inner', layers: [L.dense({ name: 'deep', units: 5, inputShape: [4] })] }),
        L.dense({ name: 'classes', units: 3, activation: 'softmax' }),
      ],
    });

  const written = async (): Promise<{ file: string; json: Json; weights: Buffer }> => {
    const model = build();
    const file = await writeLayersModel(model, temporary.path('model'));
    model.dispose();
    const json = JSON.parse(await readFile(file, 'utf8')) as Json;
    const weights = await readFile(path.join(path.dirname(file), json.weightsManifest[0]!.paths[0]!));
    return { file, json, weights };
  };

  /** The matrix of the first layer, as it was read. */
  const kernel = async (file: string): Promise<number[]> => {
    const { network } = await readModel(file);
    const { algebra } = network.operations.find(({ name }) => name === 'hidden')!;
    assert.equal(algebra.kind, 'dense');
    const values = Array.from(await algebra.kernel.data());
    network.dispose();
    return values;
  };

  const near = (actual: readonly number[], expected: readonly number[], within: number): void => {
    assert.equal(actual.length, expected.length);
    actual.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]!) <= within, `${value}, ${expected[i]!}`),
    );
  };

  it('is read without format, under another name, in many shards and groups', async () => {
    const { file, json, weights } = await written();
    const expected = await kernel(file);
    const folder = path.dirname(file);
    delete json.format;
    let at = 0;
    json.weightsManifest = await Promise.all(
      json.weightsManifest[0]!.weights.map(async (weight, group) => {
        const bytes = weights.subarray(at, (at += 4 * weight.shape.reduce((a, b) => a * b, 1)));
        // Shards end within a number, too.
        const parts = [bytes.subarray(0, 3), bytes.subarray(3, 6), bytes.subarray(6)];
        const paths = parts.map((_, part) => `group ${group} - ${part}`);
        await Promise.all(parts.map((part, index) => writeFile(path.join(folder, paths[index]!), part)));
        return { paths, weights: [weight] };
      }),
    );
    const other = path.join(folder, 'mein Netz ä.json');
    await writeFile(other, JSON.stringify(json));
    assert.deepEqual(await kernel(other), expected);
  });

  for (const dtype of ['uint8', 'uint16', 'float16'] as const) {
    it(`is read with weights quantised to ${dtype}`, async () => {
      const { file, json, weights } = await written();
      const expected = await kernel(file);
      const all = new Float32Array(weights.buffer, weights.byteOffset, weights.length / 4);
      const low = Math.min(...all);
      const scale = (Math.max(...all) - low) / (dtype === 'uint8' ? 255 : 65_535);
      const levels = Array.from(all, (value) => Math.round((value - low) / scale));
      const bytes = {
        uint8: () => Uint8Array.from(levels),
        uint16: () => Uint16Array.from(levels),
        float16: () => Uint16Array.from(all, half),
      }[dtype]();
      const quantization = dtype === 'float16' ? { dtype } : { dtype, scale, min: low };
      const group = json.weightsManifest[0]!;
      group.weights = group.weights.map((weight) => ({ ...weight, quantization }));
      await writeFile(path.join(path.dirname(file), group.paths[0]!), Buffer.from(bytes.buffer));
      await writeFile(file, JSON.stringify(json));
      near(await kernel(file), expected, dtype === 'float16' ? 1e-3 : scale);
    });
  }

  it('is read with the topology of Keras 3', async () => {
    const { file, json } = await written();
    const expected = await kernel(file);
    const policy = {
      module: 'keras',
      class_name: 'DTypePolicy',
      config: { name: 'float32' },
      registered_name: null,
    };
    const dense = (name: string, units: number, activation = 'linear'): object => ({
      module: 'keras.layers',
      class_name: 'Dense',
      config: {
        name,
        trainable: true,
        dtype: policy,
        units,
        activation,
        use_bias: true,
        quantization_config: null,
      },
      registered_name: null,
      build_config: { input_shape: [null, 4] },
    });
    const start = (size: number): object => ({
      module: 'keras.layers',
      class_name: 'InputLayer',
      config: { batch_shape: [null, size], dtype: 'float32', sparse: false, name: `in${size}` },
      registered_name: null,
    });
    const inner = {
      module: 'keras',
      class_name: 'Sequential',
      config: { name: 'inner', trainable: true, dtype: policy, layers: [start(4), dense('deep', 5)] },
      registered_name: null,
    };
    const stack = [start(3), dense('hidden', 4), inner, dense('classes', 3, 'softmax')];
    json.modelTopology = {
      keras_version: '3.15.1',
      model_config: { class_name: 'Sequential', config: { name: 'net', dtype: policy, layers: stack } },
    };
    await writeFile(file, JSON.stringify(json));
    assert.deepEqual(await kernel(file), expected);
  });

  for (const [value, what] of [
    [NaN, 'NaN \\(not a number\\)'],
    [-Infinity, 'infinite'],
  ] as const) {
    it(`with a weight that is ${value} is refused, and the weight named`, async () => {
      const { file, json, weights } = await written();
      weights.writeFloatLE(value, 4 * 13);
      await writeFile(path.join(path.dirname(file), json.weightsManifest[0]!.paths[0]!), weights);
      await failsWith(
        readModel(file),
        new RegExp(`The weight hidden/bias of .*model\\.json holds a value that is ${what}`),
      );
    });
  }
});

/** The nearest IEEE 754 binary16 of a number of moderate size. */
function half(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size / 2 ** -24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}
