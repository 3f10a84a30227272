import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { readInputs } from '../../../../src/formats/data/readInputs';
import { hashAll, hashFile } from '../../../../src/formats/hash';
import { failsWith } from '../../../support/failsWith';
import { npyBytes, writeNpz } from '../../../support/npz';
import { temporaryFolder } from '../../../support/temporaryFolder';

const MODEL = [
  { name: 'image', shape: [2, 2, 1] },
  { name: 'age', shape: [1] },
];
const floats = (values: number[], ...shape: number[]) => ({ data: Float32Array.from(values), shape });
const bytes = (values: number[], ...shape: number[]) => ({ data: Uint8Array.from(values), shape });
const IMAGE = bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3, 2, 2, 1);
const AGE = floats([20, 30.5, 40], 3, 1);
const Y = bytes([1, 0, 1], 3);

describe('data for several inputs', () => {
  const folder = temporaryFolder();

  it('are the arrays of one file, named as the inputs', async () => {
    const path = folder.path('a.npz');
    await writeNpz(path, { age: AGE, y: Y, image: IMAGE });
    for (const data of [path, `${path}#image`]) {
      const read = await readInputs({ data }, MODEL);
      assert.equal(read.samples, 3);
      assert.deepEqual([...read.labels], [1, 0, 1]);
      assert.deepEqual(
        read.inputs?.map(({ input, shape, dtype }) => ({ input, shape, dtype })),
        [
          { input: 'image', shape: [2, 2, 1], dtype: 'uint8' },
          { input: 'age', shape: [1], dtype: 'float32' },
        ],
      );
      assert.deepEqual([...(await read.inputs[0]!.read([2, 0]))], [9, 10, 11, 12, 1, 2, 3, 4]);
      assert.deepEqual([...(await read.inputs[1]!.read([2, 1]))], [40, 30.5]);
      assert.equal(read.more_files, undefined);
    }
  });

  it('are those of the test data where the names say so', async () => {
    const path = folder.path('a.npz');
    await writeNpz(path, {
      image_train: bytes([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2, 1),
      y_train: bytes([0, 0], 2),
      image_test: IMAGE,
      age_test: floats([20, 30.5, 40], 3),
      y_test: Y,
    });
    const read = await readInputs({ data: path }, MODEL);
    assert.deepEqual([...read.labels], [1, 0, 1]);
    assert.deepEqual([...(await read.inputs![1]!.read([1]))], [30.5]);
  });

  it('are where they are said to be, in files of their own too, in any format', async () => {
    await writeFile(folder.path('pictures.npy'), npyBytes(IMAGE));
    await writeFile(folder.path('people.csv'), 'years,label\n20,1\n30.5,0\n40,1\n');
    await writeNpz(folder.path('a.npz'), { age: AGE, y: Y });
    const inputs = { image: folder.path('pictures.npy'), age: folder.path('people.csv') };
    const read = await readInputs({ data: folder.path('pictures.npy'), inputs }, MODEL);
    assert.deepEqual([...read.labels], [1, 0, 1]);
    assert.deepEqual([...(await read.inputs![1]!.read([0, 2]))], [20, 40]);
    assert.equal(read.data_file, folder.path('pictures.npy'));
    assert.equal(read.labels_file, folder.path('people.csv'));
    assert.deepEqual(read.more_files, [folder.path('people.csv')]);

    const one = await readInputs(
      { data: folder.path('a.npz'), inputs: { image: folder.path('pictures.npy') } },
      MODEL,
    );
    assert.deepEqual([...(await one.inputs![1]!.read([0, 2]))], [20, 40]);
    assert.deepEqual([...one.labels], [1, 0, 1]);
  });

  it('are asked for by name and shape where one is lacking', async () => {
    const path = folder.path('a.npz');
    await writeNpz(path, { image: IMAGE, years: AGE, y: Y });
    await failsWith(
      readInputs({ data: path }, MODEL),
      /^The model takes 2 inputs, image \[2, 2, 1\] and age \[1\], and nothing says what age is in .*a\.npz \(it holds image, years, y\): name the arrays of one npz file as the inputs, or name the data of each input under "inputs" in the spec file \(on the command line: --input name=path\)\.$/,
    );
    await writeFile(folder.path('people.csv'), 'years,label\n20,1\n30.5,0\n40,1\n');
    await failsWith(
      readInputs({ data: folder.path('people.csv') }, MODEL),
      /nothing says what image and age are in .*people\.csv: /,
    );
    await failsWith(
      readInputs({ data: path, inputs: { picture: `${path}#image` } }, MODEL),
      /^The model has no input picture; its inputs are image \[2, 2, 1\] and age \[1\]\.$/,
    );
  });

  it('must all be of as many samples as there are labels', async () => {
    const path = folder.path('a.npz');
    await writeNpz(path, { image: IMAGE, age: floats([1, 2, 3, 4], 4, 1), y: Y });
    await failsWith(readInputs({ data: path }, MODEL), /a\.npz#age .*4.*a\.npz#y .*3/);
    await writeNpz(path, { image: IMAGE, age: AGE });
    await failsWith(readInputs({ data: path }, MODEL), /a\.npz holds no samples with labels/);
  });

  it('have one hash over all files', async () => {
    await writeFile(folder.path('a'), 'one');
    await writeFile(folder.path('b'), 'two');
    const [a, b] = [folder.path('a'), folder.path('b')];
    assert.equal(await hashAll([a]), await hashFile(a));
    const both = await hashAll([a, b]);
    assert.notEqual(both, await hashAll([b, a]));
    await writeFile(b, 'other');
    assert.notEqual(await hashAll([a, b]), both);
  });
});
