import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { gradient, png } from '../support/pictures';
import { requireAssets } from '../support/requirements';
import { fillWithSample, openFixture, type Fixture } from './fixture';
import { StudyPanel } from './studyPanel';

/** How the CNN Explainer's pictures are named, in the order of the outputs of its network; and its classes. */
const SHORT = 'boat,bug,pizza,pepper,bus,koala,espresso,panda,orange,car'.split(',');
const CLASSES =
  'lifeboat,ladybug,pizza,bell pepper,school bus,koala,espresso,red panda,orange,sport car'.split(',');

describe('Finding models and data in a workspace in VS Code', function () {
  this.timeout(120_000);
  let at: Fixture;

  before(async function () {
    const [keras, apart, idx, tiny] = requireAssets(
      this,
      'tensorspace-keras-functional/h5-combined',
      'tensorspace-keras-functional/h5-separated',
      'data-mnist-t10k',
      'tfjs-cnn-explainer-tinyvgg',
    );
    at = await openFixture({
      native: true,
      fill: (workspace) => {
        const copy = (from: string, to: string): void =>
          fs.cpSync(from, path.join(workspace, to), { recursive: true });
        const write = (file: string, content: string | Uint8Array): void => {
          fs.mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
          fs.writeFileSync(path.join(workspace, file), content);
        };
        copy(path.join(keras, 'mnist.h5'), 'digits/mnist.h5');
        copy(idx, 'digits');
        write('digits/mnist.h5.neuron-deletion.json', JSON.stringify({ samples: 1000, sites: ['Dense_2'] }));
        copy(apart, 'apart');
        for (const file of ['model.json', 'group1-shard1of1.bin'])
          copy(path.join(tiny, file), `tiny/${file}`);
        write('tiny/class_names.txt', CLASSES.join('\n'));
        for (const name of fs.readdirSync(path.join(tiny, 'images-jpeg'))) {
          const label = CLASSES[SHORT.indexOf(name.replace(/_.*/, ''))];
          if (label !== undefined) copy(path.join(tiny, 'images-jpeg', name), `pictures/${label}/${name}`);
        }
        // Pictures of other things, nearer; and what is not to be found.
        for (let i = 0; i < 10; i++) write(`tiny/strange/thing ${i}/1.PNG`, png(8, 8, gradient(8, 8)));
        write('package.json', '{"files": ["a"], "scripts": {"test": "x"}}');
        write('tsconfig.json', '{"compilerOptions": {"strict": true}}');
        write('rows.json', JSON.stringify([1, 0, 1, 0].map((label) => ({ a: label, b: 2, label }))));
        fillWithSample(path.join(workspace, 'node_modules/sample'));
        fillWithSample(path.join(workspace, '.venv/sample'));
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
    await at.workbench.page.keyboard.press('Escape');
    // What hovers over a row of the explorer takes the next click.
    await at.workbench.page.mouse.move(1000, 890);
  });
  after(async () => {
    await at.close();
  });

  it('lists Keras and TensorFlow.js models, of weights and topology only the one, of what was installed none', async () => {
    await at.workbench.openContainer('Neuron Deletion');
    assert.deepEqual(await at.workbench.treeRows('Models'), [
      'weights Keras',
      'mnist Keras',
      'tiny TensorFlow.js',
    ]);
  });

  it('offers for an .h5 model first the IDX data beside it, and analyses it', async () => {
    await at.workbench.explorerMenu('digits/mnist.h5', 'Analyze Neurons');
    await at.workbench.pickerHint('Data with labels');
    const rows = await at.workbench.picks();
    assert.equal(rows[0]?.label, 't10k-images-idx3-ubyte.gz');
    assert.match(rows[0].text, /28 × 28 uint8 · labels t10k-labels-idx1-ubyte\.gz/);
    assert.match(rows[0].text, /10000 samples, 10 classes, 892–1135 of each · idx\.gz · digits/);
    const labels = rows.map(({ label }) => label.trim());
    assert.deepEqual(labels.slice(1).sort(), [
      'Browse for a File…',
      'Browse for a Folder of Pictures…',
      'pictures',
      'rows.json',
      'strange',
    ]);
    assert.match(rows[labels.indexOf('rows.json')]?.text ?? '', /2 int32 .*the model takes 28 × 28,/);
    const run = await at.analysisOf(() => at.workbench.pick(/t10k-images/));
    const { baseline, model, data } = await run.status('complete');
    assert.equal(baseline.samples, 1000);
    assert.ok(baseline.accuracy > 0.975, String(baseline.accuracy));
    assert.equal(model.path, path.join(at.workspace, 'digits/mnist.h5'));
    assert.equal(data.path, path.join(at.workspace, 'digits/t10k-images-idx3-ubyte.gz'));
    const panel = await StudyPanel.titled(at.workbench, /mnist · t10k-images/);
    await panel.complete();
    assert.deepEqual(await at.workbench.messages(), []);
  });

  it('offers first the folder of pictures whose classes the model has, and analyses it', async () => {
    await at.workbench.explorerMenu('tiny/model.json', 'Analyze Neurons');
    await at.workbench.pickerHint('Data with labels');
    const rows = await at.workbench.picks();
    assert.deepEqual(
      rows.slice(0, 2).map(({ label }) => label),
      ['pictures', 'strange'],
    );
    assert.match(rows[0]?.text ?? '', /64 × 64 × 3 uint8/);
    assert.match(
      rows[0]?.text ?? '',
      /20 samples, 10 classes, 1–4 of each \(bell pepper, espresso, koala, ladybug, …\) · folder of pictures/,
    );
    assert.match(
      rows.find(({ label }) => label.startsWith('t10k'))?.text ?? '',
      /the model takes 64 × 64 × 3/,
    );
    const run = await at.analysisOf(() => at.workbench.pick(/^pictures/));
    const { baseline, classes, preprocessing } = await run.status('complete');
    assert.deepEqual([baseline.correct, baseline.samples, preprocessing.chosen], [14, 20, '0..1']);
    assert.deepEqual(classes, CLASSES);
    await (await StudyPanel.titled(at.workbench, /tiny · pictures/)).complete();
    assert.deepEqual(await at.workbench.messages(), []);
  });

  it('takes a folder of pictures from anywhere by browsing', async () => {
    const outside = path.join(at.workspace, '../elsewhere ✓');
    fs.cpSync(path.join(at.workspace, 'pictures'), outside, { recursive: true });
    await at.workbench.explorerMenu('tiny/model.json', 'Analyze Neurons');
    await at.workbench.pickerHint('Data with labels');
    await at.workbench.pick(/Browse for a Folder of Pictures…/);
    const run = await at.analysisOf(() => at.workbench.choosePath(`${outside}/`));
    const { baseline, data } = await run.status('complete');
    assert.equal(data.path, outside);
    assert.equal(baseline.correct, 14);
  });
});
