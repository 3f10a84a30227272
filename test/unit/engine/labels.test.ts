import assert from 'node:assert/strict';
import { countedFromZero, refuseOneClass } from '../../../src/engine/labels';
import type { FileData } from '../../../src/formats/data/readData';

function data(labels: readonly number[], names: readonly string[] | null = null): FileData {
  return {
    samples: labels.length,
    shape: [1],
    dtype: 'float32',
    labels: Int32Array.from(labels),
    label_names: names,
    read: (indices) => Promise.resolve(new Float32Array(indices.length)),
    data_file: '/data/x.npy',
    labels_file: null,
  };
}

describe('where labels begin', () => {
  it('is 1 where they run from 1 to the number of classes', () => {
    const { data: counted, first } = countedFromZero(3, data([1, 3, 2, 3]));
    assert.deepEqual([...counted.labels], [0, 2, 1, 2]);
    assert.equal(first, 1);
    assert.equal(countedFromZero(3, data([3, 2])).first, 1, 'also where class 1 has no samples');
  });

  it('is 0 where another reading is open, too many classes are labelled, or labels have names', () => {
    for (const one of [
      data([0, 1, 2]),
      data([1, 2]),
      data([0, 1, 3]),
      data([1, 4]),
      data([1, 3], ['', 'a', 'b', 'c']),
    ]) {
      const counted = countedFromZero(3, one);
      assert.equal(counted.first, 0);
      assert.equal(counted.data, one);
    }
  });
});

describe('data without different classes', () => {
  const spec = { data: '/data/x.npy', labels: '/data/y.npy' };

  it('is refused in a sentence', () => {
    assert.throws(() => refuseOneClass(data([1, 1, 1]), ['cat', 'dog'], spec), {
      name: 'Failure',
      message:
        'All 3 samples in /data/y.npy are of the class dog: choose data of two classes or more, or other labels.',
    });
    assert.throws(
      () => refuseOneClass(data([1]), ['cat', 'dog'], spec),
      /The one sample in .* is of the class dog/,
    );
    assert.throws(() => refuseOneClass(data([]), ['cat', 'dog'], spec), /\/data\/x\.npy holds no samples/);
    refuseOneClass(data([1, 1, 0]), ['cat', 'dog'], spec);
  });
});
