import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { layers as L, sequential } from '@tensorflow/tfjs-layers';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { Session } from '../../src/engine/session';
import { writeLayersModel } from '../../src/formats/models/writeLayersModel';
import type { AnalyzeEvent } from '../../src/protocol/engine';
import type { StudySpec } from '../../src/protocol/study';
import { list, node, placeholder, writeGraph } from '../support/graph/writeGraph';
import { writeNpz } from '../support/npz';
import { requireNative } from '../support/requirements';
import { saysWhatIsWrong } from '../support/sentence';
import { temporaryFolder } from '../support/temporaryFolder';

interface Json {
  modelTopology: { config: { layers: { config: Record<string, unknown> }[] } };
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
}

const ROWS = 30;
const X = Float32Array.from({ length: ROWS * 4 }, (_, i) => Math.sin(i));
const Y = Int32Array.from({ length: ROWS }, (_, i) => i % 3);

describe('hostile and broken input to a session', function () {
  this.timeout(60_000);
  const temporary = temporaryFolder();
  let session = new Session({ backend: 'auto', native: [], log: () => undefined });

  before(async function () {
    requireNative(this);
    const options = { backend: 'tfjs-node', native: defaultNativeFolders(), log: () => undefined } as const;
    await loadBackend(options);
    session = new Session(options);
  });
  after(() => session.dispose());

  beforeEach(async () => {
    const model = sequential({
      layers: [
        L.dense({ name: 'hidden', units: 5, activation: 'relu', inputShape: [4] }),
        L.dense({ name: 'classes', units: 3, activation: 'softmax' }),
      ],
    });
    await writeLayersModel(model, temporary.path('good'));
    model.dispose();
    await writeNpz(temporary.path('good.npz'), {
      x: { data: X, shape: [ROWS, 4] },
      y: { data: Y, shape: [ROWS] },
    });
  });

  let runs = 0;
  const analyzed = async (
    change: Partial<StudySpec> = {},
    on: (event: AnalyzeEvent) => void = () => undefined,
  ): Promise<string> => {
    const spec: StudySpec = {
      model: temporary.path('good/model.json'),
      data: temporary.path('good.npz'),
      scale: 'none',
      operator: 'zero',
      seed: 1,
      measures: [],
      ...change,
    };
    const params = { spec, directory: temporary.path(`run${String(runs++)}`), accept_chance: true };
    const result = await session.analyze(params, on, new AbortController().signal);
    return result.kind;
  };

  const refused = async (change: Partial<StudySpec>, file: string, what: RegExp): Promise<void> => {
    await saysWhatIsWrong(analyzed(change), file, what);
    assert.equal(await analyzed(), 'complete');
  };

  /** A model whose description and weights are changed. */
  const damaged = async (
    change: (json: Json) => void,
    weights?: (bytes: Buffer) => Buffer,
  ): Promise<string> => {
    const file = temporary.path('bad/model.json');
    await mkdir(temporary.path('bad'));
    const json = JSON.parse(await readFile(temporary.path('good/model.json'), 'utf8')) as Json;
    const shard = json.weightsManifest[0]!.paths[0]!;
    const bytes = await readFile(join(temporary.path('good'), shard));
    await writeFile(join(temporary.path('bad'), shard), weights?.(bytes) ?? bytes);
    change(json);
    await writeFile(file, JSON.stringify(json));
    return file;
  };

  const outside = [
    '../good/group1-shard1of1.bin',
    '/etc/hostname',
    'https://example.org/w.bin',
    'file:///etc/hostname',
  ];
  for (const path of outside) {
    it(`is refused: weights at ${path}`, async () => {
      const model = await damaged((json) => (json.weightsManifest[0]!.paths = [path]));
      await refused({ model }, model, /outside its own folder/);
    });
  }

  it('is refused: weights of another size than the manifest says, and shapes of 40 GB', async () => {
    const model = await damaged(
      () => undefined,
      (bytes) => bytes.subarray(8),
    );
    await refused({ model }, model, /cut short/);
    const json = JSON.parse(await readFile(model, 'utf8')) as Json;
    json.weightsManifest[0]!.weights[0]!.shape = [100_000, 100_000];
    await writeFile(model, JSON.stringify(json));
    await refused({ model }, model, /cut short/);
  });

  it('is refused: a weight that is listed twice', async () => {
    const model = await damaged(({ weightsManifest }) => weightsManifest.push(weightsManifest[0]!));
    await refused({ model }, model, /lists the weight .* twice/);
  });

  it('is refused: a layer that claims 40 GB', async () => {
    const model = await damaged(
      ({ modelTopology }) => (modelTopology.config.layers[0]!.config['units'] = 1e10),
    );
    await refused({ model }, model, /damaged|cannot be read|not a layers model/);
  });

  for (const [what, value] of [
    ['NaN', NaN],
    ['infinite', Infinity],
  ] as const) {
    it(`is refused: a weight that is ${what}`, async () => {
      const model = await damaged(
        () => undefined,
        (bytes) => (bytes.writeFloatLE(value, 12), bytes),
      );
      await refused({ model }, model, new RegExp(what));
    });
  }

  it('is refused: two layers of one name, a type of weights that is none, JSON nested 100,000 deep', async () => {
    const model = await damaged(({ modelTopology }) => {
      for (const { config } of modelTopology.config.layers) config['name'] = 'same';
    });
    await refused({ model }, model, /same|name/);
    const good = JSON.parse(await readFile(temporary.path('good/model.json'), 'utf8')) as Json;
    (good.weightsManifest[0]!.weights[0] as { dtype: string }).dtype = 'object';
    await writeFile(model, JSON.stringify(good));
    await refused({ model }, model, /type object/);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await writeFile(model, `{"modelTopology": {"model_config": ${deep}}, "weightsManifest": []}`);
    await refused({ model }, model, /model\.json/);
  });

  it('is refused: layers that go round in a circle', async () => {
    const called = (name: string, from: string): object => ({
      class_name: 'Dense',
      name,
      config: { name, units: 4 },
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const input = {
      class_name: 'InputLayer',
      name: 'x',
      config: { name: 'x', batch_input_shape: [null, 4] },
    };
    const model = await damaged((json) => {
      const layers = [{ ...input, inbound_nodes: [] }, called('a', 'b'), called('b', 'a')];
      const config = { name: 'net', layers, input_layers: [['x', 0, 0]], output_layers: [['b', 0, 0]] };
      Object.assign(json.modelTopology, { class_name: 'Model', config });
    });
    await refused({ model }, model, /waits for its own output/);
  });

  it('is refused: a graph that goes round in a circle', async () => {
    await mkdir(temporary.path('graph'));
    const model = await writeGraph(temporary.path('graph'), [
      placeholder('x', [4]),
      node('a', 'AddV2', ['x', 'b']),
      node('b', 'Relu', ['a']),
      node('scores', 'Softmax', ['b'], { list: list([1]) }),
    ]);
    await refused({ model }, model, /circle|cycle|itself|round/);
  });

  const bad: readonly [string, readonly number[], Int32Array, RegExp][] = [
    ['no samples', [0, 4], new Int32Array(0), /no samples/],
    ['one class', [ROWS, 4], new Int32Array(ROWS).fill(1), /class/],
    ['labels beyond the outputs', [ROWS, 4], Y.map((label) => label * 7), /class|output|label/],
    ['negative labels', [ROWS, 4], Y.map((label) => label - 2), /negative/],
    ['samples of another shape', [ROWS / 2, 8], Y.subarray(0, ROWS / 2), /shape|values|\[8\]/],
  ];
  for (const [title, shape, y, what] of bad) {
    it(`is refused: ${title}`, async () => {
      const data = temporary.path('bad.npz');
      const x = X.subarray(
        0,
        shape.reduce((a, b) => a * b, 1),
      );
      await writeNpz(data, { x: { data: x, shape }, y: { data: y, shape: [y.length] } });
      await refused({ data }, data, what);
    });
  }

  for (const [title, name, phase] of [
    ['data that change while they are measured on', 'good.npz', 'baseline'],
    ['a model that changes while it is measured', 'good/model.json', 'baseline'],
    ['data that change before they are read to the end', 'good.npz', 'preprocessing'],
  ] as const) {
    it(`is refused: ${title}`, async () => {
      const file = temporary.path(name);
      const before = await readFile(file);
      const change = (event: AnalyzeEvent): void => {
        if (event.event === 'progress' && event.progress.phase === phase) writeFileSync(file, before);
      };
      await saysWhatIsWrong(analyzed({}, change), file, /was changed while it was analysed/);
      assert.equal(await analyzed(), 'complete');
    });
  }

  it('is read under names of spaces, umlauts and symbols', async () => {
    const folder = temporary.path('ünï cödé ☂ (1) #2');
    await mkdir(folder);
    for (const name of ['model.json', 'group1-shard1of1.bin'])
      await copyFile(join(temporary.path('good'), name), join(folder, name));
    await copyFile(temporary.path('good.npz'), join(folder, 'däta 1.npz'));
    const spec = { model: join(folder, 'model.json'), data: join(folder, 'däta 1.npz') };
    assert.equal(await analyzed(spec), 'complete');
  });
});
