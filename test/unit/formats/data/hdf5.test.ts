import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { inspectData, readLabelledData } from '../../../../src/formats/data/readData';
import { failsWith } from '../../../support/failsWith';
import { writeHdf5 } from '../../../support/hdf5';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('labelled data: HDF5', () => {
  const folder = temporaryFolder();

  it('pairs arrays by name, also in groups, and reads one that is named', async () => {
    const path = folder.path('a.h5');
    await writeHdf5(path, (file) => {
      for (const [split, first] of [
        ['train', 0],
        ['test', 100],
      ] as const) {
        const group = file.create_group(split);
        const data = Uint8Array.from({ length: 24 }, (_, i) => first + i);
        group.create_dataset({ name: 'images', data, shape: [4, 2, 3], chunks: [2, 2, 3], compression: 4 });
        group.create_dataset({ name: 'labels', data: Int32Array.of(first, 1, 0, 1), shape: [4] });
      }
      file.create_dataset({ name: 'names', data: ['ant', 'bee'] });
    });
    const [best, other] = await inspectData(path);
    assert.equal(best?.data, `${path}#test/images`);
    assert.equal(best.labels, `${path}#test/labels`);
    assert.deepEqual(best.shape, [2, 3]);
    assert.equal(other?.data, `${path}#train/images`);
    const data = await readLabelledData({ data: `${path}#train/images` });
    assert.deepEqual([...data.labels], [0, 1, 0, 1]);
    assert.deepEqual([...(await data.read([3, 0]))], [18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5]);
    await failsWith(
      readLabelledData({ data: `${path}#x` }),
      /a\.h5 has no array "x": it has test\/images, test\/labels, train/,
    );
    await failsWith(
      readLabelledData({ data: `${path}#test/images`, labels: `${path}#names` }),
      /a\.h5#names holds text/,
    );
  });

  it('says that a model is no data, and what is damaged', async () => {
    const path = folder.path('model.h5');
    await writeHdf5(path, (file) => {
      file.create_attribute('keras_version', '2.4.0');
      file.create_group('model_weights');
    });
    await failsWith(inspectData(path), /^model\.h5 is a Keras model, not data: choose the file/);
    await writeHdf5(path, (file) => {
      file
        .create_group('layers')
        .create_group('dense')
        .create_group('vars')
        .create_dataset({ name: '0', data: [1] });
    });
    await failsWith(inspectData(path), /is a Keras model/);
    await writeFile(path, Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), Buffer.alloc(200)]));
    await failsWith(inspectData(path), /model\.h5/);
  });
});
