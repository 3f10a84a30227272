import assert from 'node:assert/strict';
import { dispose, gather, memory, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { knownFirstOrder } from '../../../src/core/ablation/knownGradient';
import { Control } from '../../../src/core/control';
import { firstOrder } from '../../../src/core/measures/firstOrder';
import { findSites } from '../../../src/core/network/sites';
import type { Samples } from '../../../src/core/samples';
import { readModel } from '../../../src/formats/models/readModel';
import { writeLayersModel } from '../../../src/formats/models/writeLayersModel';
import { architectures } from '../../support/architectures';
import { LAYER_NETWORKS } from '../../support/layerNetworks/layerNetworks';
import { requireNativeBackend } from '../../support/nativeBackend';
import { temporaryFolder } from '../../support/temporaryFolder';
import { contextOf, dataFor, seedWeights } from '../../support/waySite';

const SAMPLES = 9;

const NETWORKS: readonly {
  readonly title: string;
  readonly build: () => LayersModel;
  readonly words?: number;
}[] = [...Object.entries(architectures).map(([title, { build }]) => ({ title, build })), ...LAYER_NETWORKS];

describe('first-order estimates from the algebra, against those by differentiation', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();
  let known = 0;

  before(async function () {
    await requireNativeBackend(this);
  });
  after(() => assert.ok(known >= 20, `only ${known} sites had a gradient in their algebra`));

  for (const { title, build, words } of NETWORKS) {
    it(title, async () => {
      const model = build();
      seedWeights(model, 3);
      const file = await writeLayersModel(model, temporary.path('model'));
      model.dispose();
      const { network } = await readModel(file);
      const data = dataFor(network, SAMPLES, words);
      const indices = Int32Array.from({ length: SAMPLES }, (_, n) => n);
      const samples: Samples = {
        labels: data.labels,
        scale: 'none',
        load: (some) =>
          Promise.resolve([tidy(() => gather(data.x, tensor1d(Int32Array.from(some), 'int32')))]),
      };
      const control = new Control(new AbortController().signal);
      for (const site of findSites(network).sites) {
        for (const operator of ['zero', 'mean', 'another'] as const) {
          const { context, close } = contextOf(network, site, data, operator, 2 ** 24);
          const before = memory().numTensors;
          const found = await knownFirstOrder(context, indices, control);
          if (found === null) {
            close();
            continue;
          }
          known += 1;
          const [expected] = await firstOrder(network, [site], samples, indices, {
            batch: SAMPLES,
            replacement: (_, part) => context.replacement(part, 0),
            control,
          });
          close();
          assert.ok(memory().numTensors <= before, 'tensors were left behind');
          for (const form of ['signed', 'absolute'] as const) {
            found[form].forEach((value, unit) => {
              const wanted = expected![form][unit]!;
              const where = `${site.name} #${unit}, ${operator}, ${form}: ${value}, not ${wanted}`;
              assert.ok(Math.abs(value - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), where);
            });
          }
        }
      }
      dispose(data.x);
      network.dispose();
    });
  }
});
