import assert from 'node:assert/strict';
import { layers as L, input, model } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { findSites } from '../../src/core/network/sites';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { Session } from '../../src/engine/session';
import { readModel } from '../../src/formats/models/readModel';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import { failsWith } from '../support/failsWith';
import { apply } from '../support/layerNetworks/layerNetwork';
import { requireNative } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';

describe('a model with several outputs', () => {
  const temporary = temporaryFolder();
  const options = { backend: 'tfjs-node' as const, native: defaultNativeFolders(), log: () => undefined };
  let file: string;

  before(async function () {
    requireNative(this);
    await loadBackend(options);
  });
  beforeEach(async () => {
    const several = severalOutputs();
    file = await writeLayersModel(several, temporary.path('several'));
    several.dispose();
  });

  /** Kind, classes and sites (`name`, `name!` where the chosen scores do not depend on it). */
  const chosen = async (output?: string): Promise<readonly [string, number, readonly string[]]> => {
    const { network } = await readModel(file, { output });
    const { head, operations } = network;
    const { sites } = findSites(network);
    network.dispose();
    const at = operations.find(({ id }) => id === head.output)!;
    return [
      `${at.name} ${head.kind}`,
      head.classes,
      sites.map(({ name, feeds }) => (feeds ? name : `${name}!`)),
    ];
  };

  it('is read for the last softmax-like one', async () => {
    assert.deepEqual(await chosen(), ['fine softmax', 7, ['trunk', 'branch', 'number!', 'coarse!', 'tags!']]);
  });

  it('is read for the one chosen by name, or by index', async () => {
    const coarse = ['coarse softmax', 3, ['trunk', 'branch!', 'number!', 'tags!', 'fine!']];
    assert.deepEqual(await chosen('coarse'), coarse);
    assert.deepEqual(await chosen('1'), coarse);
    assert.deepEqual(await chosen('tags'), [
      'tags probabilities',
      4,
      ['trunk', 'branch!', 'number!', 'coarse!', 'fine!'],
    ]);
  });

  it('has its outputs listed', async () => {
    const info = await new Session(options).inspectModel(file, { output: 'tags' });
    assert.equal(info.classes, 4);
    assert.deepEqual(info.outputs, [
      { name: 'number', classes: null, chosen: false },
      { name: 'coarse', classes: 3, chosen: false },
      { name: 'tags', classes: 4, chosen: true },
      { name: 'fine', classes: 7, chosen: false },
    ]);
  });

  it('says which outputs there are, when another is asked for', async () => {
    const list = 'its outputs are number (0), coarse (1), tags (2), fine (3).';
    for (const name of ['trunk', '4', '-1', '']) {
      const read = readModel(file, { output: name });
      await failsWith(read, new RegExp(escaped(`has no output ${name}; ${list}`)));
    }
  });

  it('says that an output is no classifier', async () => {
    await failsWith(
      readModel(file, { output: 'number' }),
      /^The output number of .* gives one number a sample/,
    );
    await failsWith(readModel(file, { output: '0' }), /^The output 0 of .* choose another output/);
  });
});

const escaped = (text: string): string => text.replace(/[().]/g, '\\$&');

function severalOutputs(): ReturnType<typeof model> {
  const x = input({ shape: [6] });
  const dense = (name: string, units: number, activation: 'relu' | 'linear' | 'softmax' | 'sigmoid') =>
    L.dense({ name, units, activation });
  const trunk = apply(dense('trunk', 5, 'relu'), x);
  const branch = apply(dense('branch', 4, 'relu'), trunk);
  const outputs: SymbolicTensor[] = [
    apply(dense('number', 1, 'linear'), trunk),
    apply(dense('coarse', 3, 'softmax'), trunk),
    apply(dense('tags', 4, 'sigmoid'), trunk),
    apply(dense('fine', 7, 'softmax'), branch),
  ];
  return model({ inputs: x, outputs });
}
