import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspectData } from '../../src/formats/data/readData';
import type { StudySpec } from '../../src/protocol/study';
import type { StoredRun } from '../../src/protocol/engine';
import { failsWith } from '../support/failsWith';
import { saveFixture, type Fixture } from '../support/models';
import { writeNpz } from '../support/npz';
import { requireAssets, requireNative } from '../support/requirements';
import { temporaryFolder } from '../support/temporaryFolder';
import { analyze, assertSameCounts, newSession, study } from './exactness/engineRun';

describe('what names the class', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  before(async function () {
    requireNative(this);
    await newSession().hello();
  });

  it('is nothing in a regression, which is refused with what it gives', async function () {
    const [model, data] = requireAssets(
      this,
      'tfjs-examples-abalone-regression/model/model.json',
      'tfjs-examples-abalone-regression/abalone.csv',
    );
    const sentence =
      /model\.json is not a classifier: its output dense_Dense3 gives one number a sample, as a regression does .* A model can be analysed that gives a score for each class\.$/;
    await failsWith(newSession().inspectModel(model), sentence);
    const directory = folder.path('run');
    await failsWith(analyze(newSession(), study(model, data), directory), sentence);
    await failsWith(
      newSession().inspectModel(model, { output: '0' }),
      /^The output 0 of .* choose another output\.$/,
    );
  });

  /** The run of a fixture whose samples carry labels of another kind. */
  const runWith = async (
    fixture: Fixture,
    name: string,
    data: string,
    more: Partial<StudySpec> = {},
  ): Promise<StoredRun> => {
    const spec = study(fixture.model, data, { measures: [], ...more });
    return analyze(newSession(), spec, folder.path(name));
  };

  it('is a sigmoid: labels 0 and 1, −1 and 1, one-hot, and words count the same', async () => {
    const fixture = await saveFixture('sigmoid', folder.path('net'), { samples: 120 });
    const { x, shape, labels } = fixture;
    const plain = await runWith(fixture, 'plain', fixture.data);
    assert.deepEqual(plain.record.classes, ['0', '1']);
    const x2 = { data: x, shape: [labels.length, ...shape] };
    const kinds = {
      signed: { data: Int32Array.from(labels, (label) => 2 * label - 1), shape: [labels.length] },
      column: { data: labels, shape: [labels.length, 1] },
      oneHot: {
        data: Float32Array.from([...labels].flatMap((label) => [1 - label, label])),
        shape: [labels.length, 2],
      },
    };
    for (const [kind, y] of Object.entries(kinds)) {
      const data = folder.path(`${kind}.npz`);
      await writeNpz(data, { x: x2, y });
      assert.equal((await inspectData(data))[0]?.class_counts.length, 2);
      const run = await runWith(fixture, kind, data);
      assertSameCounts(run, plain, kind);
      assert.deepEqual(run.record.classes, kind === 'signed' ? ['-1', '1'] : ['0', '1']);
    }
    const width = shape[0] as number;
    const rows = [...labels].map((label, n) =>
      [...x.subarray(n * width, (n + 1) * width), label === 0 ? 'no' : 'yes'].join(','),
    );
    const header = [...Array.from({ length: width }, (_, k) => `f${k}`), 'answer'].join(',');
    const table = path.join(folder.path('net'), 'words.csv');
    await writeFile(table, `${header}\n${rows.join('\n')}\n`);
    const words = await runWith(fixture, 'words', table, { label_column: 'answer' });
    assertSameCounts(words, plain, 'words');
    assert.deepEqual(words.record.classes, ['no', 'yes']);
  });

  it('is one number that is said to be a logit, which counts as its sigmoid does', async () => {
    const fixture = await saveFixture('sigmoid', folder.path('net'), { samples: 120 });
    const plain = await runWith(fixture, 'plain', fixture.data);
    const text = await readFile(fixture.model, 'utf8');
    const model = path.join(path.dirname(fixture.model), 'linear.json');
    await writeFile(model, text.replace('"activation":"sigmoid"', '"activation":"linear"'));
    const linear = { ...fixture, model };
    await failsWith(
      runWith(linear, 'refused', fixture.data),
      /its output score gives one number a sample, as a regression does \(.* choose the output score:sigmoid\)/,
    );
    const run = await runWith(linear, 'linear', fixture.data, { output: 'score:sigmoid' });
    assertSameCounts(run, plain, 'as a logit');
    assert.deepEqual(run.table.columns.loss_increase, plain.table.columns.loss_increase);
  });

  it('is one class a sample: several at once are refused', async () => {
    const fixture = await saveFixture('sigmoid', folder.path('net'), { samples: 4 });
    const data = folder.path('tags.npz');
    const y = { data: Uint8Array.of(0, 1, 1, 0, 1, 1, 0, 0), shape: [4, 2] };
    await writeNpz(data, { x: { data: fixture.x, shape: [4, ...fixture.shape] }, y });
    await failsWith(runWith(fixture, 'tags', data), /row 2 names 2 classes at once \(multi-label data\)/);
  });
});
