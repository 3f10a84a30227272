import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { requireAssets } from '../../../support/requirements';
import { failsWith } from '../../../support/failsWith';
import { npyBytes, writeNpz } from '../../../support/npz';
import { temporaryFolder } from '../../../support/temporaryFolder';

const MNIST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
const mnist = (context: Mocha.Context) =>
  requireAssets(
    context,
    'data-mnist-t10k/t10k-images-idx3-ubyte.gz',
    'data-mnist-t10k/t10k-labels-idx1-ubyte.gz',
  );
const bytes = (values: number[], ...shape: number[]) => ({ data: Uint8Array.from(values), shape });

describe('labelled data: IDX pairs', () => {
  const folder = temporaryFolder();

  it('reads MNIST from either file of the pair', async function () {
    const images = mnist(this)[0];
    const labels = mnist(this)[1];
    for (const picked of [images, labels]) {
      const [candidate, ...others] = await inspectData(picked);
      assert.deepEqual(others, []);
      assert.equal(candidate?.data, images);
      assert.equal(candidate.labels, labels);
      assert.equal(candidate.dtype, 'uint8');
      assert.deepEqual(candidate.shape, [28, 28]);
      assert.deepEqual(
        candidate.class_counts,
        MNIST_COUNTS.map((samples, label) => ({ label: String(label), samples })),
      );
      const data = await readLabelledData({ data: picked });
      assert.equal(data.samples, 10_000);
      assert.deepEqual([...data.labels.slice(0, 5)], [7, 2, 1, 0, 4]);
      assert.equal(data.labels_file, labels);
    }
  });

  it('gives the stored bytes of the samples asked for, in the order asked', async function () {
    const images = mnist(this)[0];
    const stored = gunzipSync(await readFile(images)).subarray(16);
    const data = await readLabelledData({ data: images });
    const indices = [9999, 3, 4, 5, 0];
    const expected = indices.flatMap((i) => [...stored.subarray(784 * i, 784 * (i + 1))]);
    assert.deepEqual([...(await data.read(indices))], expected);
    await assert.rejects(data.read([10_000]), RangeError);
  });

  it('reads plain files, and a pair of which one is packed', async function () {
    const images = mnist(this)[0];
    const labels = mnist(this)[1];
    const plain = folder.path('t10k-images.idx3-ubyte');
    await writeFile(plain, gunzipSync(await readFile(images)));
    await failsWith(inspectData(plain), /partner of t10k-images\.idx3-ubyte .* was not found/);
    await copyFile(labels, folder.path('t10k-labels.idx1-ubyte.gz'));
    const data = await readLabelledData({ data: plain });
    assert.deepEqual([...data.labels.slice(0, 5)], [7, 2, 1, 0, 4]);
  });

  it('says how many images and labels there are when they differ', async () => {
    const header = (rank: number, ...sizes: number[]): number[] => [
      0,
      0,
      8,
      rank,
      ...sizes.flatMap((n) => [0, 0, 0, n]),
    ];
    await writeFile(folder.path('a-images-idx3-ubyte'), Uint8Array.from([...header(3, 3, 1, 1), 1, 2, 3]));
    await writeFile(folder.path('a-labels-idx1-ubyte'), Uint8Array.from([...header(1, 2), 0, 1]));
    const sentence = /^a-images-idx3-ubyte holds 3 samples but a-labels-idx1-ubyte holds 2 labels: [^.]*\.$/;
    await failsWith(readLabelledData({ data: folder.path('a-images-idx3-ubyte') }), sentence);
    await failsWith(inspectData(folder.path('a-labels-idx1-ubyte')), sentence);
  });

  it('refuses files that are cut short, damaged, or claim more than memory holds', async function () {
    const whole = await readFile(mnist(this)[0]);
    const labels = mnist(this)[1];
    const file = folder.path('x-images-idx3-ubyte');
    await writeFile(`${file}.gz`, whole.subarray(0, 900_000));
    await failsWith(
      readLabelledData({ data: `${file}.gz`, labels }),
      /^x-images-idx3-ubyte\.gz is cut short/,
    );
    await writeFile(file, gunzipSync(whole).subarray(0, 1_000_000));
    await failsWith(
      readLabelledData({ data: file, labels }),
      /^x-images-idx3-ubyte is cut short: .* 7840000 bytes/,
    );
    await writeFile(file, Buffer.concat([gunzipSync(whole), Buffer.of(1)]));
    await failsWith(readLabelledData({ data: file, labels }), /is damaged/);
    const broken = Buffer.from(whole);
    broken.fill(0x55, 500_000, 500_100);
    await writeFile(`${file}.gz`, broken);
    await failsWith(readLabelledData({ data: `${file}.gz`, labels }), /is (damaged|cut short)/);
    await writeFile(file, Uint8Array.from([0, 0, 0x0e, 3, ...new Array<number>(12).fill(255), 1]));
    await failsWith(readLabelledData({ data: file, labels }), /impossible shape/);
    await writeFile(file, Uint8Array.from([0, 0, 8, 3, 0, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28, 1]));
    await failsWith(readLabelledData({ data: file, labels }), /cut short/);
  });
});

describe('labelled data: npz', () => {
  const folder = temporaryFolder();

  it('offers every label array that fits, the one named for the samples first', async () => {
    const path = folder.path('train.npz');
    await writeNpz(path, {
      y_shuffled: bytes([1, 0, 2, 0], 4),
      index: bytes([3, 2, 1, 0], 4),
      y: bytes([0, 0, 1, 2], 4),
      x: bytes([10, 20, 30, 40, 50, 60, 70, 80], 4, 2, 1),
    });
    const candidates = await inspectData(path);
    assert.deepEqual(
      candidates.map(({ data, labels }) => [data, labels]),
      [
        [`${path}#x`, `${path}#y`],
        [`${path}#x`, `${path}#y_shuffled`],
      ],
    );
    assert.deepEqual(candidates[0]?.shape, [2, 1]);
    assert.deepEqual(candidates[0].class_counts, [
      { label: '0', samples: 2 },
      { label: '1', samples: 1 },
      { label: '2', samples: 1 },
    ]);
    const shuffled = await readLabelledData({ data: `${path}#x`, labels: `${path}#y_shuffled` });
    assert.deepEqual([...shuffled.labels], [1, 0, 2, 0]);
    assert.deepEqual([...(await shuffled.read([3, 1]))], [70, 80, 30, 40]);
    assert.deepEqual([...(await readLabelledData({ data: path })).labels], [0, 0, 1, 2]);
  });

  it('pairs each split with its own labels, test data first', async () => {
    const path = folder.path('mnist.npz');
    const x = bytes([1, 2, 3, 4, 5, 6], 3, 2);
    const y = (...values: number[]) => bytes(values, values.length);
    await writeNpz(path, { x_train: x, y_train: y(0, 1, 0), x_test: x, y_test: y(1, 1, 0) });
    const found = await inspectData(path);
    assert.deepEqual(
      found.map(({ data, labels }) => `${data.slice(path.length)} ${labels?.slice(path.length)}`),
      ['#x_test #y_test', '#x_train #y_train'],
    );
  });

  it('reads one-hot, [n, 1] and whole float labels', async () => {
    const path = folder.path('a.npz');
    const x = bytes([1, 2, 3, 4, 5, 6], 3, 2);
    const oneHot = { data: Float32Array.from([0, 0, 1, 1, 0, 0, 0, 1, 0]), shape: [3, 3] };
    await writeNpz(path, { x, y: oneHot });
    assert.deepEqual([...(await readLabelledData({ data: path })).labels], [2, 0, 1]);
    await writeNpz(path, { x, y: { data: BigInt64Array.of(2n, 0n, 1n), shape: [3, 1] } });
    assert.deepEqual([...(await readLabelledData({ data: path })).labels], [2, 0, 1]);
    await writeNpz(path, { x, y: { data: Float64Array.of(2, 0, 1), shape: [3] } });
    assert.deepEqual([...(await readLabelledData({ data: path })).labels], [2, 0, 1]);
  });

  it('reads −1 and 1 as two classes, and no other negative numbers', async () => {
    const path = folder.path('a.npz');
    const x = bytes([1, 2, 3, 4, 5, 6], 3, 2);
    await writeNpz(path, { x, y: { data: Int32Array.of(1, -1, 1), shape: [3] } });
    const { labels, label_names } = await readLabelledData({ data: path });
    assert.deepEqual([...labels], [1, 0, 1]);
    assert.deepEqual(label_names, ['-1', '1']);
    const [candidate] = await inspectData(path);
    assert.deepEqual(candidate?.class_counts, [
      { label: '-1', samples: 1 },
      { label: '1', samples: 2 },
    ]);
    const table = folder.path('a.csv');
    await writeFile(table, 'a,label\n5,1\n6,-1\n');
    assert.deepEqual([...(await readLabelledData({ data: table })).labels], [1, 0]);
    await writeFile(table, 'a,label\n5,1\n6,-1\n7,2\n');
    await failsWith(readLabelledData({ data: table }), /sample 1 is -1, which is negative/);
  });

  it('refuses labels that are none, and samples that are not finite', async () => {
    const path = folder.path('a.npz');
    const x = bytes([1, 2, 3, 4], 2, 2);
    const doubles = (...values: number[]) => ({ data: Float64Array.from(values), shape: [values.length] });
    const cases: [Parameters<typeof writeNpz>[1], RegExp][] = [
      [
        { x, y: doubles(0.5, 1) },
        /a\.npz#y cannot be labels: that of sample 0 is 0\.5, which is not a whole number/,
      ],
      [{ x, y: doubles(0, -1) }, /sample 1 is -1, which is negative/],
      [{ x, y: doubles(0, NaN) }, /sample 1 is missing or not a number/],
      [{ x, y: doubles(0, Infinity) }, /sample 1 is infinite/],
      [{ x, y: doubles(0, 1, 2) }, /a\.npz#x holds 2 samples but a\.npz#y holds 3 labels/],
      [{ x: bytes([], 0, 2), y: bytes([], 0) }, /a\.npz#x holds no samples/],
      [
        { x, y: bytes([0, 1, 1, 1], 2, 2) },
        /row 1 names 2 classes at once \(multi-label data\), and only one class a sample can be analysed/,
      ],
      [{ x, y: bytes([0, 1, 0, 0], 2, 2) }, /row 1 is not one-hot/],
      [{ x, y: bytes([0, 1, 2, 0], 2, 2) }, /row 1 is not one-hot/],
      [{ x }, /holds no samples with labels of the same length \(it holds x \[2, 2\]\)/],
    ];
    for (const [arrays, sentence] of cases) {
      await writeNpz(path, arrays);
      await failsWith(inspectData(path), sentence);
      await failsWith(readLabelledData({ data: path }), sentence);
    }
    await writeNpz(path, { x: { data: Float32Array.of(0, 1, NaN, 3), shape: [2, 2] }, y: bytes([0, 1], 2) });
    const data = await readLabelledData({ data: path });
    assert.deepEqual([...(await data.read([0]))], [0, 1]);
    await failsWith(data.read([0, 1]), /Sample 1 of a\.npz#x holds a value that is not a number/);
  });

  it('finds a file whose own name holds a #', async () => {
    const path = folder.path('run#3.npz');
    await writeNpz(path, { x: bytes([1, 2, 3, 4], 2, 2), y: bytes([0, 1], 2) });
    assert.equal((await readLabelledData({ data: path })).samples, 2);
    assert.equal((await readLabelledData({ data: `${path}#x`, labels: `${path}#y` })).samples, 2);
    await failsWith(readLabelledData({ data: `${path}#z` }), /run#3\.npz has no array "z": it has x, y\./);
  });

  it('refuses archives that are cut short or damaged, stored or compressed', async () => {
    const path = folder.path('a.npz');
    const x = { data: Uint8Array.from({ length: 4000 }, (_, i) => (i * i) % 251), shape: [2, 2000] };
    for (const compress of [true, false]) {
      await writeNpz(path, { x, y: bytes([0, 1], 2) }, { compress });
      const whole = await readFile(path);
      await writeFile(path, whole.subarray(0, whole.length - 30));
      await failsWith(readLabelledData({ data: path }), /^a\.npz is cut short/);
      const broken = Buffer.from(whole);
      broken.fill(0x55, 300, 320);
      await writeFile(path, broken);
      await failsWith(readLabelledData({ data: path }), /^a\.npz is (damaged|cut short)/);
    }
    await writeFile(path, 'not a zip at all');
    await failsWith(readLabelledData({ data: path }), /^a\.npz is not npz data/);
  });
});

describe('labelled data: npy', () => {
  const folder = temporaryFolder();

  it('pairs neighbours by name, whichever is picked, also one-hot ones', async () => {
    await writeFile(folder.path('x_test.npy'), npyBytes(bytes([1, 2, 3, 4], 2, 2)));
    await writeFile(folder.path('y_test.npy'), npyBytes(bytes([1, 0, 0, 1], 2, 2)));
    await writeFile(folder.path('y_train.npy'), npyBytes(bytes([1, 0], 2)));
    for (const picked of ['x_test.npy', 'y_test.npy']) {
      const [candidate] = await inspectData(folder.path(picked));
      assert.equal(candidate?.data, folder.path('x_test.npy'));
      assert.equal(candidate.labels, folder.path('y_test.npy'));
    }
    const data = await readLabelledData({
      data: folder.path('x_test.npy'),
      labels: folder.path('y_train.npy'),
    });
    assert.deepEqual([...data.labels], [1, 0]);
    await failsWith(inspectData(folder.path('y_train.npy')), /partner of y_train\.npy .* was not found/);
  });

  it('takes labels of another format', async () => {
    await writeFile(folder.path('images.npy'), npyBytes(bytes([1, 2, 3, 4], 2, 2)));
    await writeFile(folder.path('truth.csv'), 'name,class\n1,cat\n2,ant\n');
    const data = await readLabelledData({
      data: folder.path('images.npy'),
      labels: folder.path('truth.csv'),
    });
    assert.deepEqual([...data.labels], [1, 0]);
    assert.deepEqual(data.label_names, ['ant', 'cat']);
  });
});

describe('labelled data: what is not read', () => {
  const folder = temporaryFolder();

  it('says so, and how to convert it', async () => {
    await mkdir(folder.path('photos'));
    for (const name of ['a.json', 'a.jsonl', 'a.parquet', 'a.h5', 'a.tfrecord', 'a.mat', 'a.pkl']) {
      await writeFile(folder.path(name), 'x');
      const sentence = new RegExp(
        `^${name.replace('.', '\\.')} is not .*: this version reads IDX, npy, npz, HDF5, csv or tsv, JSON, .*\\.$`,
      );
      await failsWith(inspectData(folder.path(name)), sentence);
      await failsWith(readLabelledData({ data: folder.path(name) }), sentence);
    }
    await failsWith(inspectData(join(folder.path('photos'), 'none.npz')), /^There is no file .*none\.npz\.$/);
    await writeFile(folder.path('model.bin'), Uint8Array.of(1, 2, 0, 4));
    await failsWith(inspectData(folder.path('model.bin')), /model\.bin is not data that is read/);
    await writeFile(folder.path('empty.csv'), '');
    await failsWith(inspectData(folder.path('empty.csv')), /empty\.csv is empty/);
  });
});
