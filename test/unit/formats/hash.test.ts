import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { hashData, hashFile, hashFiles } from '../../../src/formats/hash';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('hashes of files', () => {
  const folder = temporaryFolder();

  it('are the sha256 of the bytes', async () => {
    await writeFile(folder.path('abc'), 'abc');
    assert.equal(
      await hashFile(folder.path('abc')),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    await failsWith(hashFile(folder.path('none')), /^There is no file /);
  });

  it('of several files depend on names and contents, not on order or folder', async () => {
    await mkdir(folder.path('other'));
    for (const place of ['', 'other/']) {
      await writeFile(folder.path(`${place}model.json`), '{}');
      await writeFile(folder.path(`${place}weights.bin`), 'abc');
    }
    const hash = await hashFiles([folder.path('weights.bin'), folder.path('model.json')]);
    const zero = String.fromCharCode(0);
    const documented = createHash('sha256')
      .update(`model.json${zero}2${zero}{}weights.bin${zero}3${zero}abc`)
      .digest('hex');
    assert.equal(hash, documented);
    assert.equal(await hashFiles([folder.path('other/model.json'), folder.path('other/weights.bin')]), hash);
    await writeFile(folder.path('model.json'), '{}a');
    await writeFile(folder.path('weights.bin'), 'bc');
    assert.notEqual(await hashFiles([folder.path('model.json'), folder.path('weights.bin')]), hash);
  });

  it('of a folder tell which file lies where in it', async () => {
    await mkdir(folder.path('cats'));
    await mkdir(folder.path('dogs'));
    await writeFile(folder.path('cats/1.png'), 'abc');
    const hash = await hashData(folder.path(''));
    const zero = String.fromCharCode(0);
    assert.equal(hash, createHash('sha256').update(`cats/1.png${zero}3${zero}abc`).digest('hex'));
    await writeFile(folder.path('.hidden'), 'abc');
    assert.equal(await hashData(folder.path('')), hash);
    await rename(folder.path('cats/1.png'), folder.path('dogs/1.png'));
    assert.notEqual(await hashData(folder.path('')), hash);
    assert.equal(await hashData(folder.path('dogs/1.png')), await hashFile(folder.path('dogs/1.png')));
    await failsWith(hashData(folder.path('none')), /^There is no file /);
  });
});
