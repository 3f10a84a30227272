import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { memory } from '@tensorflow/tfjs-core';
import { strToU8, zipSync } from 'fflate';
import type { File } from 'h5wasm';
import { readModel } from '../../../src/formats/models/readModel';
import { failsWith } from '../../support/failsWith';
import { writeHdf5 } from '../../support/hdf5';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';

const layer = (type: string, name: string, config: object): object => ({
  class_name: type,
  config: { name, ...config },
});
const classes = layer('Dense', 'classes', { units: 2, activation: 'softmax' });
const model = (...layers: object[]): object => ({
  class_name: 'Sequential',
  config: { name: 'net', layers },
});

/** Layers whose weights would take from 12 GB to 4 TB, each in a file of a few kilobytes. */
const GIANTS: Readonly<Record<string, object>> = {
  dense: model(layer('Dense', 'giant', { units: 1e9, batch_input_shape: [null, 3] }), classes),
  embedding: model(
    layer('Embedding', 'giant', { input_dim: 1e8, output_dim: 1e4, batch_input_shape: [null, 3] }),
    layer('Flatten', 'flat', {}),
    classes,
  ),
  recurrent: model(
    layer('Bidirectional', 'both', {
      layer: layer('LSTM', 'giant', { units: 1e5 }),
      batch_input_shape: [null, 5, 3],
    }),
    classes,
  ),
  'without an input shape': model(
    layer('InputLayer', 'in', { batch_input_shape: [null, 3] }),
    layer('Dense', 'giant', { units: 3e5 }),
    layer('Dense', 'giant_2', { units: 3e5 }),
    classes,
  ),
};

describe('layers that claim more weights than their file holds', function () {
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  /** The weights of the last layer, as HDF5 files keep them. */
  const weights = (file: File): void => {
    const root = file.create_group('model_weights');
    root.create_attribute('layer_names', ['classes']);
    const group = root.create_group('classes');
    group.create_attribute('weight_names', ['kernel:0']);
    group.create_dataset({ name: 'kernel:0', shape: [3, 2], data: new Float32Array(6) });
  };

  for (const [title, described] of Object.entries(GIANTS)) {
    const expected = /is damaged: its layer \w*giant\w* claims \d+ weights, more than are in its files/;
    /** Fails before memory is taken for them. */
    const refused = async (file: string): Promise<void> => {
      const { numBytes } = memory();
      await failsWith(readModel(file), expected);
      assert.ok(memory().numBytes - numBytes < 2 ** 27);
    };

    it(`are refused before they are made: ${title}, HDF5`, async () => {
      const path = temporary.path('net.h5');
      await writeHdf5(path, (file) => {
        file.create_attribute('model_config', JSON.stringify(described));
        weights(file);
      });
      await refused(path);
    });

    it(`are refused before they are made: ${title}, .keras`, async () => {
      await writeHdf5(temporary.path('w'), (file) => {
        const vars = file.create_group('layers').create_group('dense').create_group('vars');
        vars.create_dataset({ name: '0', shape: [3, 2], data: new Float32Array(6) });
      });
      const path = temporary.path('net.keras');
      const entries = {
        'config.json': strToU8(JSON.stringify(described)),
        'model.weights.h5': await readFile(temporary.path('w')),
      };
      await writeFile(path, zipSync(entries));
      await refused(path);
    });

    it(`are refused before they are made: ${title}, TensorFlow.js`, async () => {
      const path = temporary.path('model.json');
      const manifest = [
        { paths: ['w.bin'], weights: [{ name: 'classes/kernel', shape: [3, 2], dtype: 'float32' }] },
      ];
      await writeFile(temporary.path('w.bin'), new Uint8Array(24));
      await writeFile(path, JSON.stringify({ modelTopology: described, weightsManifest: manifest }));
      await refused(path);
    });
  }
});
