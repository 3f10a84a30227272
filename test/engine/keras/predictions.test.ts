import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Network } from '../../../src/core/network/network';
import { Program } from '../../../src/core/network/program';
import { findSites } from '../../../src/core/network/sites';
import { readModel } from '../../../src/formats/models/readModel';
import { KERAS_NETWORKS } from '../../support/keras/networks';
import {
  modelOf,
  requireKerasFixtures,
  type KerasFixtures,
  type KerasModel,
} from '../../support/kerasFixtures';
import { requireNativeBackend } from '../../support/nativeBackend';

/** How far probabilities may be from what Keras computes, at most. */
const WITHIN = 1e-4;

describe('Keras files, against the predictions of Keras', function () {
  this.timeout(60_000);
  let fixtures: KerasFixtures;

  before(async function () {
    this.timeout(15 * 60_000);
    await requireNativeBackend(this);
    fixtures = await requireKerasFixtures(this);
  });

  for (const network of KERAS_NETWORKS) {
    for (const version of network.keras) {
      it(`${network.name}, Keras ${String(version)}`, async () => {
        const model = modelOf(fixtures, network, version);
        const tensors = memory().numTensors;
        const away: Record<string, number> = {};
        for (const [way, file] of Object.entries(model.files)) {
          const { network: read } = await readModel(file);
          away[way] = await farthest(read, model);
          const { sites, excluded } = findSites(read);
          assert.deepEqual(
            sites.map(({ name, units }) => `${name} ${String(units)}`).sort(),
            [...network.sites].sort(),
            `sites of ${way}`,
          );
          assert.deepEqual(
            excluded.map(({ name }) => name),
            network.excluded ?? [],
          );
          read.dispose();
        }
        for (const [way, difference] of Object.entries(away)) {
          assert.ok(
            difference <= (network.within ?? WITHIN),
            `${way}: ${String(difference)} away from Keras`,
          );
        }
        assert.equal(memory().numTensors, tensors);
      });
    }
  }
});

/** The largest difference of any output of any sample. */
async function farthest(network: Network, model: KerasModel): Promise<number> {
  const bytes = await readFile(model.x);
  const x = tensor(
    new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
    [...model.shape],
  );
  const wanted = model.outputs.map(({ name }) => {
    const output = network.outputs.find((each) => each.name === name);
    return output ?? assert.fail(`no output ${name} among ${network.outputs.map((o) => o.name).join(', ')}`);
  });
  const values = new Program(
    network,
    network.inputs,
    wanted.map(({ id }) => id),
  ).run([x]);
  const differences = values.map((value, index) => differenceOf(value, model.outputs[index]!.values.flat()));
  for (const value of [x, ...values]) value.dispose();
  return Math.max(...differences);
}

function differenceOf(value: Tensor, expected: readonly number[]): number {
  const found = value.dataSync();
  assert.equal(found.length, expected.length);
  return expected.reduce((most, number, index) => {
    const difference = Math.abs(number - found[index]!);
    return Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }, 0);
}
