import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import type { UnitRef } from '../../src/protocol/study';
import { DeletionView, type MapCell } from './deletionView';
import { ARTEFACTS, fillWithSample, openFixture, type Fixture } from './fixture';
import type { RunOnDisk } from './runs';
import { StudyPanel } from './studyPanel';
import type { Theme } from './workbench';

const CLI = path.resolve(__dirname, '../../dist/cli.js');
const CLASSES = 10;
const EXAMPLES = 12;

/** What the command line says of a set: evaluate.json, and the lines of outputs.csv by their samples. */
interface Evaluated {
  readonly json: {
    readonly correct: number;
    readonly samples: number;
    readonly accuracy: number;
    readonly loss: number;
    readonly confusion: number[][];
    readonly flips_to_wrong: number;
    readonly flips_to_right: number;
    readonly before: { readonly accuracy: number; readonly confusion: number[][] };
  };
  readonly samples: readonly Readonly<Record<string, number>>[];
}

/** A share as the panel writes it. */
const percent = (share: number, decimals = 2): string => `${(100 * share).toFixed(decimals)} %`;

describe('Deleting neurons in VS Code', function () {
  this.timeout(180_000);
  let at: Fixture;
  let run: RunOnDisk;
  let ten: readonly MapCell[];
  let evaluated: Evaluated;

  before(async () => {
    at = await openFixture({ fill: fillWithSample, native: true });
    await at.workbench.explorerMenu('generalizes/model.json', 'Analyze Neurons');
    run = await at.analysisOf(() => at.workbench.pick(/test\.npz/));
    await run.status('complete');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await at.record(this.currentTest.title);
  });
  after(async () => {
    await at.close();
  });

  const map = async (): Promise<DeletionView> => {
    await (await StudyPanel.titled(at.workbench, /generalizes/)).tab('map');
    return DeletionView.shown(at.workbench);
  };

  /** The set as the command line evaluates it, in a process of its own. */
  async function evaluate(units: readonly UnitRef[]): Promise<Evaluated> {
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'neuron-deletion-evaluate-'));
    try {
      const { spec, preprocessing } = run.record();
      await promisify(execFile)(process.execPath, [
        ...[CLI, 'evaluate', spec.model, '--data', spec.data, '--labels', spec.labels ?? ''],
        ...units.flatMap(({ site, unit }) => ['--delete', `${site}:${unit}`]),
        ...['--scale', preprocessing.chosen, '--outputs', '--out', out],
      ]);
      const read = (name: string): string => fs.readFileSync(path.join(out, name), 'utf8');
      const { data } = Papa.parse<Record<string, number>>(read('outputs.csv').trim(), {
        header: true,
        dynamicTyping: true,
      });
      return { json: JSON.parse(read('evaluate.json')) as Evaluated['json'], samples: data };
    } finally {
      fs.rmSync(out, { recursive: true, force: true });
    }
  }

  async function assertShown(view: DeletionView, { json, samples }: Evaluated): Promise<void> {
    const said = await view.outcome();
    assert.ok(said.includes(`${percent(json.before.accuracy)} ${percent(json.accuracy)}`), said);
    assert.ok(said.includes(`to ${json.loss.toFixed(4)} nats`), said);
    assert.ok(said.includes(`Now wrong ${json.flips_to_wrong} Now right ${json.flips_to_right}`), said);
    const { before, after } = await view.confusion(CLASSES);
    assert.deepEqual(after, json.confusion);
    assert.deepEqual(before, json.before.confusion);
    const examples = await view.examples(EXAMPLES);
    assert.equal(new Set(examples.map(({ index }) => index)).size, EXAMPLES);
    for (const { index, flip, before: was, after: is, text } of examples) {
      const sample = samples.find((one) => one['sample'] === index);
      assert.ok(sample, text);
      assert.deepEqual([was, is], [sample['predicted_before'], sample['predicted_after']], text);
      const right = [was, is].map((given) => given === sample['label']);
      assert.equal(flip, right[0] === right[1] ? 'none' : right[0] ? 'to_wrong' : 'to_right', text);
      const shown = [...text.matchAll(/with ([\d.]+) %/g)].map((found) => Number(found[1]));
      const given = [sample[`probability_before_${was}`] ?? NaN, sample[`probability_after_${is}`] ?? NaN];
      given.forEach((share, k) => assert.ok(Math.abs(shown[k]! - 100 * share) < 0.051, `${text} ${share}`));
    }
    const flips = examples.map(({ flip }) => flip !== 'none');
    assert.deepEqual(flips, [...flips].sort().reverse(), 'those that flipped come first');
    const flipped = json.flips_to_wrong + json.flips_to_right;
    assert.equal(flips.filter(Boolean).length, Math.min(EXAMPLES, flipped));
  }

  it('shows the network as it is before anything is deleted', async () => {
    const view = await map();
    await view.measured(0);
    evaluated = await evaluate([{ site: run.record().sites[0]!.name, unit: 0 }]);
    assert.match(await view.outcome(), /Nothing is deleted.*Click neurons in the map/);
    assert.deepEqual((await view.confusion(CLASSES)).before, evaluated.json.before.confusion);
  });

  it('shows for ten neurons, deleted by clicks, what the command line computes', async () => {
    const view = await map();
    const drops = new Map(run.units().map((unit) => [`${unit.site} ${unit.unit}`, unit.accuracy_drop ?? 0]));
    const dropOf = ({ site, unit }: UnitRef): number => drops.get(`${site} ${unit}`) ?? NaN;
    const found = await view.neurons(12, run.record().sites.length);
    const different = [...new Map(found.map((cell) => [`${cell.site} ${cell.unit}`, cell])).values()];
    ten = different.sort((a, b) => dropOf(b) - dropOf(a)).slice(0, 10);
    assert.equal(ten.length, 10);
    for (const [n, cell] of ten.entries()) {
      await view.click(cell);
      await view.measured(n + 1);
    }
    evaluated = await evaluate(ten);
    assert.ok(evaluated.json.flips_to_wrong > 0, 'the deletion does something');
    await assertShown(view, evaluated);
    for (const theme of ['light', 'dark'] satisfies Theme[]) {
      await at.workbench.setTheme(theme);
      await (await StudyPanel.titled(at.workbench, /generalizes/)).toTop();
      await at.workbench.screenshot(path.join(ARTEFACTS, `deletion-${theme}.png`));
    }
  });

  it('takes back and does again', async () => {
    const view = await map();
    await view.press('Undo');
    await view.press('Undo');
    await view.measured(8);
    const { json } = await evaluate(ten.slice(0, 8));
    assert.deepEqual((await view.confusion(CLASSES)).after, json.confusion);
    await view.press('Redo');
    await view.press('Redo');
    await view.measured(10);
    await assertShown(view, evaluated);
  });

  it('keeps deletions, selection and named sets over a restart of VS Code', async () => {
    await (await map()).saveSet('the ten');
    const kept = path.join(run.directory, 'deletion-sets.json');
    await at.restart();
    const view = await map();
    await view.measured(10);
    await assertShown(view, evaluated);
    await (await StudyPanel.titled(at.workbench, /generalizes/)).says(new RegExp(`${ten[9]!.site} #${ten[9]!.unit}`)); // prettier-ignore
    await view.click(ten[0]!);
    await view.measured(9);
    await view.applySet('the ten');
    await view.measured(10);
    await assertShown(view, evaluated);
    const { sets } = JSON.parse(fs.readFileSync(kept, 'utf8')) as { sets: { name: string }[] };
    assert.deepEqual(sets.map(({ name }) => name), ['the ten']); // prettier-ignore
  });
});
