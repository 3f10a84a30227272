import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { fillWithSample, openFixture, ARTEFACTS, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { StudyPanel } from './studyPanel';
import { until } from './until';
import type { Theme } from './workbench';

const sample = path.resolve(__dirname, '../../dist/sample');

/** Every file below a folder, by its path there. */
function contents(folder: string): Map<string, string> {
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .sort();
  return new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name)).toString('base64')]));
}

const csv = (run: RunOnDisk): string => fs.readFileSync(path.join(run.directory, 'units.csv'), 'utf8');

describe('What else one can do in VS Code', function () {
  this.timeout(60_000);
  let at: Fixture;
  /** A folder beside the workspace, with data no search of the workspace finds. */
  let outside: string;
  let continued: RunOnDisk;

  before(async () => {
    at = await openFixture({
      fill: (workspace) => {
        fillWithSample(workspace);
        outside = path.join(workspace, '../außerhalb und 数据');
        fs.mkdirSync(outside);
        fs.copyFileSync(path.join(sample, 'test.npz'), path.join(outside, 'neue Ziffern ✓.npz'));
        fs.cpSync(path.join(sample, 'generalizes'), path.join(outside, 'größer 模型'), { recursive: true });
        fs.rmSync(path.join(outside, 'größer 模型/model.json.neuron-deletion.json'));
      },
      native: true,
    });
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

  /** The page of a model in front, once it says this; its frame and its text. */
  const modelPage = async (pattern: RegExp): Promise<{ readonly frame: Frame; readonly text: string }> =>
    until(`a page that says ${String(pattern)}`, async () => {
      const frame = await at.workbench.webview('main.model');
      const text = (await frame.locator('main.model').innerText()).replaceAll(/\s+/g, ' ');
      return pattern.test(text) ? { frame, text } : null;
    });

  it('inspects a model on a page: its input, classes, sites and layers; and analyzes it from there', async () => {
    await at.workbench.explorerMenu('generalizes/model.json', 'Neuron Deletion: Inspect Model');
    const { frame, text } = await modelPage(/256 neurons in 2 sites/);
    assert.match(text, /^generalizes Analyze Neurons… generalizes\/model\.json Format TensorFlow\.js layers/);
    assert.match(text, /Input 28 × 28 .* Classes 10/);
    assert.match(text, /dense_1 128 dense 128/);
    assert.match(text, /Nothing: every layer that makes neurons can be analyzed/);
    assert.match(text, /dense_1 Dense 128 100,480/);
    assert.match((await at.workbench.tabs()).join(), /^model(\.json)?$/);
    await at.workbench.screenshot(path.join(ARTEFACTS, 'model-page.png'));
    assert.deepEqual(at.runs(), []);
    await frame.locator('vscode-button', { hasText: 'Analyze Neurons…' }).click();
    const rows = await at.workbench.picks((all) => all.some(({ text: row }) => row.includes('test.npz')));
    assert.ok(rows.length > 0);
    await at.workbench.page.keyboard.press('Escape');
    await at.workbench.closeAllEditors();
  });

  it('offers the page in “Open With…”, says why a model is refused, and reads it again when it changed', async () => {
    const file = path.join(at.workspace, 'model.onnx');
    const start = [8, 7, 18, 7, ...Buffer.from('pytorch'), 26, 3, ...Buffer.from('2.1'), 58, 4, 10, 2, 1, 2];
    fs.writeFileSync(file, Uint8Array.from(start));
    await at.workbench.explorerMenu('model.onnx', 'Open With...');
    await at.workbench.pick('Neuron Deletion: Model');
    const { text } = await modelPage(/ONNX model/);
    assert.match(
      text,
      /Read Again .* is an ONNX model, which is not read; convert it with: onnx2tf -i "model\.onnx"/,
    );
    assert.deepEqual(await at.workbench.messages(), []);
    fs.writeFileSync(file, '{}');
    await modelPage(/is not a model that is read/);
    fs.rmSync(file);
    await at.workbench.closeAllEditors();

    await at.workbench.explorerMenu('memorizes/model.json', 'Open With...');
    await at.workbench.pick('Neuron Deletion: Model');
    await modelPage(/^memorizes .* neurons in/);
    await at.workbench.closeAllEditors();
  });

  it('asks before it maps a model near chance, and writes nothing when the answer is no', async () => {
    const spec = path.join(at.workspace, 'memorizes/model.json.neuron-deletion.json');
    const before = fs.readFileSync(spec, 'utf8');
    await at.workbench.explorerMenu('memorizes/model.json', 'Neuron Deletion: Analyze Neurons…');
    await at.workbench.pick(/test\.npz/);
    assert.match(await at.workbench.message(/right on [\d.]+ % of the samples/), /near the [\d.]+ %/);
    await at.workbench.answer(/near the/, 'Cancel');
    const panel = await StudyPanel.titled(at.workbench, /memorizes · test\.npz/);
    await panel.says(/Nothing was measured/);
    await panel.says(/The model is right on/);
    assert.equal(fs.existsSync(path.join(at.workspace, '.neuron-deletion')), false);
    assert.equal(fs.readFileSync(spec, 'utf8'), before);
    await at.workbench.closeAllEditors();
  });

  it('goes on with a model near chance after “Analyze anyway”', async () => {
    await at.workbench.explorerMenu('memorizes/model.json', 'Neuron Deletion: Analyze Neurons…');
    await at.workbench.pick(/test\.npz/);
    const run = await at.analysisOf(() => at.workbench.answer(/near the/, 'Analyze anyway'));
    const panel = await StudyPanel.titled(at.workbench, /memorizes · test\.npz/);
    assert.doesNotMatch(await panel.complete(), /The model is right on/);
    const { baseline } = await run.status('complete');
    assert.ok(baseline.accuracy < 0.15);
  });

  it('takes data from outside the workspace, scaled as the user says', async () => {
    at.gate.hold();
    await at.workbench.explorerMenu('generalizes/model.json', 'Neuron Deletion: Analyze Neurons…');
    await at.workbench.pickerButton('Choose scaling… (now: automatic)');
    await at.workbench.pick(/^0 … 1/);
    await at.workbench.pick(/Browse for a File…/);
    const file = path.join(outside, 'neue Ziffern ✓.npz');
    continued = await at.analysisOf(() => at.workbench.choosePath(file));
    const record = await continued.rounds(1);
    assert.equal(record.preprocessing.by, 'user');
    assert.equal(record.preprocessing.chosen, '0..1');
    assert.equal(record.data.path, file);
    const panel = await StudyPanel.titled(at.workbench, /generalizes · neue Ziffern ✓\.npz/);
    assert.match(await panel.text(), /chosen by you/);
    await panel.press('Cancel');
    await panel.says(/Cancelled after round 1 of/);
    await continued.status('cancelled');
  });

  it('continues after a cancel to the very results of an uninterrupted run', async () => {
    const panel = await StudyPanel.titled(at.workbench, /neue Ziffern/);
    await panel.press('Continue');
    await panel.complete();
    const first = await continued.status('complete');
    assert.equal(first.preprocessing.by, 'user');

    await at.workbench.openContainer('Neuron Deletion');
    await at.workbench.treeMenu('Runs', /neue Ziffern/, 'Analyze with Other Preprocessing');
    await at.workbench.picks((rows) => rows.length === 5);
    const whole = await at.analysisOf(() => at.workbench.pick(/0 … 1/));
    const second = await whole.status('complete');
    assert.equal(second.preprocessing.by, 'user');
    assert.deepEqual(second.headline, first.headline);
    assert.equal(csv(whole), csv(continued));
  });

  it('analyses once more with other preprocessing, and tells how each scaling did', async () => {
    await StudyPanel.titled(at.workbench, /neue Ziffern/);
    await at.workbench.command('Neuron Deletion: Analyze with Other Preprocessing');
    await at.workbench.picks((rows) => rows.length === 5);
    const automatic = await at.analysisOf(() => at.workbench.pick(/automatic/));
    assert.equal((await automatic.status('complete')).preprocessing.by, 'auto');
    const panel = await StudyPanel.titled(at.workbench, /neue Ziffern/);
    await panel.says(/of 6 tried/);
    await panel.complete();
    await at.workbench.command('Neuron Deletion: Analyze with Other Preprocessing');
    const rows = await at.workbench.picks((all) => all.length === 8);
    assert.equal(rows.filter(({ text }) => /[\d.]+ % of \d+ samples right/.test(text)).length, 6);
    const other = await at.analysisOf(() => at.workbench.pick(/−1 … 1/));
    const { preprocessing } = await other.status('complete');
    assert.equal(preprocessing.by, 'user');
    assert.equal(preprocessing.chosen, '-1..1');
  });

  it('analyses the run in front once more with the mean in place of a deleted neuron', async () => {
    await StudyPanel.titled(at.workbench, /neue Ziffern/);
    const before = at.runs().length;
    await at.workbench.command('Neuron Deletion: Analyze with Another Operator');
    const rows = await at.workbench.picks((all) => all.length === 4);
    assert.deepEqual(
      rows.map(({ label }) => label.trim()),
      ['zero', 'mean', 'resample', 'optimal'],
    );
    const run = await at.analysisOf(() => at.workbench.pick(/^mean/));
    const { spec, preprocessing } = await run.status('complete');
    assert.equal(spec.operator, 'mean');
    assert.equal(preprocessing.chosen, '-1..1', 'all else is as it was');
    assert.equal(at.runs().length, before + 1);
    const panel = await StudyPanel.titled(at.workbench, /neue Ziffern/);
    await panel.complete();
    await panel.showDetails();
    await panel.says(/Ablation\s+mean \(each neuron clamped to its mean over the data\)/);
    await panel.says(/Computed by\s+\w/);
    assert.notEqual(csv(run), csv(continued));
    for (const theme of ['dark', 'high-contrast', 'light'] satisfies Theme[]) {
      await at.workbench.setTheme(theme);
      await panel.toTop();
      await at.workbench.screenshot(path.join(ARTEFACTS, `operator-${theme}.png`));
    }
  });

  it('exports the report from the panel and from the Runs tree, as a page with the headline', async () => {
    await at.workbench.closeAllEditors();
    await at.workbench.openContainer('Neuron Deletion');
    await (await at.workbench.treeRow('Runs', /memorizes/)).click();
    const panel = await StudyPanel.titled(at.workbench, /memorizes/);
    await panel.complete();
    const fromPanel = path.join(outside, 'Bericht ✓.html');
    await panel.choose('Export this run', 'Report (HTML)');
    await at.workbench.choosePath(fromPanel);
    await at.workbench.message(/The report is in .*Bericht ✓\.html/);
    await at.workbench.clearMessages();
    const fromTree = path.join(outside, 'tree.html');
    await at.workbench.treeMenu('Runs', /memorizes/, 'Export Run');
    await at.workbench.pick(/Report \(HTML\)/);
    await at.workbench.choosePath(fromTree);
    await at.workbench.message(/The report is in .*tree\.html/);

    const headline = at.runs()[0]?.record().headline?.text;
    assert.ok(headline);
    for (const file of [fromPanel, fromTree]) {
      const page = await at.workbench.page.context().newPage();
      try {
        await page.goto(String(new URL(`file://${file}`)));
        assert.ok((await page.locator('body').innerText()).includes(headline));
        assert.ok((await page.locator('svg').count()) > 0);
      } finally {
        await page.close();
      }
    }
  });

  it('deletes a run only after a yes: its folder, its row and its panel', async () => {
    const run = at.runs()[0];
    assert.ok(run);
    assert.deepEqual(await at.workbench.tabs(), ['memorizes · test.npz']);
    await at.workbench.treeMenu('Runs', /memorizes/, 'Delete Run');
    await at.workbench.answer(/Delete this run and its results/, 'Cancel');
    await until('the question to be gone', async () => (await at.workbench.messages()).length === 0);
    assert.ok(fs.existsSync(run.directory));
    assert.equal((await at.workbench.treeRows('Runs')).length, 6);
    await at.workbench.treeMenu('Runs', /memorizes/, 'Delete Run');
    await at.workbench.answer(/Delete this run and its results/, 'Delete Run');
    await until('the folder to be gone', () => !fs.existsSync(run.directory));
    await until('the row to be gone', async () => (await at.workbench.treeRows('Runs')).length === 5);
    await until('the panel to be gone', async () => (await at.workbench.tabs()).length === 0);
    assert.deepEqual(await at.workbench.messages(), []);
  });

  it('works in two folders with any letters in their names, model in the one, data in the other', async () => {
    const file = path.join(at.workspace, '../zwei.code-workspace');
    const folders = [{ path: 'workspace' }, { path: path.basename(outside) }];
    fs.writeFileSync(file, JSON.stringify({ folders }));
    const url = new URL(at.server.url);
    // VS Code's server now and then shows a workspace file that it has just met without its folders.
    await until(
      'VS Code to show both folders',
      async () => {
        await at.workbench.goto(`${url.origin}/?workspace=${encodeURIComponent(file)}`);
        return at.workbench.showsFile(path.basename(outside), 5000);
      },
      60_000,
    );
    await at.workbench.openContainer('Neuron Deletion');
    await at.workbench.treeAction('Models', /^größer 模型/, 'Analyze Neurons');
    await at.workbench.pick(/neue Ziffern ✓\.npz/);
    const panel = await StudyPanel.titled(at.workbench, /größer 模型 · neue Ziffern ✓\.npz/);
    await panel.complete();
    const runs = path.join(outside, '.neuron-deletion/runs');
    const [name = ''] = fs.readdirSync(runs);
    assert.match(name, /größer-模型$/);
    const spec = path.join(outside, 'größer 模型/model.json.neuron-deletion.json');
    const stored = JSON.parse(fs.readFileSync(spec, 'utf8')) as { readonly data: string };
    assert.equal(stored.data, '../neue Ziffern ✓.npz#x');
    const rows = await at.workbench.treeRows('Runs');
    assert.equal(rows.length, 6, 'the runs of both folders');
  });

  it('creates the sample workspace where the user says, overwrites nothing, and opens it', async () => {
    await at.workbench.closeAllEditors();
    const create = async (): Promise<void> => {
      await at.workbench.command('Neuron Deletion: Create Sample Workspace');
      await at.workbench.choosePath(`${outside}/`);
    };
    await create();
    const made = path.join(outside, 'neuron-deletion-sample');
    await at.workbench.message(/The sample is in .*neuron-deletion-sample/);
    assert.deepEqual(contents(made), contents(sample));
    await at.workbench.clearMessages();

    fs.writeFileSync(path.join(made, 'README.md'), 'mine');
    await create();
    await at.workbench.message(/already exists and is not empty; choose another folder/);
    assert.equal(fs.readFileSync(path.join(made, 'README.md'), 'utf8'), 'mine');
    await at.workbench.clearMessages();

    fs.rmSync(made, { recursive: true });
    await create();
    await at.workbench.answer(/The sample is in/, 'Open');
    await at.workbench.page.waitForURL(/folder=.*neuron-deletion-sample/);
    await at.workbench.openContainer('Neuron Deletion');
    const names = (await at.workbench.treeRows('Models')).map((row) => row.split(' ')[0]);
    assert.deepEqual(names, ['generalizes', 'memorizes']);
  });
});
