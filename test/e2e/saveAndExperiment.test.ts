import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { PruneReport } from '../../src/protocol/prune';
import type { TrainingRecord } from '../../src/protocol/training';
import { DeletionView } from './deletionView';
import { ARTEFACTS, fillWithSample, openFixture, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { StudyPanel } from './studyPanel';
import { until } from './until';

const CLI = path.resolve(__dirname, '../../dist/cli.js');

/** The sample, and a run of its generalizing network on the test digits. */
function fill(workspace: string): void {
  fillWithSample(workspace);
  const data = path.join(workspace, 'test.npz');
  const out = path.join(workspace, '.neuron-deletion/runs/20260101-000000-generalizes');
  const model = path.join(workspace, 'generalizes/model.json');
  const study = ['--data', `${data}#x`, '--labels', `${data}#y`, '--samples', '500', '--out', out];
  execFileSync(process.execPath, [CLI, 'analyze', model, ...study], { stdio: 'pipe' });
}

/** What only a report has. */
const REPORT = 'main > header > p.by';

describe('What makes new models in VS Code', function () {
  this.timeout(120_000);
  let at: Fixture;
  let run: RunOnDisk;

  before(async () => {
    at = await openFixture({ fill, native: true });
    const [only] = at.runs();
    assert.ok(only);
    run = only;
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

  describe('saving a model without its deleted neurons', () => {
    const NEURONS = 3;
    let view: DeletionView;
    let deleted: readonly { readonly site: string; readonly unit: number }[];

    const folder = (): string => path.join(at.workspace, 'generalizes-pruned');
    const report = (): PruneReport =>
      JSON.parse(fs.readFileSync(path.join(folder(), 'prune.json'), 'utf8')) as PruneReport;
    const gone = (): { readonly site: string; readonly unit: number }[] =>
      report().sites.flatMap(({ site, deleted: units }) => units.map((unit) => ({ site, unit })));

    it('saves it beside the model: smaller, as accurate as the panel says, and analyzes it', async () => {
      await (await at.workbench.treeRow('Runs', /^generalizes/)).click();
      const panel = await StudyPanel.titled(at.workbench, /generalizes/);
      await panel.complete();
      await panel.tab('map');
      view = await DeletionView.shown(at.workbench);
      await view.measured(0);
      const cells = (await view.neurons(NEURONS, 1)).slice(0, NEURONS);
      for (const [n, cell] of cells.entries()) {
        await view.click(cell);
        await view.measured(n + 1);
      }
      deleted = cells.map(({ site, unit }) => ({ site, unit }));
      await at.workbench.screenshot(path.join(ARTEFACTS, 'save-without.png'));
      await panel.press('Save Model Without These');
      await at.workbench.pick('generalizes-pruned');
      const said = await at.workbench.message(/The model in .*generalizes-pruned has/);
      const { units_before, units_after, accuracy_after, structural, samples } = report();
      assert.deepEqual(gone(), deleted);
      assert.equal(units_after, units_before - NEURONS);
      assert.equal(samples, run.record().baseline.samples);
      assert.ok(structural);
      assert.ok(said.includes(`has ${units_after} of ${units_before} neurons`), said);
      assert.ok(said.includes(`accuracy is ${(100 * accuracy_after).toFixed(1)} %`), said);
      const shown = await view.outcome();
      assert.ok(shown.includes(`${(100 * accuracy_after).toFixed(2)} %`), shown);
      await at.workbench.answer(/The model in .*generalizes-pruned has/, 'Analyze It');
      const found = await at.analysisOf(() => at.workbench.pick(/test\.npz.*labels y/));
      const { sites, baseline } = await found.status('complete');
      const before = new Map(run.record().sites.map(({ name, units }) => [name, units]));
      for (const { name, units } of sites) {
        const without = deleted.filter(({ site }) => site === name).length;
        assert.equal(units, (before.get(name) ?? NaN) - without, name);
      }
      assert.ok(Math.abs(baseline.accuracy - report().accuracy_after) < 0.02, `${baseline.accuracy}`);
      await at.workbench.closeAllEditors();
    });

    it('replaces a model only after a yes, and saves a named set from the Runs view', async () => {
      const set = { name: 'first', units: { [deleted[0]!.site]: [deleted[0]!.unit] } };
      const sets = { format: 'neuron-deletion-sets', version: 1, sets: [set] };
      fs.writeFileSync(path.join(run.directory, 'deletion-sets.json'), JSON.stringify(sets));
      const save = async (answer: string): Promise<void> => {
        await at.workbench.treeMenu('Runs', /^generalizes · test\.npz/, 'Save Model Without');
        await at.workbench.pick('first');
        await at.workbench.pick(/generalizes-pruned.*holds a model/);
        await at.workbench.answer(/There is a model in .* already/, answer);
      };
      await save('Cancel');
      assert.deepEqual(gone(), deleted);
      await save('Replace');
      await at.workbench.message(/The model in .*generalizes-pruned has/);
      assert.deepEqual(gone(), deleted.slice(0, 1));
    });
  });

  describe('experiments', () => {
    /** Directories of experiments. */
    const experiments = (): string[] => {
      const folder = path.join(at.workspace, '.neuron-deletion/runs');
      const all = fs.readdirSync(folder).map((name) => path.join(folder, name));
      return all.filter((directory) => fs.existsSync(path.join(directory, 'experiment.json'))).sort();
    };
    const record = (directory: string): TrainingRecord =>
      JSON.parse(fs.readFileSync(path.join(directory, 'experiment.json'), 'utf8')) as TrainingRecord;
    const start = async (title: string): Promise<string> => {
      const before = experiments();
      await at.workbench.command('Neuron Deletion: Run Experiment');
      await at.workbench.pick(title);
      await at.workbench.pick('Sample Digits');
      await at.workbench.pick(/Quick Version\d+ network/);
      return until('an experiment', () => experiments().find((one) => !before.includes(one)), 30_000);
    };

    it('runs one to its report, and lists it beside the runs', async () => {
      const directory = await start('Selectivity');
      await at.workbench.message(/The experiment “Selectivity” is done/, 60_000);
      assert.match(directory, /\d{8}-\d{6}-selectivity$/);
      const { status, networks, findings } = record(directory);
      assert.equal(status, 'complete');
      assert.ok(networks.length > 0 && findings.length > 0);
      const frame = await at.workbench.webview(REPORT);
      const text = await frame.locator('main').innerText();
      for (const { claim } of findings) assert.ok(text.includes(claim), claim);
      assert.ok((await frame.locator('svg').count()) > 0);
      await at.workbench.screenshot(path.join(ARTEFACTS, 'experiment.png'));
      const row = (await at.workbench.treeRows('Runs')).find((one) => one.startsWith('Selectivity'));
      assert.match(
        row ?? '',
        /^Selectivity experiment · (\d of \d claims hold|no claim could be tested) · quick · /,
      );
      await at.workbench.closeAllEditors();
      await (await at.workbench.treeRow('Runs', /^Selectivity/)).click();
      await at.workbench.webview(REPORT);
      await at.workbench.closeAllEditors();
    });

    it('cancels one, keeps what is finished, and goes on with it', async () => {
      at.gate.hold();
      const directory = await start('Operators');
      const row = /^Operatorsexperiment/;
      const trained = (): boolean => {
        const networks = path.join(directory, 'networks');
        return fs.existsSync(networks) && fs.readdirSync(networks).length > 0;
      };
      await until('a trained network', trained, 30_000);
      await at.workbench.screenshot(path.join(ARTEFACTS, 'experiment-running.png'));
      await at.workbench.treeAction('Runs', row, 'Cancel Experiment');
      await at.workbench.message(/The experiment “Operators” is cancelled/);
      assert.notEqual(record(directory).status, 'complete');
      const kept = path.join(directory, 'networks', fs.readdirSync(path.join(directory, 'networks'))[0]!);
      const files = (): string[] =>
        fs.readdirSync(kept).map((name) => `${name} ${fs.statSync(path.join(kept, name)).mtimeMs}`);
      const before = files();
      at.gate.open();
      const count = experiments().length;
      await at.workbench.treeAction('Runs', row, 'Continue Experiment');
      await at.workbench.message(/The experiment “Operators” is done/, 60_000);
      assert.equal(record(directory).status, 'complete');
      assert.equal(experiments().length, count);
      assert.deepEqual(files(), before);
      await at.workbench.webview(REPORT);
    });

    it('deletes one only after a yes', async () => {
      const before = experiments();
      await at.workbench.treeMenu('Runs', /^Operatorsexperiment/, 'Delete Run');
      await at.workbench.answer(/Delete this run and its results/, 'Delete Run');
      await until('it to be gone', () => experiments().length === before.length - 1);
      await until('its row to be gone', async () =>
        (await at.workbench.treeRows('Runs')).every((one) => !one.startsWith('Operators')),
      );
    });
  });
});
