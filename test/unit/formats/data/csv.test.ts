import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { requireAssets } from '../../../support/requirements';
import { failsWith } from '../../../support/failsWith';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('labelled data: csv', () => {
  const folder = temporaryFolder();
  const write = async (text: string, name = 'a.csv'): Promise<string> => {
    await writeFile(folder.path(name), text);
    return folder.path(name);
  };

  it('reads a table without header and with an unknown extension', async function () {
    const [candidate, ...others] = await inspectData(
      requireAssets(this, 'data-optdigits-8x8/optdigits.tes')[0],
    );
    assert.deepEqual(others, []);
    assert.equal(candidate?.label_column, '64');
    assert.equal(candidate.samples, 1797);
    assert.deepEqual(candidate.shape, [64]);
    const counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
    assert.deepEqual(
      candidate.class_counts,
      counts.map((samples, label) => ({ label: String(label), samples })),
    );
    const training = await readLabelledData({
      data: requireAssets(this, 'data-optdigits-8x8/optdigits.tra')[0],
    });
    assert.equal(training.samples, 3823);
    assert.deepEqual([...(await training.read([0])).slice(0, 6)], [0, 1, 6, 15, 12, 1]);
  });

  it('takes the only column of text as labels, named in sorted order', async function () {
    const abalone = requireAssets(this, 'tfjs-examples-abalone-regression/abalone.csv')[0];
    const data = await readLabelledData({ data: abalone });
    assert.deepEqual(data.label_names, ['F', 'I', 'M']);
    assert.deepEqual([...data.labels.slice(0, 3)], [2, 2, 0]);
    assert.equal(data.samples, 4176);
    assert.deepEqual(
      [...(await data.read([0]))],
      [...Float32Array.of(0.455, 0.365, 0.095, 0.514, 0.2245, 0.101, 0.15, 15)],
    );
    const rings = readLabelledData({ data: abalone, label_column: 'rings' });
    await failsWith(rings, /column "sex" of abalone\.csv holds text \("M"\), but a network takes numbers/);
  });

  it('finds the labels by their name, by index, or first as in MNIST tables', async () => {
    const named = await write('label,1x1,1x2\n3,0,255\n1,128,7\n');
    const data = await readLabelledData({ data: named });
    assert.deepEqual([...data.labels], [3, 1]);
    assert.equal(data.dtype, 'uint8');
    assert.deepEqual([...(await data.read([1, 0]))], [128, 7, 0, 255]);
    const bare = await write('3,9,0\n0,200,0\n1,17,0\n2,0,0\n3,0,0\n1,0,0\n0,0,0\n2,5,0\n', 'bare.csv');
    assert.equal((await inspectData(bare))[0]?.label_column, '0');
    for (const column of ['2', '-1']) {
      const last = await readLabelledData({ data: bare, label_column: column });
      assert.deepEqual([...last.labels], [0, 0, 0, 0, 0, 0, 0, 0]);
      assert.deepEqual([...(await last.read([0]))], [3, 9]);
    }
    await failsWith(
      readLabelledData({ data: bare, label_column: 'digit' }),
      /has no column "digit": its 3 columns/,
    );
    await failsWith(readLabelledData({ data: named, label_column: 'digit' }), /it has label, 1x1, 1x2/);
  });

  it('reads tabs, semicolons, quotes, a byte order mark, Windows lines and blank lines', async () => {
    const tsv = await write('\uFEFFa\tspecies\r\n1.5\t"sea lion"\r\n\r\n-2e3\tant\r\n');
    const data = await readLabelledData({ data: tsv });
    assert.deepEqual(data.label_names, ['ant', 'sea lion']);
    assert.deepEqual([...(await data.read([0, 1]))], [1.5, -2000]);
    assert.equal(data.dtype, 'float32');
    const semicolons = await readLabelledData({ data: await write('a;b;class\n1;2;0\n3;4;1\n') });
    assert.deepEqual(semicolons.shape, [2]);
  });

  it('keeps what stood before the first text of a column', async () => {
    const data = await readLabelledData({ data: await write('v,class\n1,7\n2,8\n3,unknown\n') });
    assert.deepEqual(data.label_names, ['7', '8', 'unknown']);
  });

  it('reads more rows than it stores together', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},${i % 3}`);
    const data = await readLabelledData({ data: await write(`v,label\n${rows.join('\n')}`) });
    assert.equal(data.samples, 5000);
    assert.deepEqual([...(await data.read([0, 1023, 1024, 4999]))], [0, 1023, 1024, 4999]);
    assert.equal(data.labels[4999], 4999 % 3);
  });

  it('refuses what cannot be samples or labels', async () => {
    const cases: [string, RegExp][] = [
      ['a,b,label\n1,2,0\n1,2\n', /Row 3 of a\.csv has 2 values where the first has 3/],
      ['a,label\n1,0.5\n2,1\n', /column "label" of a\.csv cannot be labels: that of sample 0 is 0\.5/],
      ['a,label\n1,-1\n2,0\n', /is -1, which is negative/],
      ['a,label\n1,\n2,1\n', /sample 0 is missing/],
      ['a,class\n1,cat\n2,\n', /sample 1 is missing/],
      ['a,label\n', /holds no samples/],
      ['1\n2\n', /single column/],
      ['0.5,1.5\n0.25,2.5\n', /has no column that is surely the labels/],
    ];
    for (const [text, sentence] of cases) {
      const path = await write(text);
      await failsWith(inspectData(path), sentence);
      await failsWith(readLabelledData({ data: path }), sentence);
    }
    const data = await readLabelledData({ data: await write('a,b,label\n1,2,0\n1,NaN,1\n') });
    await failsWith(
      data.read([1]),
      /The value of sample 1 in column "b" of a\.csv is missing or not a number/,
    );
  });

  it('counts samples and labels that come apart', async () => {
    const values = await write('1,2\n3,4\n', 'values.csv');
    const labels = await write('0\n1\n1\n', 'labels.csv');
    const sentence = /values\.csv holds 2 samples but column 0 of labels\.csv holds 3 labels/;
    await failsWith(readLabelledData({ data: values, labels }), sentence);
  });
});
