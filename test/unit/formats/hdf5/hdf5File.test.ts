import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { File } from 'h5wasm';
import { decode } from '../../../../src/formats/data/elements';
import { openHdf5, type Hdf5File } from '../../../../src/formats/hdf5/hdf5File';
import { failsWith } from '../../../support/failsWith';
import { writeHdf5 } from '../../../support/hdf5';
import { temporaryFolder } from '../../../support/temporaryFolder';

const folder = temporaryFolder();

async function written<T>(fill: (file: File) => void, use: (file: Hdf5File) => T): Promise<T> {
  const path = folder.path('data set.h5');
  await writeHdf5(path, fill);
  const file = await openHdf5(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

function numbers(file: Hdf5File, path: string, first?: number, count?: number): number[] {
  const dataset = file.dataset(path);
  const bytes = file.read(dataset, first, count);
  assert.ok(dataset.element);
  return [...decode(dataset.element, bytes, new Float64Array(bytes.length / dataset.element.size))];
}

describe('an HDF5 file', function () {
  // The library is compiled when the first file is opened.
  this.timeout(30_000);

  it('lists its datasets with shapes and types, and reads rows of them', async () => {
    await written(
      (file) => {
        file.create_dataset({ name: 'y', data: new Uint8Array([3, 1, 2]), shape: [3] });
        const group = file.create_group('Größe');
        group.create_dataset({ name: 'x', data: Float32Array.of(1, 2, 3, 4, 5, -6), shape: [3, 2] });
        const rows = Array.from({ length: 200 }, (_, i) => i - 100);
        group.create_dataset({
          name: 'packed',
          data: BigInt64Array.from(rows.map(BigInt)),
          shape: [100, 2],
          chunks: [7, 2],
          compression: 'gzip',
        });
        file.create_dataset({ name: 'one', data: 7, dtype: '<d' });
      },
      (file) => {
        const listed = file.datasets().map(({ path, shape, element }) => [path, shape, element?.name]);
        assert.deepEqual(
          listed.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
          [
            ['Größe/packed', [100, 2], 'int64'],
            ['Größe/x', [3, 2], 'float32'],
            ['one', [], 'float64'],
            ['y', [3], 'uint8'],
          ],
        );
        assert.deepEqual(numbers(file, 'Größe/x'), [1, 2, 3, 4, 5, -6]);
        assert.deepEqual(numbers(file, 'Größe/x', 1, 2), [3, 4, 5, -6]);
        assert.deepEqual(numbers(file, 'Größe/packed', 98, 2), [96, 97, 98, 99]);
        assert.deepEqual(numbers(file, 'y', 2, 1), [2]);
        assert.deepEqual(numbers(file, 'one'), [7]);
      },
    );
  });

  it('has attributes: numbers and texts of every kind', async () => {
    await written(
      (file) => {
        const group = file.create_group('layer');
        group.create_attribute('names', ['a', 'größer']);
        group.create_attribute('fixed', ['ab', 'c'], null, 'S2');
        group.create_attribute('text', 'one');
        group.create_attribute('number', 3.5);
        group.create_attribute('numbers', new Int32Array([1, -2]));
      },
      (file) => {
        const read = (name: string) => file.attribute('layer', name);
        assert.deepEqual(read('names'), ['a', 'größer']);
        assert.deepEqual(read('fixed'), ['ab', 'c']);
        assert.equal(read('text'), 'one');
        assert.equal(read('number'), 3.5);
        assert.deepEqual(read('numbers'), [1, -2]);
        assert.equal(read('other'), null);
        assert.deepEqual(file.members(''), [{ name: 'layer', kind: 'group' }]);
        assert.equal(file.kind('nothing'), null);
      },
    );
  });

  it('has datasets of texts', async () => {
    await written(
      (file) => {
        file.create_dataset({ name: 'classes', data: ['cat', 'Käse', ''] });
        file.create_dataset({ name: 'fixed', data: ['ab', 'c'], dtype: 'S2' });
      },
      (file) => {
        assert.deepEqual(file.strings(file.dataset('classes')), ['cat', 'Käse', '']);
        assert.deepEqual(file.strings(file.dataset('classes'), 1, 1), ['Käse']);
        assert.deepEqual(file.strings(file.dataset('fixed')), ['ab', 'c']);
        assert.equal(file.dataset('fixed').element, null);
        assert.throws(
          () => file.read(file.dataset('classes')),
          /classes in data set\.h5 holds no numbers\.$/,
        );
      },
    );
  });

  it('of 1 kB that claims 40 GB is refused before memory is taken', async () => {
    const shape = [100_000, 100_000];
    await written(
      (file) => {
        const chunks = [100, 100];
        file.create_dataset({
          name: 'plain',
          data: new Float32Array(4),
          shape: [2, 2],
          maxshape: [null, null],
          chunks,
        });
        file.create_dataset({
          name: 'packed',
          data: new Float32Array(4),
          shape: [2, 2],
          maxshape: [null, null],
          chunks,
          compression: 'gzip',
        });
        for (const name of ['plain', 'packed']) {
          const dataset = file.get(name) as unknown as { resize(shape: number[]): void };
          dataset.resize(shape);
        }
      },
      (file) => {
        for (const name of ['plain', 'packed']) {
          const dataset = file.dataset(name);
          assert.deepEqual(dataset.shape, shape);
          assert.throws(() => file.read(dataset, 0, 1), /claims 40000000000 bytes, the file has \d+\.$/);
        }
      },
    );
  });

  it('whose chunk unpacks to more than it claims is read as it claims, and is refused where that is too much', async () => {
    const path = folder.path('chunk.h5');
    const whole = await readFile(join(__dirname, '../data/fixtures/chunk.h5'));
    /** With another size of the array and its chunk, wherever the file says them. */
    const claiming = async <T>(size: number, read: (file: Hdf5File) => T): Promise<T> => {
      const changed = Buffer.from(whole);
      for (let at = 0; (at = changed.indexOf(Buffer.of(0x45, 0x23, 1, 0), at)) >= 0; at += 4) {
        changed.writeUInt32LE(size, at);
      }
      await writeFile(path, changed);
      const file = await openHdf5(path);
      try {
        return read(file);
      } finally {
        file.close();
      }
    };
    const content = await claiming(74565, (file) => file.read(file.dataset('x')));
    assert.deepEqual(content, new Uint8Array(74565));
    await claiming(0x7fffffff, (file) => {
      assert.throws(() => file.read(file.dataset('x')), /x claims 2147483647 bytes, the file has \d+\.$/);
    });
  });

  it('does not lead out of itself, nor round in circles', async () => {
    await writeHdf5(folder.path('secret.h5'), (file) => {
      file.create_dataset({ name: 'x', data: new Float32Array(1) });
    });
    await written(
      (file) => {
        file.create_external_link(folder.path('secret.h5'), 'x', 'outside');
        file.create_soft_link('/nowhere', 'broken');
        file.create_soft_link('/outside', 'indirect');
      },
      (file) => {
        assert.deepEqual(file.datasets(), []);
        assert.throws(() => file.dataset('outside'), /outside in data set\.h5 is a link to another file/);
        assert.throws(() => file.dataset('indirect'), /link to another file|no array/);
        assert.throws(() => file.dataset('x'), /There is no array x in data set\.h5\.$/);
      },
    );
    await written(
      (file) => {
        const group = file.create_group('a');
        file.create_group('b');
        group.create_hard_link('/a', 'self');
        group.create_hard_link('/a', 'twin');
      },
      (file) => assert.throws(() => file.datasets(), /groups that contain themselves/),
    );
  });

  it('that is cut short or damaged at any place fails with a sentence, and the next one is read', async () => {
    const path = folder.path('x.h5');
    await writeHdf5(path, (file) => {
      const group = file.create_group('model_weights');
      group.create_attribute('names', ['a', 'b', 'c']);
      const data = Float32Array.from({ length: 512 }, (_, i) => i);
      group.create_dataset({ name: 'w', data, shape: [64, 8], chunks: [8, 8], compression: 'gzip' });
    });
    const whole = await readFile(path);
    const readAll = async (file: string) => {
      const opened = await openHdf5(file);
      try {
        opened.attribute('model_weights', 'names');
        for (const dataset of opened.datasets()) opened.read(dataset);
      } finally {
        opened.close();
      }
    };
    const damaged = folder.path('damaged.h5');
    let failures = 0;
    for (let at = 0; at < whole.length; at += 41) {
      const bytes = Buffer.from(whole);
      bytes.fill(at % 3 === 0 ? 0xff : (at * 31) & 0xff, at, at + 6);
      await writeFile(damaged, at % 2 === 0 ? bytes : whole.subarray(0, at));
      try {
        await readAll(damaged);
      } catch (error) {
        assert.equal((error as Error).name, 'Failure', String(error));
        failures++;
      }
    }
    assert.ok(failures > 20, `${failures} failures`);
    await readAll(path);
    await failsWith(openHdf5(folder.path('none.h5')), /^There is no file/);
    await writeFile(damaged, 'not hdf5');
    await failsWith(openHdf5(damaged), /^damaged\.h5 is not an HDF5 file/);
  });
});
