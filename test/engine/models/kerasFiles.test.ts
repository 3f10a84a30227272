import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import type { File } from 'h5wasm';
import { readModel } from '../../../src/formats/models/readModel';
import { failsWith } from '../../support/failsWith';
import { writeHdf5 } from '../../support/hdf5';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';

const dense = (name: string, units: number, more: object = {}): object => ({
  class_name: 'Dense',
  config: { name, units, activation: 'linear', use_bias: true, ...more },
});
const classes = dense('classes', 2, { activation: 'softmax' });
const START = { batch_input_shape: [null, 3] };
const model = (...layers: object[]): string =>
  JSON.stringify({ class_name: 'Sequential', config: { name: 'net', layers } });
const NET = model(dense('a', 3, START), dense('b', 3), classes);

const ramp = (count: number, from: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => from + i);

/** Weights of one layer: shapes, each filled with numbers that count up from `from`. */
interface Filled {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly from: number;
}
const A: Filled = { name: 'a', shapes: [[3, 3], [3]], from: 10 };
const B: Filled = { name: 'b', shapes: [[3, 3], [3]], from: 30 };
const C: Filled = { name: 'classes', shapes: [[3, 2], [2]], from: 50 };

const arrays = ({ shapes, from }: Filled): { shape: number[]; data: Float32Array }[] => {
  let next = from;
  return shapes.map((shape) => {
    const count = shape.reduce((a, b) => a * b, 1);
    next += count;
    return { shape: [...shape], data: ramp(count, next - count) };
  });
};

/** The layout of HDF5 files. */
function legacy(file: File, layers: readonly Filled[], isSplit = false): void {
  const root = file.create_group('model_weights');
  const names = layers.map(({ name }) => name);
  if (isSplit) names.forEach((name, i) => root.create_attribute(`layer_names${i}`, [name]));
  else root.create_attribute('layer_names', names);
  for (const layer of layers) {
    const group = root.create_group(layer.name);
    const weights = arrays(layer).map((array, i) => ({ ...array, name: `w_${i}:0` }));
    if (isSplit) weights.forEach(({ name }, i) => group.create_attribute(`weight_names${i}`, [name]));
    else
      group.create_attribute(
        'weight_names',
        weights.map(({ name }) => name),
      );
    for (const weight of weights) group.create_dataset(weight);
  }
}

/** The layout of `.keras` files. */
function stored(
  file: File,
  folder: string,
  layers: readonly (Filled & { group: string })[],
  isNamed: boolean,
): void {
  const root = file.create_group(folder);
  for (const layer of layers) {
    const vars = root.create_group(layer.group).create_group('vars');
    if (isNamed) vars.create_attribute('name', layer.name);
    arrays(layer).forEach((array, i) => vars.create_dataset({ ...array, name: String(i) }));
  }
}

describe('Keras files', function () {
  this.timeout(30_000);
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  const h5 = async (fill: (file: File) => void, config: string | null = NET): Promise<string> => {
    const path = temporary.path('net.h5');
    await writeHdf5(path, (file) => {
      if (config !== null) file.create_attribute('model_config', config);
      fill(file);
    });
    return path;
  };
  const zip = async (fill: (file: File) => void, entries: Zippable = {}, config = NET): Promise<string> => {
    await writeHdf5(temporary.path('w'), fill);
    const files = { 'config.json': strToU8(config), 'model.weights.h5': await readFile(temporary.path('w')) };
    const path = temporary.path('net.keras');
    await writeFile(path, zipSync({ ...files, ...entries }));
    return path;
  };
  /** The numbers of a layer's matrix or kernel, as they were read. */
  const kernel = async (file: string, name: string): Promise<number[]> => {
    const { network } = await readModel(file);
    const { algebra } = network.operations.find((operation) => operation.name === name)!;
    assert.ok('kernel' in algebra);
    const values = [...(await algebra.kernel.data())];
    network.dispose();
    return values;
  };
  const assertRead = async (file: string): Promise<void> => {
    assert.deepEqual(await kernel(file, 'a'), [...ramp(9, 10)]);
    assert.deepEqual(await kernel(file, 'b'), [...ramp(9, 30)]);
    assert.deepEqual(await kernel(file, 'classes'), [...ramp(6, 50)]);
  };

  it('are read in whatever order the layers stand, with attributes in one or split', async () => {
    await assertRead(await h5((file) => legacy(file, [C, B, A])));
    await assertRead(await h5((file) => legacy(file, [A, B, C], true)));
  });

  it('whose names all differ from those of the topology are read by order', async () => {
    const [a, b, c] = [A, B, C].map((layer, i) => ({ ...layer, name: `dense_${i + 7}` }));
    await writeFile(temporary.path('net.json'), NET);
    await assertRead(await h5((file) => legacy(file, [a!, b!, c!]), null));
  });

  it('of zip are read by the names of layers, and by class and order where there are none', async () => {
    const shuffled = [
      { ...B, group: 'dense' },
      { ...C, group: 'dense_1' },
      { ...A, group: 'dense_2' },
    ];
    await assertRead(await zip((file) => stored(file, 'layers', shuffled, true)));
    const ordered = [
      { ...A, group: 'dense' },
      { ...B, group: 'dense_2' },
      { ...C, group: 'dense_10' },
    ];
    await assertRead(await zip((file) => stored(file, 'layers', ordered, false)));
    await assertRead(await zip((file) => stored(file, '_layer_checkpoint_dependencies', ordered, false)));
    const assets = { 'assets\\vocabulary.txt': strToU8('x') };
    await assertRead(await zip((file) => stored(file, 'layers', ordered, false), assets));
  });

  it('of a .keras file that was unpacked into a folder are read together', async () => {
    const folder = temporary.path('unpacked');
    await mkdir(folder);
    await writeFile(join(folder, 'config.json'), NET);
    await writeFile(join(folder, 'metadata.json'), '{"keras_version": "3.8.0"}');
    const layers = [
      { ...A, group: 'dense' },
      { ...B, group: 'dense_1' },
      { ...C, group: 'dense_2' },
    ];
    await writeHdf5(join(folder, 'model.weights.h5'), (file) => stored(file, 'layers', layers, true));
    await assertRead(folder);
    await assertRead(join(folder, 'config.json'));
  });

  it('of Keras 1 have the gates of recurrent layers put together', async () => {
    const lstm = {
      class_name: 'LSTM',
      config: { name: 'memory', output_dim: 1, batch_input_shape: [null, 4, 1] },
    };
    const gates = Array.from({ length: 4 }, () => [[1, 1], [1, 1], [1]]).flat();
    const memory: Filled = { name: 'memory', shapes: gates, from: 1 };
    const config = model(lstm, classes);
    const file = await h5((h) => legacy(h, [memory, { ...C, shapes: [[1, 2], [2]] }]), config);
    // Written as input, candidate, forget, output; each kernel, recurrent kernel, bias.
    assert.deepEqual(await kernel(file, 'memory'), [1, 7, 4, 10]);
  });

  it('written on Theano have the kernels of convolutions turned round', async () => {
    const conv = { name: 'conv', filters: 1, kernel_size: [2, 2], batch_input_shape: [null, 2, 2, 1] };
    const layers = [
      { class_name: 'Conv2D', config: conv },
      { class_name: 'Flatten', config: { name: 'f' } },
      classes,
    ];
    const fill = (file: File): void => {
      legacy(file, [
        { name: 'conv', shapes: [[2, 2, 1, 1], [1]], from: 1 },
        { ...C, shapes: [[1, 2], [2]] },
      ]);
    };
    assert.deepEqual(await kernel(await h5(fill, model(...layers)), 'conv'), [1, 2, 3, 4]);
    const theano = (file: File): void => {
      fill(file);
      file.create_attribute('backend', 'theano');
    };
    assert.deepEqual(await kernel(await h5(theano, model(...layers)), 'conv'), [4, 3, 2, 1]);
  });

  it('whose weights do not fit are refused with the layer', async () => {
    const wide = { ...B, shapes: [[3, 4], [3]] };
    await failsWith(
      readModel(await h5((file) => legacy(file, [A, wide, C]))),
      /The weights in .*net\.h5 do not fit its model: the weight b\/kernel of the layer b has the shape \[3, 4\], the model expects \[3, 3\]\.$/,
    );
    await failsWith(readModel(await h5((file) => legacy(file, [A, C]))), /it holds none for the layer b\.$/);
    const bare = { ...B, shapes: [[3, 3]] };
    await failsWith(
      readModel(await h5((file) => legacy(file, [A, bare, C]))),
      /the layer b has 1 weights in the file, the model expects 2\.$/,
    );
    const stray = [
      { ...A, group: 'dense' },
      { ...C, group: 'dense_1' },
    ];
    await failsWith(
      readModel(await zip((file) => stored(file, 'layers', stray, true))),
      /none for the layer b\.$/,
    );
  });

  it('with NaN in a weight are refused, and the weight named', async () => {
    const fill = (file: File): void => legacy(file, [{ ...A, from: NaN }, B, C]);
    await failsWith(readModel(await h5(fill)), /The weight a\/kernel of .*net\.h5 holds a value that is NaN/);
  });

  it('that are damaged are refused', async () => {
    await failsWith(readModel(await h5((file) => legacy(file, [A, B, C]), '{"class')), /not valid JSON/);
    await failsWith(
      readModel(await zip((file) => stored(file, 'layers', [], true), {}, 'null')),
      /net\.keras/,
    );
    const file = await zip((f) => stored(f, 'layers', [{ ...A, group: 'dense' }], true));
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    await failsWith(readModel(file), /net\.keras is cut short/);
    const locked = Buffer.from(bytes);
    locked[locked.indexOf('PK\x01\x02') + 8]! |= 1;
    await writeFile(file, locked);
    await failsWith(
      readModel(file),
      /config\.json in net\.keras is encrypted.* save it again with the program/,
    );
  });
});
