import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultNativeFolders } from '../../src/engine/backend';
import { Session } from '../../src/engine/session';
import { Failure } from '../../src/protocol/failure';
import { escapeMarkup } from '../../src/pictures/svgSurface';
import { exportRun } from '../../src/runs/exportRun';
import { readTrainingDirectory } from '../../src/runs/trainingDirectory';
import { findingsOptions, makeFindings, type FindingsOptions } from '../../scripts/makeFindings';

const REPOSITORY = path.join(__dirname, '../..');

describe('npm run findings', function () {
  this.timeout(180_000);
  let folder = '';
  let options: FindingsOptions;
  const session = new Session({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
  const said: string[] = [];
  const make = (signal = new AbortController().signal): Promise<boolean> =>
    makeFindings(options, session, (text) => said.push(text), signal);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-findings-'));
    const asked = findingsOptions(['--quick', '--only', 'memorization'], REPOSITORY);
    options = { ...asked, runs: path.join(folder, 'runs'), docs: path.join(folder, 'docs') };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('trains, measures and writes a page whose figures are those of the networks', async () => {
    assert.equal(await make(), true);
    assert.match(said[0]!, /^memorization: 2 networks, about /);
    const page = await readFile(path.join(options.docs, 'findings.md'), 'utf8');
    const { record, networks } = await readTrainingDirectory(path.join(options.runs, 'memorization'));
    assert.equal(record.status, 'complete');
    const clean = networks.find(({ network }) => network.setting === '0')!.network;
    assert.ok(clean.included, 'true labels are learned');
    assert.ok(page.includes(`| true labels | 1 | 0 | ${(100 * clean.train_accuracy).toFixed(2)} % |`), page);
    assert.ok(page.includes(`0: ${clean.auc!.toFixed(3)} (one network)`), page);
    for (const finding of record.findings) assert.ok(page.includes(finding.measured), finding.measured);
    assert.match(page, /\[dropout\]\(#dropout\) \| not run \|/);
    assert.match(page, /npm run findings -- --only dropout/);
    assert.ok(!page.includes(REPOSITORY) && !page.includes(folder), 'no paths of this machine');
  });

  it('has every picture of the page, and no others', async () => {
    const page = await readFile(path.join(options.docs, 'findings.md'), 'utf8');
    const shown = [...page.matchAll(/\]\(findings\/([^)]+\.svg)\)/g)].map(([, file]) => file!);
    assert.ok(shown.length >= 3);
    assert.deepEqual((await readdir(path.join(options.docs, 'findings'))).sort(), [...shown].sort());
    for (const file of shown) {
      const picture = await readFile(path.join(options.docs, 'findings', file), 'utf8');
      assert.match(picture, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*<\/svg>\n$/s);
      assert.ok(!picture.includes('NaN'), file);
    }
  });

  it('leaves a report in one file, and the same when it is exported', async () => {
    const directory = path.join(options.runs, 'memorization');
    const report = await readFile(path.join(directory, 'report.html'), 'utf8');
    const { record } = await readTrainingDirectory(directory);
    for (const { measured } of record.findings) assert.ok(report.includes(escapeMarkup(measured)), measured);
    assert.ok(report.includes(record.data.sha256));
    assert.doesNotMatch(report, /<script|<link|src=|url\(|NaN|undefined/);
    await exportRun(directory, 'html', path.join(folder, 'exported.html'));
    assert.equal(await readFile(path.join(folder, 'exported.html'), 'utf8'), report);
  });

  it('goes on with what is there: the second time nothing is trained again', async () => {
    const model = path.join(options.runs, 'memorization/networks/c0-s1/model.json');
    const before = await stat(model);
    const page = await readFile(path.join(options.docs, 'findings.md'), 'utf8');
    assert.equal(await make(), true);
    assert.equal((await stat(model)).mtimeMs, before.mtimeMs);
    const again = await readFile(path.join(options.docs, 'findings.md'), 'utf8');
    const timeless = (text: string): string => text.replace(/\d+\.\d (\||minutes)/g, '');
    assert.equal(timeless(again), timeless(page));
  });

  it('writes a page of what there is when it is cancelled', async () => {
    const cancel = new AbortController();
    options = { ...options, only: ['selectivity'] };
    const done = makeFindings(
      options,
      session,
      (text) => {
        if (text.includes('seed 1')) cancel.abort();
      },
      cancel.signal,
    );
    assert.equal(await done, false);
    const page = await readFile(path.join(options.docs, 'findings.md'), 'utf8');
    assert.match(page, /\*\*Not finished\*\*: 0 networks are measured so far/);
    assert.match(page, /\[memorization\]\(#memorization\) \| 2 \|/);
  });

  it('refuses experiments and seeds that there are not', () => {
    assert.throws(() => findingsOptions(['--only', 'memory'], REPOSITORY), Failure);
    assert.throws(() => findingsOptions(['--seeds', '0'], REPOSITORY), Failure);
    const { docs, runs } = findingsOptions(['--quick'], REPOSITORY);
    assert.equal(docs, runs, 'a quick run does not write over docs');
  });
});
