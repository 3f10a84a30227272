import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { findClassNames, readClassNames } from '../../../src/formats/classNames';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('names of classes', () => {
  const folder = temporaryFolder();
  const read = async (name: string, content: string): Promise<readonly string[]> => {
    await writeFile(folder.path(name), content);
    return (await readClassNames(folder.path(name))).names;
  };

  it('are read from every usual file', async () => {
    const names = ['cat', 'big dog', 'ünicorn'];
    const files: readonly (readonly [string, string])[] = [
      ['class_names.txt', '\uFEFFcat\r\nbig dog\r\n\r\nünicorn\r\n'],
      ['labels.txt', '0 cat\n1 big dog\n2 ünicorn'],
      ['classes.txt', '0: cat\n1: big dog\n2: ünicorn\n'],
      ['class_names.json', JSON.stringify(names)],
      ['metadata.json', JSON.stringify({ tfjsVersion: '1.7.4', labels: names, imageSize: 224 })],
      ['class_indices.json', JSON.stringify({ ünicorn: 2, cat: 0, 'big dog': 1 })],
      ['config.json', JSON.stringify({ id2label: { 2: 'ünicorn', 0: 'cat', 1: 'big dog' } })],
      ['imagenet.json', JSON.stringify({ 0: ['n1', 'cat'], 1: ['n2', 'big dog'], 2: ['n3', 'ünicorn'] })],
    ];
    for (const [name, content] of files) assert.deepEqual(await read(name, content), names, name);
    assert.deepEqual(await read('digits.txt', '3\n1\n2\n'), ['3', '1', '2']);
    assert.deepEqual(await read('years.txt', '1 one\n2 two\n'), ['1 one', '2 two']);
  });

  it('are refused where there are none, or one stands twice', async () => {
    await failsWith(read('a.txt', ' \n'), /a\.txt holds no names of classes/);
    await failsWith(read('a.json', '{"a": 0, "b": 0}'), /holds no names/);
    await failsWith(read('a.json', '{"a": 0, "b": 5}'), /holds no names/);
    await failsWith(read('a.json', '{"labels": [1, null]}'), /holds no names/);
    await failsWith(read('a.json', '{"__proto__": 0}'.slice(0, 9)), /is not JSON/);
    await failsWith(read('a.json', '['.repeat(1e6)), /is not JSON/);
    await failsWith(read('a.txt', 'cat\ndog\ncat\n'), /names the class "cat" twice/);
    await failsWith(readClassNames(folder.path('none.txt')), /There is no file/);
  });

  it('are found beside the model, else by the data, if they are as many as the outputs', async () => {
    await mkdir(folder.path('model'));
    await mkdir(folder.path('data/pictures'), { recursive: true });
    const find = async (): Promise<string | undefined> => {
      const found = await findClassNames(folder.path('model/model.json'), folder.path('data/pictures'), 2);
      return found === null ? undefined : relative(folder.path(''), found.file);
    };
    assert.equal(await find(), undefined);
    await writeFile(folder.path('data/classes.txt'), 'a\nb\n');
    assert.equal(await find(), 'data/classes.txt');
    await writeFile(folder.path('data/pictures/labels.json'), '["a", "b"]');
    assert.equal(await find(), 'data/pictures/labels.json');
    await writeFile(folder.path('model/metadata.json'), '{"labels": ["a", "b"]}');
    assert.equal(await find(), 'model/metadata.json');
    await writeFile(folder.path('model/labels.txt'), 'a\nb\nc\n');
    await writeFile(folder.path('model/class_names.json'), '{"not": "names"}');
    assert.equal(await find(), 'model/metadata.json');
    await writeFile(folder.path('model/Labels.TXT'), '0 a\n1 b\n');
    assert.equal(await find(), 'model/Labels.TXT');
  });
});
