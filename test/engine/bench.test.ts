import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { siteOperations } from '../../bench/arithmetic';
import { growthOf } from '../../bench/growth';
import type { CaseLine } from '../../bench/runCase';
import { findSites } from '../../src/core/network/sites';
import { perceptron } from '../../src/core/training/perceptron';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { requireNative } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';

describe('the benchmark', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  it('finds the counts of the peer that deletes by mask, and prints the fields of its JSON line', async function () {
    requireNative(this);
    const main = join(__dirname, '..', '..', 'bench', 'main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--import=tsx', main, 'smoke', '--json']);
    const line = JSON.parse(stdout) as CaseLine;
    assert.deepEqual(Object.keys(line).slice(0, 7), [
      'case',
      'ours_s',
      'peers',
      'ratios',
      'share_of_peak',
      'first_map_s',
      'peak_rss_mb',
    ]);
    assert.equal(line.case, 'smoke');
    const peer = line.peer_details?.['tfjs-node'];
    assert.equal(peer?.measured_units, 40);
    assert.equal(peer.different_units, 0);
    assert.equal(line.ratios['tfjs-node'], line.peers['tfjs-node']! / line.ours_s);
    assert.ok(line.first_map_s! <= line.ours!.seconds_with_reading);
    // The peer sees differences at all only if the network is right often, and wrong without some unit.
    assert.ok(line.ours!.accuracy > 0.5 && line.ours!.accuracy < 1);
  });

  it('counts the arithmetic of each way', async () => {
    await loadBackend({ backend: 'wasm', native: defaultNativeFolders(), log: () => undefined });
    const model = perceptron({ input: [5, 4], hidden: [16, 12], classes: 5, seed: 1 });
    const { network } = await readModel(await writeLayersModel(model, folder.path('model')));
    const { sites } = findSites(network);
    const [first, last] = [sites[0]!, sites.at(-1)!];
    const { classes } = network.head;
    const all = (units: number) => ({ samples: 10, site: Array.from({ length: units }, () => 1), next: 1 });
    const pairs = 10 * last.units;
    assert.equal(siteOperations(network, last, 'closed-form', all(last.units)), pairs * 2 * classes);
    const half = { ...all(last.units), site: all(last.units).site.map(() => 0.5) };
    assert.equal(siteOperations(network, last, 'closed-form', half), pairs * classes);
    // All that follows the last hidden layer is its product with the head.
    assert.equal(siteOperations(network, last, 'stacked', all(last.units)), pairs * 2 * last.units * classes);
    const [delta, stacked] = ['delta', 'stacked'].map((way) =>
      siteOperations(network, first, way, all(first.units)),
    );
    assert.equal(stacked! - delta!, 10 * first.units * 2 * (first.units - 1) * last.units);
    network.dispose();
    model.dispose();
  });

  it('fits a line to times, and tells growth that is not linear', () => {
    const linear = growthOf([1, 2, 4], [3, 5, 9]);
    assert.ok(Math.abs(linear.each_s - 2) < 1e-9 && Math.abs(linear.fixed_s - 1) < 1e-9);
    assert.ok(Math.abs(linear.r_squared - 1) < 1e-9);
    const square = growthOf([1, 2, 4], [1, 4, 16]);
    assert.ok(Math.abs(square.exponent - 2) < 1e-9);
    assert.ok(square.r_squared < 0.98);
  });
});
