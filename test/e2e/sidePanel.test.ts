import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ARTEFACTS, openFixture, type Fixture } from './fixture';
import { fillWithRuns } from './sampleRuns';
import { StudyPanel } from './studyPanel';
import { until } from './until';
import type { Theme } from './workbench';

describe('The side panel in VS Code', function () {
  this.timeout(120_000);
  let at: Fixture;

  before(async () => {
    at = await openFixture({ fill: fillWithRuns, native: true });
    await at.workbench.openContainer('Neuron Deletion');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
    await at.workbench.page.keyboard.press('Escape');
    await at.workbench.clearMessages();
  });
  after(async () => {
    await at.close();
  });

  /** Selects two rows of the Runs view. */
  const select = async (first: RegExp, second: RegExp): Promise<void> => {
    await (await at.workbench.treeRow('Runs', first)).click();
    await (await at.workbench.treeRow('Runs', second)).click({ modifiers: ['ControlOrMeta'] });
  };

  /** As the command does it, which keeps what is open, however new. */
  const reloadWindow = async (): Promise<void> => {
    const { page } = at.workbench;
    await page.evaluate(() => (document.body.dataset['old'] = ''));
    await at.workbench.command('Developer: Reload Window');
    await page.locator('body:not([data-old]) .monaco-workbench .statusbar-item').first().waitFor();
  };

  it('shows models with their format and the accuracy of their newest run', async () => {
    const rows = await until('the accuracy of both models', async () => {
      const all = await at.workbench.treeRows('Models');
      return all.every((row) => row.includes('%')) ? all : null;
    });
    const newest = at.runs().filter((run) => run.record().curves === undefined);
    for (const name of ['generalizes', 'memorizes']) {
      const run = newest.findLast(({ directory }) => directory.endsWith(name));
      assert.ok(run);
      const accuracy = (100 * run.record().baseline.accuracy).toFixed(1);
      assert.ok(rows.includes(`${name} TensorFlow.js · ${accuracy} %`), rows.join('\n'));
    }
  });

  it('shows what the newest run found of each site', async () => {
    await (await at.workbench.treeRow('Models', /^memorizes/)).click();
    const [run] = at.runs().filter(({ directory }) => directory.endsWith('memorizes'));
    assert.ok(run);
    const units = run.units().filter(({ site }) => site === 'dense_1');
    const worst = Math.max(...units.map(({ accuracy_drop }) => accuracy_drop ?? 0));
    const rows = await until('the sites', async () => {
      const all = await at.workbench.treeRows('Models');
      return all.some((row) => row.includes('dead')) ? all : null;
    });
    const row = rows.find((text) => text.startsWith('dense_1')) ?? '';
    assert.match(row, /^dense_1 128 units · \d+ dead · −[\d.]+ points at most$/);
    assert.ok(row.includes(`−${(100 * worst).toFixed(2)} points`), row);
  });

  it('shows runs with their accuracy, and the area under the curves of the same study', async () => {
    const rows = await at.workbench.treeRows('Runs');
    assert.equal(rows.length, 4);
    assert.equal(rows.filter((row) => /^generalizes.* AUC 0\.\d{3} /.test(row)).length, 3, rows.join('\n'));
    assert.match(rows[0] ?? '', /curves · 9\d\.\d % · AUC 0\.\d{3}/);
    for (const theme of ['light', 'high-contrast', 'dark'] satisfies Theme[]) {
      await at.workbench.setTheme(theme);
      await at.workbench.screenshot(path.join(ARTEFACTS, `side-panel-runs-${theme}.png`));
    }
  });

  it('gives a run a name, in its row, its panel and its file, and takes it away again', async () => {
    const [run] = at.runs().filter(({ directory }) => directory.endsWith('memorizes'));
    assert.ok(run);
    await (await at.workbench.treeRow('Runs', /^memorizes/)).click();
    await StudyPanel.titled(at.workbench, /^memorizes · train\.npz$/);
    await at.workbench.treeMenu('Runs', /^memorizes/, 'Rename Run');
    await at.workbench.typeAndEnter('  by   heart ✓ <b> ');
    await at.workbench.treeRow('Runs', /^by heart ✓ <b>/);
    await StudyPanel.titled(at.workbench, /^by heart ✓ <b>$/);
    await until('the tab', async () => (await at.workbench.tabs()).includes('by heart ✓ <b>'));
    assert.equal(run.record().name, 'by heart ✓ <b>');
    await at.workbench.treeMenu('Runs', /^by heart/, 'Rename Run');
    await at.workbench.typeAndEnter('');
    await at.workbench.treeRow('Runs', /^memorizes · train\.npz/);
    await StudyPanel.titled(at.workbench, /^memorizes · train\.npz$/);
    assert.equal(run.record().name, undefined);
    await at.workbench.closeAllEditors();
  });

  it('compares two runs that are selected, and they come back after a reload', async () => {
    const records = at.runs().map((run) => run.record());
    const accuracy = (id: string): string => {
      const record = records.find((one) => one.id.includes(id));
      return `${(100 * (record?.baseline.accuracy ?? NaN)).toFixed(2)} %`;
    };
    const fact = async (): Promise<string[]> => {
      const frame = await at.workbench.webview('main.compare');
      return frame.locator('tr[data-fact="accuracy"] td').allTextContents();
    };
    await select(/^generalizes · train\.npz\d\d\.\d % · AUC/, /^memorizes/);
    await at.workbench.treeMenu('Runs', /^memorizes/, 'Compare Runs');
    const values = await until('both accuracies', fact);
    assert.ok(values.includes(accuracy('memorizes')), values.join());
    assert.ok(
      values.some((value) => [accuracy('000000'), accuracy('000002')].includes(value)),
      values.join(),
    );
    const frame = await at.workbench.webview('main.compare');
    assert.match(await frame.locator('.compare-unfair').innerText(), /labels differ/);
    // The newest run took fewer samples than the curves did.
    const missing = await frame.locator('.compare-missing').innerText();
    assert.match(missing, /generalizes: deleting more and more neurons, noise/);
    await at.workbench.screenshot(path.join(ARTEFACTS, 'compare.png'));
    await reloadWindow();
    assert.deepEqual(await until('the comparison again', fact), values);
    await at.workbench.closeAllEditors();
  });

  it('compares the newest runs of two models', async () => {
    await at.workbench.openContainer('Neuron Deletion');
    await at.workbench.treeMenu('Models', /^memorizes/, 'Compare with');
    await at.workbench.pick(/generalizes/);
    const frame = await at.workbench.webview('main.compare');
    const names = await frame.locator('.compare-open').allTextContents();
    assert.deepEqual(names, ['memorizes · train.npz', 'generalizes · train.npz']);
    await at.workbench.closeAllEditors();
  });

  it('deletes several runs only after a yes', async () => {
    const before = at.runs();
    assert.equal(before.length, 4);
    await select(/^memorizes/, /curves/);
    await at.workbench.closeAllEditors();
    await select(/^memorizes/, /curves/);
    await at.workbench.treeMenu('Runs', /curves/, 'Delete Run');
    await at.workbench.answer(/Delete these 2 runs and their results/, 'Cancel');
    assert.equal(at.runs().length, 4);
    await at.workbench.treeMenu('Runs', /curves/, 'Delete Run');
    await at.workbench.answer(/Delete these 2 runs and their results/, 'Delete 2 Runs');
    await until('two runs to be gone', () => at.runs().length === 2);
    await until('their rows to be gone', async () => (await at.workbench.treeRows('Runs')).length === 2);
    assert.ok(at.runs().every(({ directory }) => directory.endsWith('generalizes')));
    assert.ok(before.some(({ directory }) => !fs.existsSync(directory)));
  });
});
