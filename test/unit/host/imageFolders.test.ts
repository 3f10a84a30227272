import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { imageFolders, type FoundFiles } from '../../../src/host/imageFolders';

/** A workspace as a search sees it; `more`: folders without pictures. */
async function found(
  images: readonly string[],
  options: Partial<FoundFiles> & { readonly more?: readonly string[] } = {},
): Promise<string[]> {
  const folders = new Set<string>();
  for (const path of [...images.map(dirname), ...(options.more ?? [])]) {
    for (let folder = path; folder !== '/'; folder = dirname(folder)) folders.add(folder);
  }
  const foldersIn = (parent: string): Promise<string[]> =>
    Promise.resolve(
      [...folders].filter((path) => dirname(path) === parent).map((path) => path.slice(parent.length + 1)),
    );
  const found = { images, complete: true, tables: [], roots: ['/ws'], ...options };
  return (await imageFolders(found, foldersIn)).sort();
}

describe('finding folders of pictures', () => {
  const CLASSES = ['/ws/data/cat/1.png', '/ws/data/cat/2.png', '/ws/data/dog/1.JPG'];

  it('takes a folder whose sub-folders hold pictures, once', async () => {
    assert.deepEqual(await found(CLASSES), ['/ws/data']);
  });

  it('takes each split of a data set', async () => {
    const images = ['train', 'test'].flatMap((split) =>
      ['cat', 'dog'].map((name) => `/ws/${split}/${name}/1.png`),
    );
    assert.deepEqual(await found(images), ['/ws/test', '/ws/train']);
  });

  it('takes the workspace folder itself, but none above it', async () => {
    assert.deepEqual(await found(['/ws/cat/1.png', '/ws/dog/1.png']), ['/ws']);
    assert.deepEqual(await found(['/ws/1.png', '/other/1.png'], { roots: ['/ws', '/other'] }), []);
  });

  it('passes over pictures without a class or a label', async () => {
    assert.deepEqual(await found(['/ws/media/icon.png', '/ws/media/logo.png']), []);
    assert.deepEqual(await found(['/ws/docs/img/a.png']), []);
  });

  it('passes over a project in which some folders hold pictures', async () => {
    const images = ['/ws/docs/a.png', '/ws/media/b.png'];
    assert.deepEqual(await found(images, { more: ['/ws/src', '/ws/test', '/ws/lib'] }), []);
    assert.deepEqual(await found(images, { more: ['/ws/node_modules'] }), []);
    assert.deepEqual(await found(images), ['/ws']);
  });

  it('takes a flat folder with a table in it or beside it', async () => {
    const images = ['/ws/birds/pictures/1.png', '/ws/birds/pictures/2.png', '/ws/other/x/1.png'];
    assert.deepEqual(await found(images, { tables: ['/ws/birds/pictures/labels.csv'] }), [
      '/ws/birds/pictures',
    ]);
    assert.deepEqual(await found(images, { tables: ['/ws/birds/labels.csv'] }), ['/ws/birds/pictures']);
    assert.deepEqual(await found(images, { tables: ['/ws/labels.csv'] }), []);
  });

  it('takes a table beside classes for none of theirs', async () => {
    const images = ['a', 'b', 'c', 'd'].map((name) => `/ws/data/${name}/1.png`);
    assert.deepEqual(await found(images, { tables: ['/ws/data/list.csv'] }), ['/ws/data']);
  });

  it('looks for the other classes where the search stopped within the first', async () => {
    const images = ['/ws/data/cat/1.png', '/ws/data/cat/2.png'];
    assert.deepEqual(await found(images, { complete: false, more: ['/ws/data/dog'] }), ['/ws/data']);
    assert.deepEqual(await found(images, { complete: false }), []);
    const training = ['cat', 'dog'].map((name) => `/ws/data/train/${name}/1.png`);
    assert.deepEqual(
      await found(training, { complete: false, more: ['/ws/data/test/cat', '/ws/data/other'] }),
      ['/ws/data/test', '/ws/data/train'],
    );
  });

  it('takes no more than 200', async () => {
    const images = Array.from({ length: 500 }, (_, i) => [`/ws/${i}/a/1.png`, `/ws/${i}/b/1.png`]).flat();
    assert.equal((await found(images)).length, 200);
  });
});
