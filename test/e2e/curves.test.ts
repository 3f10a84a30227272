import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ARTEFACTS, fillWithSample, openFixture, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { StudyPanel } from './studyPanel';
import { until } from './until';

/** Enough for curves that mean something, and quick. */
const SAMPLES = 300;

describe('Measuring curves in VS Code', function () {
  this.timeout(180_000);
  let at: Fixture;
  let curves: RunOnDisk;

  before(async () => {
    at = await openFixture({
      native: true,
      fill: (workspace) => {
        fillWithSample(workspace);
        const spec = { data: 'test.npz', samples: SAMPLES, measures: [], seed: 1 };
        fs.writeFileSync(
          path.join(workspace, 'generalizes/model.json.neuron-deletion.json'),
          JSON.stringify({ ...spec, data: '../test.npz#x', labels: '../test.npz#y' }),
        );
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
  });
  after(async () => {
    await at.close();
  });

  const panel = (): Promise<StudyPanel> => StudyPanel.titled(at.workbench, /generalizes · test\.npz/);
  /** The areas that run.json has, as the legend writes them. */
  const areas = (): string[] => (curves.record().curves?.summary ?? []).map(({ auc }) => auc.toFixed(3));
  const everyArea = (): RegExp => new RegExp(areas().join('[\\s\\S]*'));

  it('begins from the panel of a run, and shows curves as they are measured', async () => {
    await at.workbench.openContainer('Neuron Deletion');
    await at.workbench.treeAction('Models', /^generalizes/, 'Analyze Neurons');
    const analysis = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    await (await panel()).complete();
    assert.equal(analysis.record().baseline.samples, SAMPLES);
    await (await panel()).tab('curves');
    await (await panel()).says(/No curves yet/);
    at.gate.hold();
    await (await panel()).press('Measure Curves');
    curves = await at.analysisOf(() => at.workbench.pick('Usual'));
    at.gate.release(1);
    await (await panel()).says(/Measuring curves\s+curve 3 of 14/);
    await (await panel()).says(/random, mean of 2/);
    assert.equal(curves.record().preprocessing.chosen, analysis.record().preprocessing.chosen);
    assert.equal(curves.record().status, 'running');
  });

  it('is cancelled, keeps what is finished, and goes on with it', async () => {
    await (await panel()).press('Cancel');
    await curves.status('cancelled', 20_000);
    await (await panel()).says(/Not all curves are measured; what is finished is shown/);
    await (await panel()).says(/random, mean of 2/);
    const before = at.runs().length;
    at.gate.open();
    await (await panel()).press('Continue…');
    await at.workbench.pick('Goes on where');
    await curves.status('complete');
    assert.equal(at.runs().length, before, 'no other run was begun');
    assert.equal(areas().length, 5);
    const text = await (await panel()).says(everyArea());
    assert.match(text, /random, mean of 10[\s\S]*selectivity, most first/);
    assert.doesNotMatch(text, /Not all curves/);
    assert.deepEqual(await at.workbench.messages(), []);
    await at.workbench.screenshot(path.join(ARTEFACTS, 'curves.png'));
  });

  it('keeps them over a reload of the window', async () => {
    await at.workbench.reload();
    await (await panel()).says(everyArea());
  });

  it('opens a run of curves in a panel of its own', async () => {
    await at.workbench.closeAllEditors();
    await at.workbench.openContainer('Neuron Deletion');
    await (await at.workbench.treeRow('Runs', /curves/)).click();
    const opened = await panel();
    await opened.says(/random, mean of 10/);
    await opened.tab('heatmaps');
    await opened.says(/This run measured no single neurons/);
    await until('one panel', async () => (await at.workbench.tabs()).length === 1);
  });
});
