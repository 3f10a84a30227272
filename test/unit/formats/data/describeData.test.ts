import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { describeData } from '../../../../src/formats/data/describeData';
import { failsWith } from '../../../support/failsWith';
import { writeNpz } from '../../../support/npz';
import { gradient, png } from '../../../support/pictures';
import { temporaryFolder } from '../../../support/temporaryFolder';

const COUNT = 6;
const arrayOf = (...shape: readonly number[]): { data: Float32Array; shape: readonly number[] } => ({
  data: new Float32Array(COUNT * shape.reduce((size, axis) => size * axis, 1)),
  shape: [COUNT, ...shape],
});
const labels = { data: Int32Array.from([0, 1, 0, 1, 0, 1]), shape: [COUNT] };

describe('describing data for a model', () => {
  const folder = temporaryFolder();

  it('names the format, and gives pictures the size that the model takes', async () => {
    for (const name of ['cat', 'dog']) {
      await mkdir(folder.path(`set/${name}`), { recursive: true });
      await writeFile(folder.path(`set/${name}/1.png`), png(8, 6, gradient(8, 6)));
    }
    const inputs = [{ name: 'image', shape: [32, 32, 1] }];
    const [known] = await describeData(folder.path('set'), inputs);
    assert.deepEqual([known?.format, known?.shape], ['folder', [32, 32, 1]]);
    const [unknown] = await describeData(folder.path('set'), []);
    assert.deepEqual([unknown?.format, unknown?.shape], ['folder', [6, 8, 3]]);
    assert.equal(known?.missing_inputs, undefined);
    await failsWith(describeData(folder.path('set/cat'), inputs), /is not known: put them into/);
  });

  it('says which inputs of a model a file has no values of', async () => {
    const inputs = [
      { name: 'words', shape: [4] },
      { name: 'numbers', shape: [3] },
    ];
    const file = folder.path('data.npz');
    await writeNpz(file, { words: arrayOf(4), label: labels });
    const [without] = await describeData(file, inputs);
    assert.deepEqual(without?.missing_inputs, ['numbers']);
    await writeNpz(file, { numbers_test: arrayOf(3), words: arrayOf(4), label: labels });
    const all = await describeData(file, inputs);
    assert.equal(all.length, 1, 'one for all inputs');
    assert.deepEqual(all[0]?.missing_inputs, []);
    assert.equal(all[0].format, 'npz');
    const csv = folder.path('a.csv');
    await writeFile(csv, 'a,b,label\n1,2,0\n3,4,1\n');
    assert.deepEqual((await describeData(csv, inputs))[0]?.missing_inputs, ['words', 'numbers']);
  });
});
