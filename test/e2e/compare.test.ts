import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Verdict } from '../../src/protocol/compare';
import { ARTEFACTS, fillWithSample, openFixture, type Fixture } from './fixture';
import { until } from './until';
import type { Theme } from './workbench';

const cli = path.join(__dirname, '../../dist/cli.js');

/** Enough to tell the two networks apart, and quick. */
const SAMPLES = 300;

describe('Comparing models in VS Code', function () {
  this.timeout(180_000);
  let at: Fixture;

  before(async () => {
    at = await openFixture({
      native: true,
      fill: (workspace) => {
        fillWithSample(workspace);
        for (const model of ['generalizes', 'memorizes']) {
          const file = path.join(workspace, model, 'model.json.neuron-deletion.json');
          const spec = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
          fs.writeFileSync(file, JSON.stringify({ ...spec, samples: SAMPLES }));
        }
        for (const step of [1, 20]) {
          const copy = path.join(workspace, 'checkpoints', `step-${step}`);
          fs.cpSync(path.join(workspace, 'generalizes'), copy, { recursive: true });
          fs.rmSync(path.join(copy, 'model.json.neuron-deletion.json'));
        }
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
    at.gate.open();
  });
  after(async () => {
    await at.close();
  });

  /** The page of the comparison in front, once it says this. */
  const says = async (pattern: RegExp, timeout = 90_000): Promise<string> =>
    until(
      `a comparison that says ${String(pattern)}`,
      async () => {
        const frame = await at.workbench.webview('main.compare', 1000).catch(() => null);
        const text = (await frame?.locator('main.compare').innerText())?.replaceAll(/\s+/g, ' ') ?? '';
        return pattern.test(text) ? text : null;
      },
      timeout,
    );
  const press = async (button: string): Promise<void> => {
    const frame = await at.workbench.webview('main.compare');
    await frame.locator('vscode-button:visible', { hasText: button }).first().click();
  };
  const verdict = async (): Promise<string> => {
    const frame = await at.workbench.webview('.compare-verdict');
    return (await frame.locator('.compare-verdict p').allTextContents()).join(' ');
  };

  it('opens on two models that have no run yet, and says what is missing', async () => {
    await at.workbench.openContainer('Neuron Deletion');
    await (await at.workbench.treeRow('Models', /^generalizes/)).click();
    await (await at.workbench.treeRow('Models', /^memorizes/)).click({ modifiers: ['ControlOrMeta'] });
    await at.workbench.treeMenu('Models', /^memorizes/, 'Compare with');
    const text = await says(/Measure What Is Missing/);
    for (const name of ['generalizes', 'memorizes']) {
      assert.match(
        text,
        new RegExp(`${name}: deleting every neuron by itself, deleting more and more neurons`),
      );
    }
    assert.deepEqual(at.runs(), []);
  });

  it('measures it, keeps what is done when it is cancelled, and goes on', async () => {
    at.gate.hold();
    await press('Measure What Is Missing');
    const first = await at.analysisOf(() => at.workbench.pick(/train\.npz/));
    await says(/run 1 of 6/);
    await press('Cancel');
    await first.status('cancelled', 20_000);
    at.gate.open();
    await says(/Continue/);
    await press('Continue');
    await until(
      'a comparison with everything',
      async () => {
        const text = await says(/Verdict/);
        return !/Missing|run \d of/.test(text);
      },
      120_000,
    );
    const runs = at.runs().map((run) => run.record());
    assert.equal(runs.length, 6, 'three a model, none begun twice');
    assert.ok(runs.every(({ status, baseline }) => status === 'complete' && baseline.samples === SAMPLES));
    for (const { spec } of runs) {
      assert.match(spec.labels ?? '', spec.model.includes('memorizes') ? /#y_shuffled$/ : /#y$/);
    }
    assert.deepEqual(await at.workbench.messages(), []);
  });

  it('comes to the verdict and the numbers of the command line', async () => {
    const out = path.join(at.workspace, '../compared');
    const models = ['generalizes', 'memorizes'].map((name) => path.join(at.workspace, name, 'model.json'));
    execFileSync(process.execPath, [cli, 'compare', ...models, '--out', out], {
      cwd: at.workspace,
      stdio: 'pipe',
    });
    const own = JSON.parse(fs.readFileSync(path.join(out, 'compare.json'), 'utf8')) as { verdict: Verdict };
    assert.equal(own.verdict.fragile, 'memorizes');
    assert.equal(await verdict(), own.verdict.text.replaceAll(/`(.*?)`/g, '“$1”'));

    const exported = path.join(at.workspace, '../exported.csv');
    const frame = await at.workbench.webview('main.compare');
    await frame.locator('vscode-button[aria-label="Export this comparison"]').click();
    await frame.getByRole('menuitem', { name: 'Table of the models (CSV)' }).click();
    await at.workbench.choosePath(exported);
    await at.workbench.message(/The table is in .*exported\.csv/);
    assert.equal(fs.readFileSync(exported, 'utf8'), fs.readFileSync(path.join(out, 'compare.csv'), 'utf8'));
    await at.workbench.clearMessages();
  });

  it('survives a reload, in every theme', async () => {
    const before = await verdict();
    await at.workbench.reload();
    await says(/Verdict/);
    assert.equal(await verdict(), before);
    for (const theme of ['light', 'high-contrast', 'dark'] satisfies Theme[]) {
      await at.workbench.setTheme(theme);
      await at.workbench.screenshot(path.join(ARTEFACTS, `compare-verdict-${theme}.png`));
    }
  });

  it('lays the checkpoints of a folder side by side, by step', async () => {
    await at.workbench.closeAllEditors();
    await at.workbench.explorerMenu('checkpoints', 'Compare Checkpoints');
    const text = await says(/Measure What Is Missing/);
    assert.match(text, /step-1 .*step-20 .*step-1: .*step-20: /);
    assert.deepEqual(await at.workbench.messages(), []);
  });
});
