import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  isRefused,
  type ModelDescription,
  type ModelInfo,
  type RefusedModel,
} from '../../src/protocol/study';
import { requireAssets } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';
import { type Bench, benchForEach, textOf, type View } from './browser';
import { THEMES } from './themes';

const CLI = path.join(__dirname, '../../dist/cli.js');

/** What the command line, and so the engine, says of a model. */
async function describeModel(file: string): Promise<ModelDescription> {
  const args = [CLI, 'inspect', file, '--json', '--backend', 'wasm'];
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, (_error, stdout) => resolve(stdout)),
  );
  return JSON.parse(said.split('\n')[0] ?? '') as ModelDescription;
}

describe('page of a model', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let view: View;
  const bench = benchForEach(() => view);

  const text = (selector: string): Promise<string> => textOf(view, selector);

  const rows = (label: string): Promise<string[][]> =>
    view.page
      .locator(`section[aria-label="${label}"] tbody tr`)
      .evaluateAll((all) => all.map((row) => Array.from(row.children, (cell) => cell.textContent)));

  async function show(model: ModelDescription | null, opening: Parameters<Bench['open']>[1] = {}) {
    view = await bench.open('model', opening);
    await view.deliver({ type: 'model', state: { name: 'mnist', place: 'models/mnist.h5', model } });
  }

  async function analysable(file: string): Promise<ModelInfo> {
    const model = await describeModel(file);
    assert.ok(!isRefused(model));
    return model;
  }

  async function refused(file: string): Promise<RefusedModel> {
    const model = await describeModel(file);
    assert.ok(isRefused(model));
    return model;
  }

  /** Pictures of all themes and widths, in which nothing is cut. */
  async function looksRight(name: string, model: ModelDescription): Promise<void> {
    for (const width of [400, 960, 1600]) {
      await show(model, { width, theme: 'dark' });
      for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
        await view.setTheme(theme);
        await view.screenshot(`model-${name}-${width}-${theme}`);
      }
      assert.deepEqual(await view.cutTexts(), [], `${width} px`);
      assert.deepEqual(view.problems, []);
      if (width < 1600) await view.page.context().close();
    }
  }

  it('says that it reads until the host has read', async () => {
    await show(null);
    assert.deepEqual(await view.posted(), [{ type: 'ready' }]);
    assert.match(await text('main'), /^mnist models\/mnist\.h5 Reading the model…$/);
    assert.equal(await view.page.locator('vscode-button').count(), 0);
  });

  it('shows facts, sites and layers of a Keras model', async function () {
    const [file] = requireAssets(this, 'tensorspace-keras-functional/h5-combined/mnist.h5');
    const model = await analysable(file);
    await show(model);
    assert.match(
      await text('.facts'),
      /^Format Keras model \(HDF5\) written by Keras 2\.1\.6 Input 28 × 28 /,
    );
    assert.match(await text('.facts'), /Classes 10.* Parameters 44,426$/);
    assert.equal(await text('section[aria-label="Sites"] h2'), '226 neurons in 4 sites');
    assert.deepEqual(await rows('Sites'), [
      ['Conv2D_1', '6', 'convolution', '24 × 24 × 6'],
      ['Conv2D_2', '16', 'convolution', '8 × 8 × 16'],
      ['Dense_1', '120', 'dense', '120'],
      ['Dense_2', '84', 'dense', '84'],
    ]);
    const layers = await rows('Layers');
    assert.equal(layers.length, 10);
    assert.deepEqual(layers[2], ['Conv2D_1', 'Conv2D', '24 × 24 × 6', '156']);
    assert.deepEqual(layers[9], ['Softmax', 'Dense', '10', '850']);
    const numbers = layers.map((row) => Number((row[3] ?? '').replaceAll(',', '')));
    assert.equal(
      numbers.reduce((sum, each) => sum + each, 0),
      model.parameters,
    );
    assert.match(await text('section[aria-label="What would stop an analysis"]'), /Nothing: every layer/);
  });

  it('asks the host to analyze, by mouse and by keyboard', async function () {
    const [file] = requireAssets(this, 'tfjs-mnist-cnn/model.json');
    await show(await analysable(file));
    await view.page.locator('vscode-button', { hasText: 'Analyze Neurons…' }).click();
    await view.page.keyboard.press('Tab');
    await view.page.locator('vscode-button').focus();
    await view.page.keyboard.press('Enter');
    assert.deepEqual(await view.posted(), [{ type: 'ready' }, { type: 'analyze' }, { type: 'analyze' }]);
  });

  it('names several outputs, and which of them is analyzed', async function () {
    const [file] = requireAssets(this, 'tensorspace-keras-functional/tfjs-layers-multioutput/model.json');
    await show(await analysable(file));
    assert.match(await text('.facts'), /Outputs Conv2D_1 no class scores .* Softmax 10 classes, analyzed/);
    assert.deepEqual(await view.cutTexts(), []);
  });

  it('shows a regression with the reason why it is refused, and all that is known of it', async function () {
    const [file] = requireAssets(this, 'tfjs-examples-abalone-regression/model/model.json');
    const model = await refused(file);
    await show(model);
    assert.match(await text('.refused'), /is not a classifier: its output dense_Dense3 gives one number/);
    assert.match(
      await text('.facts'),
      /^Format TensorFlow\.js layers model written by .* Input 8 .* Output dense_Dense3 no class scores Parameters 3,051$/,
    );
    assert.deepEqual((await rows('Layers'))[1], ['dense_Dense1', 'Dense', '50', '450']);
    assert.equal(await view.page.locator('section[aria-label="Sites"]').count(), 0);
    assert.equal(await view.page.locator('vscode-button', { hasText: 'Analyze' }).count(), 0);
    await view.page.locator('vscode-button', { hasText: 'Read Again' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'readAgain' });
    await looksRight('regression', model);
  });

  it('lists the layers of a model that cannot be built', async function () {
    const [file] = requireAssets(this, 'tfjs-mnist-cnn/model.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as {
      modelTopology: { model_config: { config: { layers: { class_name: string }[] } } };
      weightsManifest: { paths: string[] }[];
    };
    json.modelTopology.model_config.config.layers[2]!.class_name = 'Lambda';
    await mkdir(folder.path('lambda'), { recursive: true });
    for (const name of json.weightsManifest.flatMap(({ paths }) => paths)) {
      await copyFile(path.join(path.dirname(file), name), folder.path(`lambda/${name}`));
    }
    await writeFile(folder.path('lambda/model.json'), JSON.stringify(json));
    await show(await refused(folder.path('lambda/model.json')));
    assert.match(await text('.refused'), /Lambda/);
    const layers = await rows('Layers');
    assert.equal(layers[2]?.[1], 'Lambda');
    assert.deepEqual(new Set(layers.map(({ length }) => length)), new Set([2]));
  });

  it('gives the command that converts a model of another format, to be copied', async () => {
    const file = folder.path('net with <b>blanks.tflite');
    await writeFile(file, Buffer.from('\x1c\0\0\0TFL3\0\0\0\0\0\0\0\0', 'latin1'));
    const model = await refused(file);
    await show(model, { width: 400 });
    const command = await text('.command code');
    assert.match(await text('.refused p'), /is a TensorFlow Lite model, .* or convert it with:$/);
    assert.match(command, /^python -m tf2onnx\.convert --tflite "net with <b>blanks\.tflite" --output /);
    await view.page.locator('vscode-button', { hasText: 'Copy' }).click();
    assert.equal(await view.page.evaluate(() => navigator.clipboard.readText()), command);
    assert.equal(await view.page.locator('#root b').count(), 0, 'a name is no markup');
    await looksRight('tflite', model);
  });

  it('shows a file that is no model, and nothing else of it', async () => {
    await writeFile(folder.path('data.h5'), 'hello');
    await show(await refused(folder.path('data.h5')));
    assert.match(await text('.refused'), /is not a model that is read: choose a model\.json/);
    assert.equal(await view.page.locator('table, .facts').count(), 0);
  });

  it('cuts nothing in any width and theme, also not long names, excluded sites and several inputs', async function () {
    const [file] = requireAssets(this, 'tensorspace-keras-functional/h5-combined/mnist.h5');
    const model = await analysable(file);
    const long = 'block_3/inverted_residual/expand_relu_with_a_name_that_does_not_end_soon';
    await looksRight('long', {
      ...model,
      inputs: [
        { name: 'pictures_of_the_left_camera', shape: [null, null, 3] },
        { name: 'weather', shape: [12] },
      ],
      outputs: [...model.outputs, { name: `${long}/scores`, classes: null, chosen: false }],
      sites: [
        { name: long, units: 1024, shape: [112, 112, 1024], kind: 'depthwise convolution' },
        ...model.sites,
      ],
      layers: [
        { name: long, type: 'LayerNormalization', shape: [null, 112, 1024], parameters: 12_345_678 },
        ...model.layers,
      ],
      excluded: [
        { name: 'attention', reason: 'is a layer of type MultiHeadAttention, whose units are not known' },
        { name: long, reason: 'has no fixed number of units' },
      ],
    });
  });

  it('looks right with a real model', async function () {
    const [file] = requireAssets(this, 'tfjs-cnn-explainer-tinyvgg/model.json');
    await looksRight('tinyvgg', await analysable(file));
  });
});
