import assert from 'node:assert/strict';
import path from 'node:path';
import type { RunRecord } from '../../src/protocol/run';
import { extensionLog, fillWithSample, openFixture, ARTEFACTS, type Fixture } from './fixture';
import { assertShows } from './pictures';
import type { RunOnDisk } from './runs';
import { StudyPanel, UnitInspector } from './studyPanel';
import { until } from './until';
import { THEMES, type Theme } from './workbench';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A share as the panel writes it. */
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

describe('Analysing the sample in VS Code', function () {
  this.timeout(180_000);
  let at: Fixture;
  let generalizes: RunOnDisk;
  let exact: RunRecord;

  before(async () => {
    at = await openFixture({ fill: fillWithSample, native: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
  });
  after(async () => {
    await at.close();
  });

  it('offers the data of the workspace, with shapes and classes, after a right-click on a model', async () => {
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    const picks = await at.workbench.picks((rows) => rows.some(({ label }) => label === 'test.npz'));
    const titles = picks.map(({ label }) => label);
    assert.ok(titles.includes('train.npz'), titles.join());
    const test = picks.find(({ label }) => label === 'test.npz');
    assert.match(test?.text ?? '', /28 × 28 uint8/);
    assert.match(test?.text ?? '', /2000 samples, 10 classes/);
  });

  it('has the first round on screen while the next one is held', async () => {
    at.gate.hold();
    generalizes = await at.analysisOf(() => at.workbench.pick(/train\.npz.*labels y(?!_)/));
    const record = await generalizes.rounds(1);
    const panel = await StudyPanel.titled(at.workbench, /generalizes · train\.npz/);
    const [first = 0] = record.rounds.samples;
    await panel.says(
      new RegExp(`provisional: ${first} of ${record.baseline.samples.toLocaleString('en-US')}`),
    );
    assert.ok(generalizes.units().every(({ n }) => n === first));
    await assertShows(panel, generalizes, 'accuracy_drop');
    await assertShows(panel, generalizes, 'selectivity');
    await at.workbench.screenshot(path.join(ARTEFACTS, 'first-round.png'));
    assert.equal(generalizes.record().rounds.done, 1, 'the second round was held all the while');
    assert.equal(generalizes.record().status, 'running');
    assert.equal(record.backend.name, 'tfjs-node');
  });

  it('ends exact', async () => {
    at.gate.open();
    const panel = await StudyPanel.titled(at.workbench, /generalizes/);
    await panel.complete();
    exact = await generalizes.status('complete');
    assert.equal(exact.rounds.done, exact.rounds.samples.length);
    assert.equal(sum(exact.rounds.samples), exact.baseline.samples);
    assert.ok(exact.baseline.accuracy > 0.99);
    assert.ok(generalizes.units().every(({ n }) => n === exact.baseline.samples));
    await assertShows(panel, generalizes, 'accuracy_drop');
    assert.deepEqual(await at.workbench.messages(), []);
  });

  it('shows in the inspector the neuron that was clicked', async () => {
    const panel = await StudyPanel.titled(at.workbench, /generalizes/);
    const cells = await panel.cells('accuracy_drop');
    const worst = cells.reduce((a, b) => (b.value > a.value ? b : a));
    await at.workbench.openContainer('Neuron Deletion');
    await panel.toTop();
    await panel.click('accuracy_drop', worst);
    const inspector = await UnitInspector.showing(at.workbench, worst.site, worst.unit);
    const text = await inspector.text();
    assert.ok(text.includes((100 * worst.value).toFixed(2)), text);
    assert.match(text, /Preferred class\s+\d/);
    const other = cells.find((cell) => cell.site !== worst.site);
    assert.ok(other);
    await panel.click('accuracy_drop', other);
    await UnitInspector.showing(at.workbench, other.site, other.unit);
    await panel.click('accuracy_drop', worst);
    await UnitInspector.showing(at.workbench, worst.site, worst.unit);
  });

  it('changes the accuracy at the switch that deletes a neuron', async () => {
    const panel = await StudyPanel.titled(at.workbench, /generalizes/);
    const worst = generalizes
      .units()
      .reduce((a, b) => ((b.accuracy_drop ?? 0) > (a.accuracy_drop ?? 0) ? b : a));
    const inspector = await UnitInspector.showing(at.workbench, worst.site, worst.unit);
    const { samples, accuracy } = exact.baseline;
    const after = percent((worst.ablated_correct ?? 0) / samples);
    assert.notEqual(after, percent(accuracy));
    await inspector.toggleDeletion();
    const shown = await inspector.says(/Accuracy [\d.]+ %/);
    assert.match(shown, new RegExp(`Accuracy ${percent(accuracy)}\\s+${after}`));
    await panel.says(new RegExp(`1 neuron deleted[\\s\\S]*${after}`));
    await at.workbench.screenshot(path.join(ARTEFACTS, 'one-deleted.png'));
    await inspector.toggleDeletion();
    await inspector.says(/with nothing deleted/);
  });

  for (const theme of ['dark', 'high-contrast', 'light'] satisfies Theme[]) {
    it(`is drawn in the colours of the ${theme} theme`, async () => {
      await at.workbench.setTheme(theme);
      const panel = await StudyPanel.titled(at.workbench, /generalizes/);
      await until(`the webview in ${THEMES[theme].label}`, async () => {
        const { kind } = await panel.theme();
        return kind === (theme === 'high-contrast' ? 'hc-dark' : theme);
      });
      await assertShows(panel, generalizes, 'accuracy_drop');
      await panel.toTop();
      await at.workbench.screenshot(path.join(ARTEFACTS, `panel-${theme}.png`));
      await panel.toTable();
      await at.workbench.screenshot(path.join(ARTEFACTS, `table-${theme}.png`));
      await panel.toTop();
    });
  }

  it('keeps the run over a reload of the window, and opens it again from the Runs tree', async () => {
    await at.workbench.reload();
    const restored = await StudyPanel.titled(at.workbench, /generalizes/);
    await restored.complete();
    await assertShows(restored, generalizes, 'accuracy_drop');
    await at.workbench.closeAllEditors();
    await at.workbench.openContainer('Neuron Deletion');
    const rows = await at.workbench.treeRows('Runs');
    assert.equal(rows.length, 1);
    assert.match(rows[0] ?? '', /generalizes · train\.npz.*99\.6 %/);
    await (await at.workbench.treeRow('Runs', /generalizes/)).click();
    const opened = await StudyPanel.titled(at.workbench, /generalizes/);
    await opened.complete();
    await assertShows(opened, generalizes, 'accuracy_drop');
  });

  it('starts from the palette, and the memorising network loses more by its worst neuron', async () => {
    const first = await StudyPanel.titled(at.workbench, /generalizes/);
    const generalizing = await first.worstImportance();
    await at.workbench.command('Neuron Deletion: Analyze Neurons');
    await at.workbench.picks((rows) => rows.some(({ text }) => text.includes('memorizes')));
    await at.workbench.pick(/memorizes/);
    const memorizes = await at.analysisOf(() => at.workbench.pick(/train\.npz.*labels y_shuffled/));
    const panel = await StudyPanel.titled(at.workbench, /memorizes/);
    await panel.complete();
    const record = await memorizes.status('complete');
    assert.ok(record.baseline.accuracy > 0.99, 'measured on the labels it learned');
    const memorizing = await panel.worstImportance();
    assert.ok(generalizing > 0);
    assert.ok(memorizing > generalizing, `${memorizing} against ${generalizing} points`);
    const drops = (run: RunOnDisk): number => Math.max(...run.units().map((unit) => unit.accuracy_drop ?? 0));
    assert.equal(memorizing.toFixed(2), (100 * drops(memorizes)).toFixed(2));
    assert.equal(generalizing.toFixed(2), (100 * drops(generalizes)).toFixed(2));
  });

  it('starts from the side panel; cancel keeps what is done, and Continue makes it exact', async () => {
    await at.workbench.openContainer('Neuron Deletion');
    const rows = await at.workbench.treeRows('Models');
    assert.equal(rows.filter((row) => /generalizes|memorizes/.test(row)).length, 2);
    at.gate.hold();
    await at.workbench.treeAction('Models', /^generalizes/, 'Analyze Neurons');
    const run = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    const panel = await StudyPanel.titled(at.workbench, /generalizes · test\.npz/);
    await run.rounds(1);
    await panel.says(/provisional/);
    await panel.press('Cancel');
    await panel.says(/Cancelled after round 1 of/, 5000);
    const cancelled = await run.status('cancelled', 5000);
    assert.equal(cancelled.rounds.done, 1);
    await assertShows(panel, run, 'accuracy_drop');
    const tree = await until('the cancelled run in the Runs tree', async () => {
      const names = await at.workbench.treeRows('Runs');
      return names.find((name) => name.includes('cancelled after 1 of'));
    });
    assert.match(tree, /generalizes · test\.npz/);
    at.gate.open();
    await panel.press('Continue');
    await panel.complete();
    const record = await run.status('complete');
    assert.equal(sum(record.rounds.samples), record.baseline.samples);
    await assertShows(panel, run, 'accuracy_drop');
  });

  it('lists the sites of a model in the Models tree', async () => {
    await (await at.workbench.treeRow('Models', /^generalizes/)).click();
    const rows = await until('the sites', async () => {
      const names = await at.workbench.treeRows('Models');
      const sites = names.filter((name) => name.includes('units'));
      return sites.length > 0 ? sites : null;
    });
    const expected = exact.sites.map(({ name, units }) => `${name} ${units} units`);
    assert.equal(rows.length, expected.length);
    expected.forEach((text, index) => assert.ok(rows[index]?.startsWith(text), `${rows[index]} / ${text}`));
    for (const theme of ['dark', 'high-contrast', 'light'] satisfies Theme[]) {
      await at.workbench.setTheme(theme);
      await at.workbench.screenshot(path.join(ARTEFACTS, `side-panel-${theme}.png`));
    }
  });

  it('is activated in under 30 ms', async () => {
    const times = (): number[] =>
      [...extensionLog(at.server).matchAll(/activated in ([\d.]+) ms/g)].map((found) => Number(found[1]));
    // Other programs take their share of the processor: the quickest of some windows tells what it costs.
    for (let windows = times().length; Math.min(...times()) >= 30 && windows < 6; windows++) {
      await at.workbench.reload();
      await until('another activation', () => times().length > windows);
    }
    assert.ok(Math.min(...times()) < 30, `${times().join(', ')} ms`);
  });
});
