import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName } from '../../../src/host/fileNames';
import { runTitle } from '../../../src/host/names';
import { keptOf } from '../../../src/engine/draftRecord';
import { plainName, renameRun } from '../../../src/runs/renameRun';
import { RunWriter } from '../../../src/runs/runWriter';
import { exampleRecord } from '../../support/exampleRun';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('names of runs', () => {
  const folder = temporaryFolder();

  it('keeps what is typed as one trimmed line of bounded length, of any letters', () => {
    assert.equal(plainName('  before   pruning ✓\n'), 'before pruning ✓');
    assert.equal(plainName('a\u202eb\u0007c\r\nd'), 'a b c d');
    assert.equal([...(plainName('𝒳'.repeat(500)) ?? '')].length, 100);
    assert.equal(plainName(' \t '), undefined);
  });

  it('writes a name into the record and takes it away, and leaves all else as it was', async () => {
    const directory = folder.path('run');
    const writer = await RunWriter.create(directory, exampleRecord());
    await writer.close();
    const read = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(directory, 'run.json'), 'utf8'));
    const before = (await read()) as object;
    const named = await renameRun(directory, ' <b>first</b> ');
    assert.equal(runTitle(named), '<b>first</b>');
    assert.deepEqual(await read(), { ...before, name: '<b>first</b>' });
    assert.equal(runTitle(await renameRun(directory, '')), runTitle({ spec: exampleRecord().spec }));
    assert.deepEqual(await read(), before);
  });

  it('refuses a folder that holds no run', async () => {
    await assert.rejects(renameRun(folder.path('none'), 'x'), { name: 'Failure', message: /holds no run/ });
  });

  it('outlives an analysis that goes on', () => {
    assert.equal(keptOf(exampleRecord({ name: 'mine' })).name, 'mine');
    assert.equal('name' in keptOf(exampleRecord()), false);
  });

  it('proposes file names that every disk takes', () => {
    assert.equal(fileName('generalizes · train.npz'), 'generalizes-train.npz');
    assert.equal(fileName('../../etc/passwd'), 'etc-passwd');
    assert.equal(fileName('größer 模型: a/b?'), 'größer-模型-a-b');
    assert.equal(fileName('***'), 'neuron-deletion');
    assert.equal(fileName('x'.repeat(500)).length, 80);
  });
});
