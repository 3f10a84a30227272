import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { inputOf, seedWeights } from '../../support/layerNetworks/layerNetwork';
import { LAYER_NETWORKS } from '../../support/layerNetworks/layerNetworks';
import { writeNpz } from '../../support/npz';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';
import { analyze, assertSameCounts, newSession, study } from './engineRun';

const SAMPLES = 40;

describe('the quickest way against the stacked one, after every kind of layer', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();

  before(async function () {
    await requireNativeBackend(this);
  });

  for (const { title, build, sites, words } of LAYER_NETWORKS.filter((network) => network.sites.length > 0)) {
    it(`finds the same: ${title} (${String(sites.length)} sites)`, async () => {
      const model = build();
      const file = await writeLayersModel(model, temporary.path('model'));
      seedWeights(model);
      const x = inputOf(model, SAMPLES, words);
      const data = temporary.path('data.npz');
      await writeNpz(data, {
        x: { data: x.dataSync<'float32'>(), shape: x.shape },
        y: { data: Int32Array.from({ length: SAMPLES }, (_, n) => n % 3), shape: [SAMPLES] },
      });
      model.dispose();
      x.dispose();
      const spec = study(file, data, { operator: 'mean' });
      const quickest = await analyze(newSession(), spec, temporary.path('quickest'));
      const stacked = await analyze(
        newSession('tfjs-node', { way: 'stacked' }),
        spec,
        temporary.path('stacked'),
      );
      assertSameCounts(quickest, stacked, title);
    });
  }
});
