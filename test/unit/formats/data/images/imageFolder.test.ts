import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WantedInput } from '../../../../../src/formats/data/dataReader';
import { inspectData, readLabelledData } from '../../../../../src/formats/data/readData';
import { failsWith } from '../../../../support/failsWith';
import { bmp, gradient, png } from '../../../../support/pictures';
import { npyBytes } from '../../../../support/npz';
import { temporaryFolder } from '../../../../support/temporaryFolder';

const WANTED = { shape: [4, 6, 3] };

describe('a folder of pictures', () => {
  const temporary = temporaryFolder();
  const root = () => temporary.path('data');

  /** Writes files of `data/`: pictures of 6 × 4 whose values are moved by a number, or what is given. */
  const write = async (files: Readonly<Record<string, number | string | Uint8Array>>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(root(), name);
      await mkdir(dirname(path), { recursive: true });
      const isPicture = typeof content === 'number';
      const values = gradient(6, 4, 3, isPicture ? content : 0);
      const encode = name.toLowerCase().endsWith('.bmp') ? bmp : png;
      await writeFile(path, isPicture ? encode(6, 4, values) : content);
    }
  };

  it('has its sub-folders for classes, in the order of code points, whatever the extensions', async () => {
    await write({
      'Zebra/1.PNG': 1,
      'ant hill/a b.bmp': 2,
      'ant hill/ü.png': 3,
      'äpfel/x.Bmp': 4,
      'äpfel/deeper/y.png': 5,
      'ant hill/.hidden.png': 9,
      '.git/z.png': 9,
      '__MACOSX/z.png': 9,
      'notes/readme.md': 'no class',
      'readme.txt': 'hello',
    });
    await mkdir(join(root(), 'empty'));
    const [candidate, ...others] = await inspectData(root(), WANTED);
    assert.deepEqual(others, []);
    assert.deepEqual(candidate, {
      data: root(),
      samples: 5,
      shape: [4, 6, 3],
      dtype: 'uint8',
      class_counts: [
        { label: 'Zebra', samples: 1 },
        { label: 'ant hill', samples: 2 },
        { label: 'äpfel', samples: 2 },
      ],
    });
    const data = await readLabelledData({ data: root() }, WANTED);
    assert.deepEqual(data.label_names, ['Zebra', 'ant hill', 'empty', 'äpfel']);
    assert.deepEqual([...data.labels], [0, 1, 1, 3, 3]);
    assert.equal(data.labels_file, null);
    const values = await data.read([4, 0, 4, 1]);
    const expected = [5, 1, 5, 2].map((shift) => gradient(6, 4, 3, shift));
    // Of a class's pictures those right in its folder come first.
    assert.deepEqual([...values.subarray(72, 144)], [...expected[1]!]);
    assert.deepEqual(values, Float32Array.from(expected.flatMap((picture) => [...picture])));
  });

  it('is offered by its splits, the test data first', async () => {
    await write({
      'train/a/1.png': 1,
      'train/b/2.png': 2,
      'test/a/3.png': 3,
      'test/b/4.png': 4,
      'val/a/5.png': 5,
      'val/b/6.png': 6,
    });
    const candidates = await inspectData(root());
    assert.deepEqual(
      candidates.map(({ data }) => data),
      ['test', 'val', 'train'].map((split) => join(root(), split)),
    );
    const data = await readLabelledData({ data: root() });
    assert.equal(data.data_file, join(root(), 'test'));
    assert.deepEqual(data.label_names, ['a', 'b']);
  });

  it('has its labels in a file beside the pictures, found or given', async () => {
    await write({
      'images/1.png': 1,
      'images/2.png': 2,
      'images/3.png': 3,
      'images/4.png': 4,
      'labels.csv': 'filename,label,width\n3.png,dog,6\n1.png,cat,6\n4.png,dog,6\nnot-there.png,fish,6\n',
      'unrelated.csv': 'a,b\n1,2\n',
    });
    const folder = join(root(), 'images');
    for (const path of [root(), folder]) {
      const [candidate] = await inspectData(path);
      assert.equal(candidate?.labels, join(root(), 'labels.csv'));
      assert.equal(candidate.samples, 3);
      const data = await readLabelledData({ data: candidate.data, labels: candidate.labels });
      const names = [...data.labels].map((label) => data.label_names?.[label]);
      assert.deepEqual(names, ['cat', 'dog', 'dog']);
      assert.deepEqual(await data.read([2]), Float32Array.from(gradient(6, 4, 3, 4)));
      assert.equal(data.labels_file, join(root(), 'labels.csv'));
    }
  });

  it('has its labels in JSON that names paths, or in an array in the order of the names', async () => {
    await write({
      'one/1.png': 1,
      'two/1.png': 2,
      'meta.json': JSON.stringify([
        { file_name: 'two/1.png', label: 'b' },
        { file_name: './one/1.png', label: 'a' },
      ]),
      'y.npy': npyBytes({ data: Uint8Array.from([4, 7]), shape: [2] }),
      'short.npy': npyBytes({ data: Uint8Array.from([4]), shape: [1] }),
    });
    const named = await readLabelledData({ data: root(), labels: join(root(), 'meta.json') });
    assert.deepEqual([...named.labels], [0, 1]);
    const ordered = await readLabelledData({ data: root(), labels: join(root(), 'y.npy') });
    assert.deepEqual([...ordered.labels], [4, 7]);
    await failsWith(
      readLabelledData({ data: root(), labels: join(root(), 'short.npy') }),
      /holds 2 samples but short.npy holds 1 labels/,
    );
  });

  it('has its labels in the names of the files', async () => {
    await write({ 'boat_1.png': 1, 'bug_1.png': 2, 'boat_2.png': 3, 'white.png': 4 });
    const data = await readLabelledData({ data: root(), label_pattern: '^([a-z]+)_\\d+' });
    assert.deepEqual(data.label_names, ['boat', 'bug']);
    assert.deepEqual([...data.labels], [0, 0, 1]);
    const numbers = await readLabelledData({ data: root(), label_pattern: '_(\\d)' });
    assert.equal(numbers.label_names, null);
    assert.deepEqual([...numbers.labels], [1, 2, 1]);
    const read = (label_pattern: string) => readLabelledData({ data: root(), label_pattern });
    await failsWith(read('^(dog)_'), /matches none of the 4 pictures/);
    await failsWith(read('^dog_'), /has no group/);
    await failsWith(read('^(dog'), /is not a regular expression/);
    await failsWith(inspectData(root()), /What the 4 pictures in .* show is not known/);
  });

  it('is not hung up by a pattern that takes for ever', async () => {
    await write({ [`${'a'.repeat(60)}!.png`]: 1 });
    await failsWith(readLabelledData({ data: root(), label_pattern: '^(a+)+$' }), /takes too long to match/);
  }).timeout(30_000);

  it('is brought to the size and channels that the model takes', async () => {
    await write({
      'a/1.png': 1,
      'b/1.png': png(12, 4, gradient(12, 4)),
      'b/2.png': png(6, 4, gradient(6, 4, 1)),
    });
    const shapes: readonly (readonly [WantedInput | null, readonly number[]])[] = [
      [null, [4, 6, 3]],
      [{ shape: [8, 8, 1] }, [8, 8, 1]],
      [{ shape: [null, null, 3] }, [4, 6, 3]],
      [{ shape: [28, 28] }, [28, 28, 1]],
      [{ shape: [784] }, [28, 28, 1]],
      [{ shape: [72] }, [4, 6, 3]],
      [{ shape: [5] }, [4, 6, 3]],
    ];
    for (const [wanted, shape] of shapes) {
      const data = await readLabelledData({ data: root() }, wanted);
      assert.deepEqual(data.shape, shape);
      const values = await data.read([0, 1, 2]);
      assert.equal(values.length, 3 * shape.reduce((product, size) => product * size, 1));
    }
    const grey = await readLabelledData({ data: root() }, WANTED);
    const [one = 0, two = 1, three = 2] = await grey.read([2]);
    assert.ok(one === two && two === three, 'grey is repeated');
    const source = gradient(12, 4);
    const cropped = await readLabelledData({ data: root(), resize: 'crop' }, WANTED);
    const middle = Float32Array.from({ length: 72 }, (_, at) => {
      const [row, rest] = [Math.floor(at / 18), at % 18];
      return source[row * 36 + 9 + rest] ?? NaN;
    });
    assert.deepEqual(await cropped.read([1]), middle);
    const padded = await readLabelledData({ data: root(), resize: 'pad' }, { shape: [12, 12, 3] });
    const values = await padded.read([1]);
    const rows = Float32Array.from({ length: 12 * 36 }, (_, at) => source[at - 4 * 36] ?? 0);
    assert.deepEqual(values, rows);
  });

  it('names the one broken picture', async () => {
    const broken = { 'a/1.png': 1, 'b/2.png': 2 };
    const good = png(6, 4, gradient(6, 4));
    const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ['', /3\.png is empty/],
      ['hello', /3\.png is not a picture/],
      [good.slice(0, 60), /3\.png is damaged: it is cut short/],
      [Uint8Array.from(good, (byte, i) => (i === 45 ? byte ^ 1 : byte)), /3\.png is damaged/],
      ['GIF89a', /3\.png is a GIF picture, which is not read/],
      [huge(good), /3\.png claims to be 60000 × 60000 pixels/],
    ];
    for (const [content, sentence] of cases) {
      await write({ ...broken, 'b/3.png': content });
      const data = await readLabelledData({ data: root() }, WANTED);
      await failsWith(data.read([0, 1, 2]), sentence);
      assert.equal((await data.read([0, 1])).length, 144);
    }
  });

  it('without pictures is refused, and links out of it are not followed', async () => {
    await write({ 'readme.txt': 'no', '../outside/a/1.png': 1, '../outside/b/1.png': 1 });
    await symlink(temporary.path('outside'), join(root(), 'link'));
    await failsWith(readLabelledData({ data: root() }), /holds no pictures/);
    await failsWith(inspectData(root()), /holds no pictures/);
    await write({ 'alone.png': 1 });
    await failsWith(inspectData(join(root(), 'alone.png')), /is one picture: choose the folder/);
  });
});

/** The same file, but its header claims 60,000 × 60,000 pixels. */
function huge(content: Uint8Array): Uint8Array {
  const changed = Buffer.from(content);
  changed.writeUInt32BE(60_000, 16);
  changed.writeUInt32BE(60_000, 20);
  return changed;
}
