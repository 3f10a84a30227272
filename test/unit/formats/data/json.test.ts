import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { failsWith } from '../../../support/failsWith';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('labelled data: JSON', () => {
  const folder = temporaryFolder();

  async function write(content: unknown, name = 'a.json'): Promise<string> {
    const path = folder.path(name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  it('reads records, rows, lists by name and what pandas writes, to the same samples', async () => {
    const forms: unknown[] = [
      [
        { a: 1, b: 2.5, label: 'cat' },
        { a: 3, b: null, label: 'dog' },
        { label: 'cat', b: 6, a: 5 },
      ],
      [
        ['a', 'b', 'label'],
        [1, 2.5, 'cat'],
        [3, null, 'dog'],
        [5, 6, 'cat'],
      ],
      { a: [1, 3, 5], b: [2.5, null, 6], label: ['cat', 'dog', 'cat'] },
      {
        columns: ['a', 'b', 'label'],
        index: [0, 1, 2],
        data: [
          [1, 2.5, 'cat'],
          [3, null, 'dog'],
          [5, 6, 'cat'],
        ],
      },
      {
        a: { '0': 1, '1': 3, '7': 5 },
        b: { '0': 2.5, '1': null, '7': 6 },
        label: { '0': 'cat', '1': 'dog', '7': 'cat' },
      },
      {
        '0': { a: 1, b: 2.5, label: 'cat' },
        '1': { a: 3, b: null, label: 'dog' },
        '2': { a: 5, b: 6, label: 'cat' },
      },
      {
        rows: [
          { a: 1, b: 2.5, label: 'cat' },
          { a: 3, label: 'dog' },
          { a: 5, b: 6, label: 'cat' },
        ],
      },
    ];
    for (const form of forms) {
      const data = await readLabelledData({ data: await write(form) });
      assert.deepEqual([...data.labels], [0, 1, 0]);
      assert.deepEqual(data.label_names, ['cat', 'dog']);
      assert.deepEqual(data.shape, [2]);
      assert.deepEqual([...(await data.read([2, 0]))], [5, 6, 1, 2.5]);
      await failsWith(data.read([1]), /sample 1 in column "b" of a\.json is missing/);
    }
  });

  it('takes lists as samples, whatever else stands beside them, and finds the labels', async () => {
    const path = await write({
      note: 'two pictures',
      id: [7, 8],
      x: [
        [
          [0, 255],
          [1, 2],
        ],
        [
          [3, 4],
          [5, 6],
        ],
      ],
      y: [1, 0],
      mean: [0.5],
    });
    const [candidate, ...others] = await inspectData(path);
    assert.equal(others.length, 0);
    assert.deepEqual(candidate, {
      data: path,
      label_column: 'y',
      samples: 2,
      shape: [2, 2],
      dtype: 'uint8',
      class_counts: [
        { label: '0', samples: 1 },
        { label: '1', samples: 1 },
      ],
    });
    const data = await readLabelledData({ data: path });
    assert.deepEqual([...(await data.read([1, 0]))], [3, 4, 5, 6, 0, 255, 1, 2]);
    const given = await readLabelledData({ data: `${path}#x`, labels: `${path}#id` });
    assert.deepEqual([...given.labels], [7, 8]);
    await failsWith(readLabelledData({ data: `${path}#z` }), /a\.json has no column "z": it has id, x, y/);
  });

  it('reads JSON Lines under any name: records, one-hot labels, Windows lines, blank lines', async () => {
    const lines = '\uFEFF{"x":[1,2],"label":[0,1,0]}\r\n\r\n{"label":[1,0,0],"x":[3,4]}\r\n';
    for (const name of ['a.jsonl', 'a.ndjson', 'a.json', 'a.txt']) {
      const data = await readLabelledData({ data: await write(lines, name) });
      assert.deepEqual([...data.labels], [1, 0]);
      assert.deepEqual([...(await data.read([0, 1]))], [1, 2, 3, 4]);
    }
    const one = await readLabelledData({ data: await write('{"x":[1,2],"label":3}', 'one.jsonl') });
    assert.deepEqual([...one.labels], [3]);
  });

  it('packs many rows without changing them', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      a: i % 256,
      b: i / 10,
      c: i < 1030 ? null : i * 2 ** 30 + 1,
      label: i % 3,
    }));
    const path = await write(rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl');
    const data = await readLabelledData({ data: path });
    assert.deepEqual(
      [...(await data.read([2999, 1030]))],
      [...Float32Array.of(2999 % 256, 299.9, 2999 * 2 ** 30 + 1, 1030 % 256, 103, 1030 * 2 ** 30 + 1)],
    );
    await failsWith(data.read([1029]), /sample 1029 in column "c"/);
    assert.deepEqual(
      [...data.labels],
      rows.map(({ label }) => label),
    );
  });

  it('says what cannot be read', async () => {
    const cases: [string, unknown, RegExp][] = [
      ['a.json', '[{"x":[1,2],"y":0},{"x":[1,2]', /^a\.json is not JSON, or it is cut short\.$/],
      ['a.jsonl', '{"x":[1],"y":0}\n{"x":[2],"y":', /^Line 2 of a\.jsonl is not JSON\.$/],
      ['a.json', '['.repeat(1e6) + ']'.repeat(1e6), /nests lists or objects more than 64 deep/],
      ['a.jsonl', `{"x":1,"y":0}\n${'{"x":'.repeat(100)}1${'}'.repeat(100)}`, /more than 64 deep/],
      ['a.json', { format: 'layers-model', modelTopology: {}, n: 1 }, /^a\.json holds no table: give a list/],
      ['a.json', { x: [1, 2, 3], z: [1, 2] }, /holds lists of different lengths: x \(3\), z \(2\)/],
      [
        'a.json',
        { x: [[1], [1, 2]], label: [0, 1] },
        /column "x" of a\.json holds lists of different lengths/,
      ],
      ['a.json', { x: [[1], ['b']], label: [0, 1] }, /holds lists of text/],
      ['a.json', [{ x: 1, when: { day: 1 }, label: 0 }], /column "when" of a\.json holds objects, but/],
      [
        'a.json',
        { x: [1, 2], w: [3, 4], label: [[1], [0]].map(([v]) => [v, 1, v]) },
        /not one-hot|classes at once/,
      ],
    ];
    for (const [name, content, sentence] of cases)
      await failsWith(readLabelledData({ data: await write(content, name) }), sentence);
    const strange = Array.from({ length: 20_000 }, (_, i) => `{"key${i}":1,"label":0}`).join('\n');
    await failsWith(
      readLabelledData({ data: await write(strange, 's.jsonl') }),
      /do not have the same columns/,
    );
  });

  it('refuses a csv whose quoted cell never ends, before it fills the memory', async () => {
    const path = await write(`a,label\n"${'x'.repeat(10 * 2 ** 20)}`, 'a.csv');
    await failsWith(inspectData(path), /holds a row that does not end/);
  });
});
