import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { unpackPage } from '../../../../src/formats/data/parquet/unpack';
import { failsWith } from '../../../support/failsWith';
import { gradient, png } from '../../../support/pictures';
import { temporaryFolder } from '../../../support/temporaryFolder';

type Writer = typeof import('hyparquet-writer');

describe('labelled data: Parquet', () => {
  const folder = temporaryFolder();
  let writer: Writer;

  before(async () => {
    writer = await import('hyparquet-writer');
  });

  async function write(options: Parameters<Writer['parquetWriteBuffer']>[0]): Promise<string> {
    await writeFile(folder.path('a.parquet'), Buffer.from(writer.parquetWriteBuffer(options)));
    return folder.path('a.parquet');
  }

  it('reads columns of numbers in row groups, in any order, with labels of text', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => i);
    const path = await write({
      columnData: [
        { name: 'a', data: rows.map((i) => i / 4), type: 'DOUBLE' },
        { name: 'b', data: rows.map((i) => i * 3 - 50), type: 'INT32' },
        { name: 'c', data: rows.map((i) => (i === 7 ? null : BigInt(i))), type: 'INT64' },
        { name: 'species', data: rows.map((i) => ['fox', 'ant', 'ünicorn'][i % 3]), type: 'STRING' },
      ],
      rowGroupSize: 30,
    });
    const data = await readLabelledData({ data: path });
    assert.deepEqual(data.label_names, ['ant', 'fox', 'ünicorn']);
    assert.deepEqual([...data.labels.subarray(0, 4)], [1, 0, 2, 1]);
    assert.deepEqual([...(await data.read([99, 0, 30]))], [24.75, 247, 99, 0, -50, 0, 7.5, 40, 30]);
    await failsWith(data.read([6, 7]), /sample 7 in column "c" of a\.parquet is missing/);
  });

  it('reads pictures as Hugging Face keeps them, with the names of the classes', async () => {
    const pictures = [0, 5, 9].map((shift) => png(6, 4, gradient(6, 4, 3, shift)));
    const path = await write({
      columnData: [
        { name: 'image', data: pictures.map((bytes, i) => ({ bytes, path: `${i}.png` })) },
        { name: 'label', data: [2n, 0n, 2n] },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      kvMetadata: [
        {
          key: 'huggingface',
          value: JSON.stringify({
            info: {
              features: {
                image: { _type: 'Image' },
                label: { _type: 'ClassLabel', names: ['ant', 'bee', 'cat'] },
              },
            },
          }),
        },
      ],
    });
    const [candidate] = await inspectData(path);
    assert.deepEqual(candidate?.class_counts, [
      { label: 'ant', samples: 1 },
      { label: 'cat', samples: 2 },
    ]);
    const data = await readLabelledData({ data: path });
    assert.deepEqual(data.shape, [4, 6, 3]);
    assert.deepEqual([...data.labels], [2, 0, 2]);
    assert.deepEqual([...(await data.read([2, 1]))], [...gradient(6, 4, 3, 9), ...gradient(6, 4, 3, 5)]);
    const small = await readLabelledData({ data: path }, { shape: [2, 3, 1] });
    assert.deepEqual(small.shape, [2, 3, 1]);
  });

  it('refuses files that are cut short, claim what they cannot hold, or hold lists of different lengths', async () => {
    const path = await write({
      columnData: [
        { name: 'x', data: [[1, 2], [3]] },
        { name: 'label', data: [0, 1] },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'x', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT32', repetition_type: 'REQUIRED' },
      ],
    });
    const ragged = await readLabelledData({ data: path });
    await failsWith(ragged.read([0]), /column "x" of a\.parquet holds lists of different lengths \(row 1\)/i);
    const whole = Buffer.from(
      writer.parquetWriteBuffer({
        columnData: [
          { name: 'x', data: Float32Array.from({ length: 5000 }, (_, i) => i) },
          { name: 'label', data: Int32Array.from({ length: 5000 }, (_, i) => i % 5) },
        ],
      }),
    );
    await writeFile(path, whole.subarray(0, whole.length - 9));
    await failsWith(
      inspectData(path),
      /^a\.parquet is damaged or cut short: its Parquet metadata cannot be read\.$/,
    );
    const footer = Buffer.from(whole);
    footer.writeUInt32LE(0xfffffff0, whole.length - 8);
    await writeFile(path, footer);
    await failsWith(inspectData(path), /metadata cannot be read/);
    // Thrift's varint of the unpacked size, the first field but one of the first page's header.
    const bomb = Buffer.from(whole);
    bomb.set([0xfe, 0xff, 0xff, 0xff, 0x0f], 7);
    await writeFile(path, bomb);
    const before = process.memoryUsage().arrayBuffers;
    await failsWith(
      readLabelledData({ data: path }).then((data) => data.read([0])),
      /Column "x" of a\.parquet is damaged: its values cannot be read/,
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 26);
    for (const codec of [1, 2, 4, 6, 7]) {
      assert.throws(() => unpackPage(codec, new Uint8Array(1000), 10 ** 9), RangeError);
    }
  });
});
