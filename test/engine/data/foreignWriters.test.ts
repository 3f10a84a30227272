import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readLabelledData } from '../../../src/formats/data/readData';
import { openParquet } from '../../../src/formats/data/parquet/parquetTable';
import { cellSize, upTo } from '../../../src/formats/data/table';
import { requireKeras, type KerasPython } from '../../support/kerasPython';
import { pythonJson, pythonWith } from '../../support/python';
import { skip } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';

/** Writes one table in every compression, both page versions and four sets of encodings; prints its columns. */
const PYARROW = `
import json, random, sys
import pyarrow as pa, pyarrow.parquet as pq
random.seed(3)
n = 700
columns = {
  'i8': pa.array([random.randint(-128, 127) for _ in range(n)], pa.int8()),
  'u32': pa.array([random.randint(0, 2**32 - 1) for _ in range(n)], pa.uint32()),
  'i64': pa.array([random.randint(-2**52, 2**52) for _ in range(n)], pa.int64()),
  'f16': pa.array([i / 8 for i in range(n)], pa.float16()),
  'f32': pa.array([i / 8 for i in range(n)], pa.float32()),
  'f64': pa.array([random.random() if i % 7 else None for i in range(n)], pa.float64()),
  'bool': pa.array([i % 3 == 0 for i in range(n)], pa.bool_()),
  'text': pa.array([['cat', 'dog', 'ünï'][i % 3] for i in range(n)]),
  'list': pa.array([[float(i), i + .5, -i] for i in range(n)], pa.list_(pa.float32())),
  'fixed': pa.array([[i % 256, 1, 2] for i in range(n)], pa.list_(pa.uint8(), 3)),
  'matrix': pa.array([[[i, 1, 2], [3, 4, None if i % 11 == 0 else 5]] for i in range(n)], pa.list_(pa.list_(pa.int32()))),
  'column': pa.array([[[i], [4], [5]] for i in range(n)], pa.list_(pa.list_(pa.int32()))),
  'some': pa.array([[i, 1] if i % 5 else None for i in range(n)], pa.list_(pa.int32())),
}
deltas = {'i64': 'DELTA_BINARY_PACKED', 'u32': 'DELTA_BINARY_PACKED', 'i8': 'DELTA_BINARY_PACKED',
          'text': 'DELTA_BYTE_ARRAY', 'f32': 'BYTE_STREAM_SPLIT', 'f64': 'BYTE_STREAM_SPLIT'}
lengths = {'text': 'DELTA_LENGTH_BYTE_ARRAY', 'i64': 'BYTE_STREAM_SPLIT'}
table = pa.table(columns)
files = []
for compression in ['NONE', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4']:
  for version in ['1.0', '2.0']:
    for encoding in [{}, {'use_dictionary': False}, {'use_dictionary': False, 'column_encoding': deltas},
                     {'use_dictionary': False, 'column_encoding': lengths}]:
      files.append(f'{sys.argv[1]}{len(files)}.parquet')
      pq.write_table(table, files[-1], compression=compression, data_page_version=version, row_group_size=300,
                     data_page_size=2000, **encoding)
print(json.dumps({'files': files, 'columns': {name: table[name].to_pylist() for name in columns}}))
`;

/** Writes the same samples with TensorFlow, h5py and NumPy; prints them. */
const TENSORFLOW = `
import json, sys
import h5py, numpy as np, tensorflow as tf
folder = sys.argv[1]
images = (np.arange(6 * 8 * 8 * 3) * 7 % 251).astype('uint8').reshape(6, 8, 8, 3)
labels = np.array([0, 1, 2, 0, 1, 2])
def write(name, features):
  with tf.io.TFRecordWriter(folder + name) as writer:
    for i in range(6):
      writer.write(tf.train.Example(features=tf.train.Features(feature=features(i))).SerializeToString())
def of_bytes(value): return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
def of_ints(values): return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
def of_floats(values): return tf.train.Feature(float_list=tf.train.FloatList(value=values))
write('raw.tfrecord', lambda i: {'image_raw': of_bytes(images[i].tobytes()), 'height': of_ints([8]),
  'width': of_ints([8]), 'depth': of_ints([3]), 'label': of_ints([labels[i]])})
write('png.tfrecord', lambda i: {'image/encoded': of_bytes(tf.io.encode_png(images[i]).numpy()),
  'image/class/label': of_ints([labels[i]]), 'image/filename': of_bytes(f'{i}.png'.encode())})
write('floats.tfrecord', lambda i: {'x': of_floats(images[i].ravel() / 255), 'y': of_ints([labels[i]])})
with h5py.File(folder + 'a.h5', 'w') as file:
  file.create_dataset('x_test', data=images, chunks=(2, 8, 8, 3), compression='gzip', shuffle=True)
  file['y_test'] = np.eye(3, dtype='float32')[labels]
np.savez_compressed(folder + 'a.npz', x=np.asfortranarray(images.astype('>i2')), y=labels.astype('float64'))
print(json.dumps({'images': images.ravel().tolist(), 'labels': labels.tolist()}))
`;

describe('data that other programs wrote', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let pyarrow: string;
  let keras: KerasPython;

  before(async function () {
    pyarrow = await pythonWith(['pyarrow']).catch((cause: unknown) =>
      skip(this, `pyarrow could not be installed with pip (${String(cause).split('\\n')[0] ?? ''})`),
    );
    keras = await requireKeras(this);
  });

  it('reads what pyarrow writes as Parquet: types, lists, compressions, page versions, encodings', async () => {
    const { files, columns } = (await pythonJson(pyarrow, PYARROW, [`${folder.path('')}/`])) as {
      files: string[];
      columns: Record<string, unknown[]>;
    };
    assert.equal(files.length, 48);
    for (const file of files) {
      const table = await openParquet(file);
      assert.equal(table.columns.length, Object.keys(columns).length);
      for (const [index, column] of table.columns.entries()) {
        const expected = columns[column.name ?? ''] ?? [];
        if (column.kind === 'text') {
          assert.deepEqual(await table.texts(index), expected);
          continue;
        }
        assert.equal(column.kind, 'numbers', column.name ?? '');
        const width = cellSize(column);
        const values = new Float64Array(table.rows * width);
        const flat = expected.flatMap((cell) =>
          cell === null ? new Array<unknown>(width).fill(null) : [cell].flat(3),
        );
        const numbers = Float64Array.from(flat, (value) => (value === null ? NaN : Number(value)));
        assert.deepEqual(
          await table.numbers([index], upTo(table.rows), values),
          numbers,
          `${file} ${column.name}`,
        );
      }
    }
  });

  it('reads what TensorFlow, h5py and NumPy write to the same samples', async () => {
    const { stdout } = await promisify(execFile)(keras.python, ['-c', TENSORFLOW, `${folder.path('')}/`], {
      env: keras.env,
    });
    const expected = JSON.parse(stdout) as { images: number[]; labels: number[] };
    const shapes = {
      'a.h5': [8, 8, 3],
      'a.npz': [8, 8, 3],
      'raw.tfrecord': [8, 8, 3],
      'png.tfrecord': [8, 8, 3],
    };
    for (const [name, shape] of Object.entries(shapes)) {
      const data = await readLabelledData({ data: folder.path(name) });
      assert.deepEqual([...data.labels], expected.labels, name);
      assert.deepEqual(data.shape, shape, name);
      assert.deepEqual([...(await data.read([0, 1, 2, 3, 4, 5]))], expected.images, name);
    }
    const floats = await readLabelledData({ data: folder.path('floats.tfrecord') });
    assert.deepEqual([...floats.labels], expected.labels);
    const scaled = Float32Array.from(expected.images, (value) => value / 255);
    assert.deepEqual(await floats.read([0, 1, 2, 3, 4, 5]), scaled);
  });
});
