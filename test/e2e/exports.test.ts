import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decode } from 'fast-png';
import Papa from 'papaparse';
import { openFixture, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { fillWithRuns } from './sampleRuns';
import { StudyPanel } from './studyPanel';

describe('What leaves VS Code as a file', function () {
  this.timeout(120_000);
  let at: Fixture;
  let run: RunOnDisk;
  let panel: StudyPanel;

  before(async () => {
    at = await openFixture({ fill: fillWithRuns, native: true });
    const found = at.runs().find(({ directory }) => directory.endsWith('memorizes'));
    assert.ok(found);
    run = found;
    await at.workbench.openContainer('Neuron Deletion');
    await (await at.workbench.treeRow('Runs', /^memorizes/)).click();
    panel = await StudyPanel.titled(at.workbench, /memorizes/);
    await panel.complete();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
    await at.workbench.page.keyboard.press('Escape');
    await at.workbench.clearMessages();
  });
  after(async () => {
    await at.close();
  });

  const target = (name: string): string => path.join(at.workspace, `mein Export ✓ ${name}`);

  /** Saves a picture of the heatmaps view, by the menu beside its title. */
  const save = async (entry: string, file: string): Promise<void> => {
    await panel.tab('heatmaps');
    const frame = await at.workbench.webview('main.panel');
    const picture = frame.locator('[data-picture]').first();
    await picture.locator('vscode-button:has(.codicon-save)').first().click();
    await picture.getByRole('menuitem', { name: entry }).click();
    await at.workbench.choosePath(file);
    await at.workbench.message(/The picture is in .*mein Export ✓/);
  };

  it('exports the table from the panel: the very numbers of the run', async () => {
    await panel.choose('Export this run', 'Table of all neurons (CSV)');
    await at.workbench.choosePath(target('table.csv'));
    await at.workbench.message(/The table is in .*table\.csv/);
    const text = fs.readFileSync(target('table.csv'), 'utf8');
    assert.equal(text, fs.readFileSync(path.join(run.directory, 'units.csv'), 'utf8'));
    const { data, errors } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    assert.deepEqual(errors, []);
    const units = run.record().sites.reduce((sum, site) => sum + site.units, 0);
    assert.equal(data.length, units);
  });

  it('exports everything from the Runs view, in a format that is asked for', async () => {
    await at.workbench.treeMenu('Runs', /^memorizes/, 'Export Run');
    await at.workbench.pick(/Everything \(JSON\)/);
    await at.workbench.choosePath(target('run.json'));
    await at.workbench.message(/The run is in .*run\.json/);
    const json = JSON.parse(fs.readFileSync(target('run.json'), 'utf8')) as {
      readonly record: { readonly id: string };
      readonly units: readonly { readonly site: string; readonly accuracy_drop: number | null }[];
      readonly relations: { readonly sites: readonly unknown[] };
    };
    assert.deepEqual(json.record, run.record());
    assert.deepEqual(
      json.units.map(({ accuracy_drop }) => accuracy_drop),
      run.units().map(({ accuracy_drop }) => accuracy_drop),
    );
    assert.equal(json.relations.sites.length, run.record().sites.length);
  });

  it('exports a report that opens anywhere, by a command', async () => {
    await at.workbench.command('Neuron Deletion: Export Run');
    await at.workbench.pick(/Report \(HTML\)/);
    await at.workbench.choosePath(target('report.html'));
    await at.workbench.message(/The report is in .*report\.html/);
    const page = await at.workbench.page.context().newPage();
    try {
      await page.goto(String(new URL(`file://${target('report.html')}`)));
      const { headline } = run.record();
      assert.ok(headline);
      assert.ok((await page.locator('body').innerText()).includes(headline.text));
      assert.ok((await page.locator('svg').count()) > 0);
    } finally {
      await page.close();
    }
  });

  it('exports the points of a run of curves', async () => {
    await at.workbench.treeMenu('Runs', /curves/, 'Export Run');
    await at.workbench.pick(/Table \(CSV\)/);
    await at.workbench.choosePath(target('curves.csv'));
    await at.workbench.message(/The table is in .*curves\.csv/);
    const curves = at.runs().find((other) => other.record().curves !== undefined);
    assert.ok(curves);
    const text = fs.readFileSync(target('curves.csv'), 'utf8');
    assert.equal(text, fs.readFileSync(path.join(curves.directory, 'curves.csv'), 'utf8'));
  });

  it('saves a picture as PNG, at twice its size', async () => {
    await save('PNG', target('picture.png'));
    const { width, height, data } = decode(fs.readFileSync(target('picture.png')));
    assert.ok(width > 400 && height > 100, `${width} × ${height}`);
    assert.ok(new Set(data).size > 20, 'it has colours');
  });

  it('saves a picture as SVG, which another program reads', async () => {
    await save('SVG', target('picture.svg'));
    const text = fs.readFileSync(target('picture.svg'), 'utf8');
    const found = await at.workbench.page.evaluate((source) => {
      const svg = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        root: svg.documentElement.nodeName,
        broken: svg.querySelectorAll('parsererror').length,
        drawn: svg.querySelectorAll('rect, image, text').length,
        scripts: svg.querySelectorAll('script, foreignObject').length,
      };
    }, text);
    assert.equal(found.root, 'svg');
    assert.equal(found.broken, 0);
    assert.equal(found.scripts, 0);
    assert.ok(found.drawn > 10);
  });
});
