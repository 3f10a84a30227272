import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { placeFiles, refuseExisting } from '../../../src/runs/placeFiles';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('files put into a folder together', () => {
  const folder = temporaryFolder();
  const files = new Map([
    ['a.bin', 'weights'],
    ['model.json', '{}'],
  ]);

  it('come with the folder where it is not there, and leave nothing beside it', async () => {
    await placeFiles(folder.path('new/deep'), files);
    assert.deepEqual((await readdir(folder.path('new/deep'))).sort(), ['a.bin', 'model.json']);
    assert.deepEqual(await readdir(folder.path('new')), ['deep']);
  });

  it('take the place of those that are there, and leave the others alone', async () => {
    await mkdir(folder.path('old'));
    await writeFile(folder.path('old/model.json'), 'before');
    await writeFile(folder.path('old/notes.txt'), 'mine');
    await placeFiles(folder.path('old'), files);
    assert.equal(await readFile(folder.path('old/model.json'), 'utf8'), '{}');
    assert.equal(await readFile(folder.path('old/notes.txt'), 'utf8'), 'mine');
    assert.deepEqual(await readdir(path.dirname(folder.path('old'))), ['old']);
  });

  it('are refused in a sentence where a file is in the way', async () => {
    await writeFile(folder.path('file'), '');
    await failsWith(placeFiles(folder.path('file'), files), /cannot be written|could not be written/);
    assert.deepEqual(await readdir(path.dirname(folder.path('file'))), ['file']);
  });

  it('are looked for before: one that stands there is named', async () => {
    await mkdir(folder.path('old'));
    await writeFile(folder.path('old/model.json'), 'before');
    const look = (name: string): Promise<void> =>
      Promise.resolve().then(() => refuseExisting(folder.path('old'), [name]));
    await failsWith(look('model.json'), /old\/model\.json is there already; choose another folder/);
    await look('a.bin');
  });
});
