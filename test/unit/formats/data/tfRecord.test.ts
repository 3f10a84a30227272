import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { maskedCrc32c } from '../../../../src/formats/data/tfrecord/crc32c';
import { failsWith } from '../../../support/failsWith';
import { gradient, png } from '../../../support/pictures';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { records, tfRecord } from '../../../support/tfRecord';

describe('labelled data: TFRecord', () => {
  const folder = temporaryFolder();

  async function write(content: Uint8Array): Promise<string> {
    await writeFile(folder.path('a.tfrecord'), content);
    return folder.path('a.tfrecord');
  }

  it('checks as the published CRC-32C does', () => {
    const masked = maskedCrc32c(Buffer.from('123456789'));
    const rotated = (masked - 0xa282ead8) >>> 0;
    assert.equal(((rotated >>> 17) | (rotated << 15)) >>> 0, 0xe3069283);
  });

  it('reads floats, long and short lists of integers, and labels of text', async () => {
    const path = await write(
      tfRecord([
        { floats: { x: [0.5, -1] }, bytes: { label: 'cat' }, ints: { id: [2 ** 40] } },
        { bytes: { label: 'dog' }, floats: { x: [2, 3] }, ints: { id: [-7] } },
      ]),
    );
    const data = await readLabelledData({ data: path });
    assert.deepEqual(data.label_names, ['cat', 'dog']);
    assert.deepEqual([...(await data.read([1, 0]))], [2, 3, 0.5, -1]);
    const ids = await readLabelledData({ data: `${path}#id` });
    assert.deepEqual([...(await ids.read([0, 1]))], [2 ** 40, -7]);
    const long = Array.from({ length: 40 }, (_, i) => i - 20);
    const wide = await write(
      tfRecord([{ ints: { x: long, y: [3] } }, { ints: { x: long.map((i) => i * 2), y: [1] } }]),
    );
    const [candidate] = await inspectData(wide);
    assert.deepEqual(candidate?.shape, [40]);
    assert.equal(candidate.dtype, 'int64');
    assert.deepEqual(
      [...(await (await readLabelledData({ data: wide })).read([1]))],
      long.map((i) => i * 2),
    );
  });

  it('reads raw pictures in the shape that other features give, and packed ones as pictures', async () => {
    const raw = (shift: number): Uint8Array => gradient(5, 4, 3, shift);
    const size = { height: [4], width: [5], depth: [3] };
    const path = await write(
      tfRecord([
        { bytes: { image_raw: raw(0) }, ints: { ...size, label: [1] } },
        { bytes: { image_raw: raw(9) }, ints: { ...size, label: [0] } },
      ]),
    );
    const data = await readLabelledData({ data: path });
    assert.deepEqual(data.shape, [4, 5, 3]);
    assert.equal(data.dtype, 'uint8');
    assert.deepEqual([...(await data.read([1]))], [...raw(9)]);
    const packed = await write(
      tfRecord([
        {
          bytes: { 'image/encoded': png(5, 4, raw(0)), 'image/filename': 'a.png' },
          ints: { 'image/class/label': [1] },
        },
        {
          bytes: { 'image/encoded': png(5, 4, raw(9)), 'image/filename': 'b.png' },
          ints: { 'image/class/label': [0] },
        },
      ]),
    );
    const pictures = await readLabelledData({ data: packed });
    assert.deepEqual(pictures.shape, [4, 5, 3]);
    assert.deepEqual([...pictures.labels], [1, 0]);
    assert.deepEqual([...(await pictures.read([1, 0]))], [...raw(9), ...raw(0)]);
  });

  it('says which record is damaged, cut short or something else', async () => {
    const whole = tfRecord([{ floats: { x: [1, 2], y: [0] } }, { floats: { x: [3, 4], y: [1] } }]);
    const cases: [Uint8Array, RegExp][] = [
      [whole.subarray(0, whole.length - 3), /^a\.tfrecord is cut short \(record 1\)\.$/],
      [whole.subarray(0, whole.length / 2 + 5), /is cut short \(record 1\)/],
      [flip(whole, whole.length - 9), /is damaged: the checksum of a record is wrong \(record 1\)/],
      [flip(whole, whole.length / 2 + 2), /is damaged: the checksum of a length is wrong \(record 1\)/],
      [records([Buffer.from('hello, this is no message')]), /^Record 0 of a\.tfrecord is not a tf\.Example/],
      [
        tfRecord([{ floats: { x: [1, 2], y: [0] } }, { floats: { x: [3], y: [1] } }]),
        /lists of different lengths/,
      ],
      [
        tfRecord([{ floats: { x: [1, 2], y: [0] } }, { ints: { x: [3, 1] }, floats: { y: [1] } }]),
        /values of different types/,
      ],
    ];
    for (const [content, sentence] of cases)
      await failsWith(readLabelledData({ data: await write(content) }), sentence);
    const missing = await write(tfRecord([{ floats: { x: [1, 2], y: [0] } }, { floats: { y: [1] } }]));
    await failsWith(
      (await readLabelledData({ data: missing })).read([1]),
      /sample 1 in column "x" .* is missing/,
    );
  });
});

function flip(content: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
