import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage } from '../../../src/formats/data/images/decodeImage';
import type { RunRecord } from '../../../src/protocol/run';
import { outcome, type Outcome } from '../../support/commandLine';
import { bmp, png } from '../../support/pictures';
import { requireAssets, requireNative } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';

/** In the order of the model's outputs, as its authors list them; and how they name the pictures of each. */
const CLASSES =
  'lifeboat,ladybug,pizza,bell pepper,school bus,koala,espresso,red panda,orange,sport car'.split(',');
const SHORT = 'boat,bug,pizza,pepper,bus,koala,espresso,panda,orange,car'.split(',');
const SCRIPT = join(__dirname, '../../../dist/cli.js');

describe('the CNN Explainer’s network on its own pictures', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let model = '';
  let images = '';

  before(async function () {
    requireNative(this);
    const paths = requireAssets(
      this,
      'tfjs-cnn-explainer-tinyvgg/model.json',
      'tfjs-cnn-explainer-tinyvgg/images-jpeg',
    );
    [model, images] = paths;
    await stat(SCRIPT).catch(() => {
      throw new Error('dist/cli.js is not there: run npm run build');
    });
  });

  const analyze = (...args: readonly string[]): Promise<Outcome> =>
    outcome(
      spawn(process.execPath, [SCRIPT, 'analyze', model, '--sites', 'relu_2_2', ...args], {
        cwd: folder.path(''),
      }),
    );

  const run = async (name: string, ...args: readonly string[]): Promise<RunRecord> => {
    const { code, err } = await analyze(...args, '--out', folder.path(name));
    assert.equal(code, 0, err);
    return JSON.parse(await readFile(folder.path(join(name, 'run.json')), 'utf8')) as RunRecord;
  };

  /** The labelled pictures: name of the file, index of its class, values. */
  const pictures = async (): Promise<{ name: string; label: number; pixels: Uint8Array }[]> => {
    const names = (await readdir(images)).filter((name) => name !== 'white.jpeg');
    return Promise.all(
      names.map(async (name) => ({
        name,
        label: SHORT.indexOf(name.replace(/_.*/, '')),
        pixels: (await decodeImage(await readFile(join(images, name)), name)).pixels,
      })),
    );
  };

  it('finds 14 of the 20 with a label pattern, natively and on WebAssembly', async () => {
    await writeFile(folder.path('names.txt'), CLASSES.join('\n'));
    const args = [
      '--data',
      images,
      '--label-pattern',
      '^([a-z]+)_',
      '--class-names',
      folder.path('names.txt'),
    ];
    const [native, wasm] = [
      await run('native', ...args, '--backend', 'tfjs-node'),
      await run('wasm', ...args, '--backend', 'wasm'),
    ];
    assert.deepEqual([native.backend.name, wasm.backend.name], ['tfjs-node', 'wasm']);
    for (const record of [native, wasm]) {
      const { baseline, classes, data, preprocessing } = record;
      assert.deepEqual([baseline.correct, baseline.samples, preprocessing.chosen], [14, 20, '0..1']);
      assert.deepEqual(classes, CLASSES);
      assert.deepEqual(data.shape, [64, 64, 3]);
      assert.match(record.class_names?.note ?? '', /boat is lifeboat, bug is ladybug, bus is school bus/);
    }
    assert.deepEqual(native.baseline.per_class, wasm.baseline.per_class);
    assert.equal(native.data.sha256, wasm.data.sha256);
  });

  it('finds the same in sub-folders of PNG and BMP, matched by name to class_names.txt beside them', async () => {
    for (const { name, label, pixels } of await pictures()) {
      const inside = folder.path(join('set', CLASSES[label] ?? '?'));
      await mkdir(inside, { recursive: true });
      // Grey ones come with one channel.
      const rgb =
        pixels.length === 64 * 64 * 3
          ? pixels
          : Uint8Array.from({ length: 12_288 }, (_, i) => pixels[Math.floor(i / 3)] ?? 0);
      const isPng = name.includes('_1');
      await writeFile(
        join(inside, isPng ? `${name}.PNG` : `${name}.bmp`),
        isPng ? png(64, 64, rgb) : bmp(64, 64, rgb),
      );
    }
    await writeFile(folder.path('set/class_names.txt'), CLASSES.join('\n'));
    const record = await run('named', '--data', folder.path('set'));
    assert.equal(record.baseline.correct, 14);
    assert.deepEqual(record.classes, CLASSES);
    assert.match(record.class_names?.note ?? '', /matched by name/);

    // Without the names the order is that of the folders, which is not the model's.
    await rm(folder.path('set/class_names.txt'));
    const unnamed = await run('unnamed', '--data', folder.path('set'), '--accept-chance');
    assert.deepEqual(unnamed.classes, [...CLASSES].sort());
    assert.ok(unnamed.baseline.correct < 14);

    await rm(folder.path('set/pizza'), { recursive: true });
    const { code, err } = await analyze('--data', folder.path('set'));
    assert.equal(code, 1);
    assert.match(err, /have 9 names .* but the model tells 10 classes apart/);
  });

  it('finds the same by a file of labels, numbers as they stand', async () => {
    const rows = (await pictures()).map(({ name, label }) => `${name},${label}`);
    await writeFile(folder.path('truth.csv'), ['file,label', ...rows].join('\n'));
    const record = await run('filed', '--data', images, '--labels', folder.path('truth.csv'));
    assert.deepEqual([record.baseline.correct, record.baseline.samples], [14, 20]);
  });
});
