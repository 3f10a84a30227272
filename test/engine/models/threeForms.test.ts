import assert from 'node:assert/strict';
import path from 'node:path';
import type { StoredRun } from '../../../src/protocol/engine';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, assertSameCounts, newSession, siteList, study } from '../exactness/engineRun';

const ASSET = 'tensorspace-keras-functional';
const DATA = 'data-mnist-t10k';

/** One network, published as TensorFlow.js layers model, as one HDF5 file, and as HDF5 weights with a topology. */
describe('a network published in three forms', function () {
  this.timeout(120_000);
  const temporary = temporaryFolder();
  let folder = '';
  let images = '';
  let labels = '';

  before(function () {
    requireNative(this);
    [folder] = requireAssets(this, ASSET);
    [images, labels] = requireAssets(
      this,
      `${DATA}/t10k-images-idx3-ubyte.gz`,
      `${DATA}/t10k-labels-idx1-ubyte.gz`,
    );
  });

  const run = (model: string, directory: string, more: object): Promise<StoredRun> =>
    analyze(
      newSession(),
      study(path.join(folder, model), images, { labels, scale: '0..1', ...more }),
      temporary.path(directory),
    );

  it('has the same counts for every unit, whichever is read', async () => {
    const samples = 300;
    const tfjs = await run('tfjs-layers-multioutput/model.json', 'tfjs', { samples });
    assert.deepEqual(siteList(tfjs), { Conv2D_1: 6, Conv2D_2: 16, Dense_1: 120, Dense_2: 84 });
    const forms = [
      'h5-combined/mnist.h5',
      'h5-separated/weights.h5',
      'h5-separated/topology.json',
      'h5-combined',
    ];
    for (const [index, form] of forms.entries()) {
      const other = await run(form, String(index), { samples });
      assert.deepEqual(siteList(other), siteList(tfjs));
      assertSameCounts(other, tfjs, form);
    }
  });

  it('is right on 9866 of the 10,000 test images of MNIST', async () => {
    const { record } = await run('h5-combined/mnist.h5', 'whole', { sites: ['Dense_2'] });
    assert.equal(record.baseline.samples, 10_000);
    assert.equal(record.baseline.correct, 9866);
  });

  it('takes the topology that the study names', async () => {
    const topology = path.join(folder, 'h5-separated/topology.json');
    const { record } = await run('h5-separated/weights.h5', 'named', {
      topology,
      samples: 100,
      sites: ['Conv2D_1'],
    });
    assert.equal(record.model.format, 'Keras weights and topology (HDF5, JSON)');
  });
});
