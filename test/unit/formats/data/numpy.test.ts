import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { failsWith } from '../../../support/failsWith';
import { npyBytes } from '../../../support/npz';
import { temporaryFolder } from '../../../support/temporaryFolder';

const FIXTURES = join(__dirname, 'fixtures');
const TYPES = join(FIXTURES, 'types.npz');
const ORDERS = join(FIXTURES, 'orders.npz');
const VALUES = [0, 1, 2, 3, 4, 5, 250, 7, 8, 9, 10, 11];
const CUBE = Array.from({ length: 24 }, (_, i) => i);

describe('arrays written by NumPy', () => {
  const folder = temporaryFolder();

  it('are read in every element type and byte order', async () => {
    const expected: Record<string, readonly [string, readonly number[]]> = {
      bool: ['bool', VALUES.map((value) => (value === 0 ? 0 : 1))],
      i1: ['int8', VALUES.map((value) => (value === 250 ? -6 : value))],
      u1: ['uint8', VALUES],
      f2: ['float16', VALUES],
    };
    for (const code of ['i2', 'u2', 'i4', 'u4', 'i8', 'f2', 'f4', 'f8']) {
      const type = { i: 'int', u: 'uint', f: 'float' }[code.charAt(0)] ?? '';
      expected[`le_${code}`] = [`${type}${8 * Number(code.charAt(1))}`, VALUES];
      expected[`be_${code}`] = [`${type}${8 * Number(code.charAt(1))}`, VALUES];
    }
    expected['le_u8'] = ['uint64', VALUES];
    delete expected['f2'];
    for (const [name, [dtype, values]] of Object.entries(expected)) {
      const data = await readLabelledData({ data: `${TYPES}#${name}` });
      assert.equal(data.dtype, dtype, name);
      assert.deepEqual([...(await data.read([0, 1, 2, 3]))], values, name);
      assert.deepEqual([...data.labels], [0, 1, 1, 0], name);
    }
  });

  it('are read in Fortran order, stored without compression, and with a wide header', async () => {
    const fortran = await readLabelledData({ data: `${ORDERS}#x` });
    assert.deepEqual(fortran.shape, [3, 4]);
    assert.deepEqual([...(await fortran.read([0, 1]))], CUBE);
    const plain = await readLabelledData({ data: `${ORDERS}#x_test` });
    assert.deepEqual([...(await plain.read([1]))], CUBE.slice(12));
    await copyFile(join(FIXTURES, 'x_v2.npy'), folder.path('x.npy'));
    await writeFile(folder.path('y.npy'), npyBytes({ data: Uint8Array.of(0, 1), shape: [2] }));
    const wide = await readLabelledData({ data: folder.path('x.npy') });
    assert.deepEqual([...(await wide.read([0, 1]))], CUBE);
  });

  it('are refused where they hold Python objects or text', async () => {
    await failsWith(
      readLabelledData({ data: `${ORDERS}#objects` }),
      /holds pickled Python objects, which are never loaded/,
    );
    await failsWith(
      readLabelledData({ data: ORDERS, labels: `${ORDERS}#words` }),
      /orders\.npz#words holds text/,
    );
    await failsWith(readLabelledData({ data: `${ORDERS}#scalar` }), /has the shape \[\]/);
  });

  it('are offered although others in the file cannot be read', async () => {
    const found = await inspectData(ORDERS);
    assert.deepEqual(
      found.map(({ data, labels }) => [data, labels]),
      [
        [`${ORDERS}#x`, `${ORDERS}#y`],
        [`${ORDERS}#x_test`, `${ORDERS}#y`],
      ],
    );
  });
});
