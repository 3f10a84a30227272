import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ARTEFACTS, fillWithSample, openFixture, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { StudyPanel } from './studyPanel';
import { until } from './until';

/** Enough for curves that mean something, and quick. */
const SAMPLES = 300;

/** Leaves in a workspace a run of curves of its other model, as the command line makes it. */
function measureOther(workspace: string): void {
  const cli = path.join(__dirname, '../../dist/cli.js');
  const out = path.join(workspace, '.neuron-deletion/runs/20260101-120000-memorizes');
  const data = path.join(workspace, 'test.npz');
  execFileSync(
    process.execPath,
    [
      ...[cli, 'curves', path.join(workspace, 'memorizes/model.json'), '--data', `${data}#x`],
      ...['--labels', `${data}#y`, '--samples', '200', '--orders', '2', '--points', '5', '--out', out],
      '--accept-chance',
    ],
    { stdio: 'pipe' },
  );
}

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
        measureOther(workspace);
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

  it('measures noise, and lays the curves of another model beside', async () => {
    await (await panel()).press('Measure Noise');
    await (await panel()).says(/Noise in all neurons at once[\s\S]*mean of 5/);
    const [noise] = at.runs().filter((run) => run.record().noise !== undefined);
    await noise?.status('complete');
    assert.equal(noise?.record().noise?.options.repeats, 5);
    await (await panel()).press('Add Another Run…');
    await at.workbench.pick(/memorizes/);
    await at.workbench.page.keyboard.press('Enter');
    await (await panel()).says(/memorizes · test\.npz\s+curves/);
    await (await panel()).says(/memorizes · test\.npz\s+random, mean of 2/);
    await at.workbench.screenshot(path.join(ARTEFACTS, 'curves-beside.png'));
  });

  it('opens a run of curves in a panel of its own', async () => {
    await at.workbench.closeAllEditors();
    await at.workbench.openContainer('Neuron Deletion');
    await (await at.workbench.treeRow('Runs', /generalizes · test\.npz.*curves/)).click();
    const opened = await panel();
    await opened.says(/random, mean of 10/);
    await opened.tab('heatmaps');
    await opened.says(/This run measured no single neurons/);
    await until('one panel', async () => (await at.workbench.tabs()).length === 1);
  });
});
