import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { writeNpz } from '../support/npz';
import { fillWithSample, openFixture, type Fixture } from './fixture';
import { descendants } from './processes';
import { StudyPanel } from './studyPanel';
import { until } from './until';

/** The sample, and beside it everything that can be wrong with a model or its data. */
async function fill(workspace: string): Promise<void> {
  fillWithSample(workspace);
  const good = path.join(workspace, 'generalizes');
  const copy = (name: string): string => {
    const folder = path.join(workspace, name);
    fs.mkdirSync(folder);
    for (const file of ['model.json', 'group1-shard1of1.bin']) {
      fs.copyFileSync(path.join(good, file), path.join(folder, file));
    }
    return folder;
  };
  fs.truncateSync(path.join(copy('truncated'), 'group1-shard1of1.bin'), 1000);
  fs.rmSync(path.join(copy('missing'), 'group1-shard1of1.bin'));
  fs.mkdirSync(path.join(workspace, 'nomodel'));
  fs.writeFileSync(path.join(workspace, 'nomodel/model.json'), '{"name": "not a model", "version": 1}');
  const labels = (count: number) => ({
    data: Uint8Array.from({ length: count }, (_, index) => index % 10),
    shape: [count],
  });
  await writeNpz(path.join(workspace, 'unequal.npz'), {
    x: { data: new Uint8Array(30 * 784), shape: [30, 28, 28] },
    y: labels(20),
  });
  fs.writeFileSync(
    path.join(copy('unequal'), 'model.json.neuron-deletion.json'),
    JSON.stringify({ data: '../unequal.npz#x', labels: '../unequal.npz#y' }),
  );
  await writeNpz(path.join(workspace, 'small.npz'), {
    x: { data: new Uint8Array(30 * 256), shape: [30, 16, 16] },
    y: labels(30),
  });
}

describe('When something is wrong', function () {
  this.timeout(120_000);
  let at: Fixture;

  before(async () => {
    at = await openFixture({ fill, native: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
    at.gate.open();
    await at.workbench.page.keyboard.press('Escape');
    await at.workbench.clearMessages();
  });
  after(async () => {
    await at.close();
  });

  /** The one message on screen: a sentence that names the file, and nothing was written. */
  async function assertOneSentence(names: RegExp): Promise<void> {
    const message = await at.workbench.message(names);
    assert.deepEqual(await at.workbench.messages(), [message]);
    assert.match(message, /\.$/);
    assert.doesNotMatch(message, /Something went wrong|undefined|Error:|\n/);
    assert.deepEqual(at.runs(), []);
  }

  for (const [folder, what, names] of [
    ['truncated', 'a truncated shard', /group1-shard1of1\.bin/],
    ['missing', 'a missing shard', /group1-shard1of1\.bin/],
    ['nomodel', 'a JSON file that is no model', /model\.json/],
  ] as const) {
    it(`says in a sentence what is wrong with ${what}`, async () => {
      await at.workbench.explorerMenu(`${folder}/model.json`, 'Analyze Neurons');
      await assertOneSentence(names);
    });
  }

  it('says in a sentence that images and labels are not of one length', async () => {
    await at.workbench.explorerMenu('unequal/model.json', 'Analyze Neurons');
    await at.workbench.pick(/unequal\.npz/);
    await assertOneSentence(/30.*20|20.*30/);
  });

  it('marks data whose shape does not fit, and says so in a sentence when it is taken all the same', async () => {
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    const picks = await at.workbench.picks((rows) =>
      rows.some(({ label, text }) => label === 'small.npz' && text.includes('the model takes 28 × 28')),
    );
    assert.equal(picks.filter(({ text }) => text.includes('the model takes')).length, 1);
    await at.workbench.pick(/small\.npz/);
    await assertOneSentence(/16.*28|28.*16/);
  });

  it('keeps the finished units when the engine is killed, says so once, and goes on with the next', async () => {
    await at.workbench.closeAllEditors();
    at.gate.hold();
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    const run = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    await run.rounds(1);
    const panel = await StudyPanel.shown(at.workbench);
    await panel.says(/provisional: \d+ of/);
    // Into the second round: it is being computed, or done and held.
    at.gate.release(1);
    const engines = descendants(at.server.pid, 'dist/engine.js');
    assert.equal(engines.length, 1, 'one engine a window');
    process.kill(engines[0] ?? 0, 'SIGKILL');
    const message = await at.workbench.message(/The engine stopped/);
    assert.match(message, /\d+ finished units are kept/);
    assert.deepEqual(await at.workbench.messages(), [message]);
    await panel.says(/Interrupted after round \d of/);
    const units = run.units();
    assert.ok(units.length > 0 && units.every(({ accuracy_drop: drop }) => drop !== null));
    at.gate.open();
    await at.workbench.clearMessages();
    await panel.press('Continue');
    await panel.complete();
    const record = await run.status('complete');
    assert.equal(record.rounds.done, record.rounds.samples.length);
    await until('a new engine', () => {
      const now = descendants(at.server.pid, 'dist/engine.js');
      return now.length === 1 && now[0] !== engines[0];
    });
    assert.deepEqual(await at.workbench.messages(), []);
  });
});
