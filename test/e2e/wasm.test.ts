import assert from 'node:assert/strict';
import path from 'node:path';
import { tensorflowForPython } from '../support/tensorflowPython';
import { fillWithSample, openFixture, ARTEFACTS, type Fixture } from './fixture';
import { StudyPanel } from './studyPanel';

describe('The VSIX alone, without anything native', function () {
  this.timeout(240_000);
  let at: Fixture;

  before(async () => {
    // What a person who uses Keras has: a TensorFlow that Python finds.
    at = await openFixture({ fill: fillWithSample, native: false, env: await tensorflowForPython() });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
  });
  after(async () => {
    await at.close();
  });

  it('analyses on WebAssembly, and says so on screen and in run.json', async () => {
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    const run = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    const panel = await StudyPanel.titled(at.workbench, /generalizes/);
    const text = await panel.complete();
    assert.match(text, /Backend\s+WebAssembly/);
    assert.match(text, /Computed with WebAssembly: Native TensorFlow is not set up\./);
    assert.match(text, /Set Up Native TensorFlow/, 'and offers it');
    const { backend } = await run.status('complete');
    assert.equal(backend.name, 'wasm');
    assert.equal(backend.tensorflow, null);
    assert.equal(backend.fallback, 'Native TensorFlow is not set up.');
    await panel.toTop();
    await at.workbench.screenshot(path.join(ARTEFACTS, 'wasm.png'));
  });

  it('brings native TensorFlow from the one in Python, and computes with it from then on', async () => {
    await at.workbench.command('Neuron Deletion: Set Up Native TensorFlow');
    await at.workbench.message(/Native TensorFlow [\d.]+ is set up and in use/, 180_000);
    await at.workbench.clearMessages();
    await at.workbench.closeAllEditors();
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    const run = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    const panel = await StudyPanel.titled(at.workbench, /generalizes/);
    const text = await panel.complete();
    assert.match(text, /Backend\s+tfjs-node\s+TensorFlow [\d.]+/);
    assert.doesNotMatch(text, /WebAssembly/);
    const { backend } = await run.status('complete');
    assert.equal(backend.name, 'tfjs-node');
    assert.match(backend.tensorflow ?? '', /^\d/);
    assert.equal(backend.fallback, null);
  });
});
