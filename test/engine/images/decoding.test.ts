import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type * as TfjsNode from '@tensorflow/tfjs-node';
import { decodeImage } from '../../../src/formats/data/images/decodeImage';
import { fitImage } from '../../../src/formats/data/images/resize';
import { failsWith } from '../../support/failsWith';
import { bmp, gradient, png, rawPng } from '../../support/pictures';
import { pythonJson, pythonWith } from '../../support/python';
import { requireNativeBackend } from '../../support/nativeBackend';
import { requireAssets } from '../../support/requirements';
import { temporaryFolder } from '../../support/temporaryFolder';

/** Values of a picture with three channels, whatever it has itself. */
async function colours(content: Uint8Array): Promise<Uint8Array> {
  const image = await decodeImage(content, 'it');
  return Uint8Array.from(fitImage(image, { ...image, channels: 3 }, 'stretch'));
}

const same = (actual: Uint8Array, expected: Uint8Array, what: string): void =>
  assert.equal(Buffer.compare(actual, expected), 0, `${what}: other values`);

describe('pictures are decoded to the values that TensorFlow gives', () => {
  let tf: typeof TfjsNode;
  before(async function () {
    await requireNativeBackend(this);
    tf = await import('@tensorflow/tfjs-node');
  });

  const values = (tensor: TfjsNode.Tensor): Uint8Array => {
    const read = Uint8Array.from(tensor.dataSync());
    tensor.dispose();
    return read;
  };
  const tfJpeg = (content: Uint8Array): Uint8Array =>
    values(tf.node.decodeJpeg(content, 3, 1, true, false, 1, 'INTEGER_ACCURATE'));

  it('JPEG, of the 21 of the CNN Explainer', async function () {
    const [folder] = requireAssets(this, 'tfjs-cnn-explainer-tinyvgg/images-jpeg');
    const names = await readdir(folder);
    assert.equal(names.length, 21);
    for (const name of names) {
      const content = await readFile(join(folder, name));
      same(await colours(content), tfJpeg(content), name);
    }
  });

  it('JPEG in grey, in many scans, of odd sizes, with any sampling of colours', async () => {
    const sizes = [
      [1, 1],
      [17, 33],
      [130, 61],
    ] as const;
    for (const [width, height] of sizes) {
      const image = tf.tensor3d(gradient(width, height), [height, width, 3], 'int32');
      for (const progressive of [false, true]) {
        for (const downsampled of [false, true]) {
          const content = await tf.node.encodeJpeg(image, 'rgb', 80, progressive, false, downsampled);
          same(await colours(content), tfJpeg(content), `${width} × ${height}`);
        }
      }
      const grey = tf.tensor3d(gradient(width, height, 1), [height, width, 1], 'int32');
      const content = await tf.node.encodeJpeg(grey, 'grayscale', 80);
      assert.equal((await decodeImage(content, 'it')).channels, 1);
      same(await colours(content), tfJpeg(content), 'grey');
      tf.dispose([image, grey]);
    }
  });

  it('PNG of every colour type and depth, interlaced or not, whatever its filters', async () => {
    const [width, height] = [11, 9];
    const kinds = [
      [0, 1, [1, 2, 4, 8, 16]],
      [2, 3, [8, 16]],
      [3, 1, [1, 2, 4, 8]],
      [4, 2, [8, 16]],
      [6, 4, [8, 16]],
    ] as const;
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 0x7fffffff);
    for (const [colour, samples, depths] of kinds) {
      for (const depth of depths) {
        for (const interlaced of [false, true]) {
          const passes = interlaced ? ADAM7 : [[0, 0, 1, 1] as const];
          const lines: number[] = [];
          for (const [x, y, stepX, stepY] of passes) {
            const columns = Math.ceil((width - x) / stepX);
            for (let row = y; row < height && columns > 0; row += stepY) {
              lines.push(random() % 5);
              const count = Math.ceil((columns * samples * depth) / 8);
              for (let i = 0; i < count; i++) lines.push(random() % 256);
            }
          }
          const palette = colour === 3 ? Uint8Array.from({ length: 3 * 2 ** depth }, random) : undefined;
          const header = { width, height, depth, colour, interlaced };
          const content = rawPng(header, Uint8Array.from(lines), palette);
          const expected = values(tf.node.decodePng(content, 3));
          same(await colours(content), expected, `colour type ${colour}, ${depth} bits, ${interlaced}`);
        }
      }
    }
    const alpha = png(7, 5, gradient(7, 5, 4));
    same(await colours(alpha), values(tf.node.decodePng(alpha, 3)), 'RGBA');
  });

  it('BMP', async () => {
    for (const width of [1, 2, 3, 4, 9]) {
      const content = bmp(width, 5, gradient(width, 5));
      same(await colours(content), values(tf.node.decodeBmp(content, 3)), `${width} wide`);
      same(await colours(content), gradient(width, 5), `${width} wide`);
    }
  });

  it('resized as tf.image.resize does, to the last bit', () => {
    const cases = [
      [7, 5, 14, 10],
      [64, 48, 28, 28],
      [3, 3, 32, 17],
      [100, 9, 11, 40],
      [5, 5, 1, 1],
    ] as const;
    for (const [width, height, toWidth, toHeight] of cases) {
      for (const channels of [1, 3] as const) {
        const pixels = gradient(width, height, channels);
        const fitted = fitImage(
          { width, height, channels, pixels },
          { width: toWidth, height: toHeight, channels },
          'stretch',
        );
        const expected = tf.tidy(() =>
          tf.image.resizeBilinear(
            tf.tensor3d(pixels, [height, width, channels]),
            [toHeight, toWidth],
            false,
            true,
          ),
        );
        assert.deepEqual(fitted, expected.dataSync<'float32'>());
        expected.dispose();
      }
    }
  });

  it('grey as tf.image.rgbToGrayscale does', () => {
    const pixels = gradient(8, 6);
    const grey = fitImage(
      { width: 8, height: 6, channels: 3, pixels },
      { width: 8, height: 6, channels: 1 },
      'stretch',
    );
    const expected = tf.tidy(() =>
      tf.image.rgbToGrayscale(tf.tensor3d(pixels, [6, 8, 3], 'float32')).dataSync<'float32'>(),
    );
    for (const [i, value] of grey.entries()) assert.ok(Math.abs(value - (expected[i] ?? NaN)) < 1e-4);
  });
});

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const MAKE_PICTURES = `
import io, json, sys
from PIL import Image
folder = sys.argv[1]
base = Image.frombytes('RGB', (13, 9), bytes((x * 7 * (c + 1) + y * 13 + c * 40) % 256
    for y in range(9) for x in range(13) for c in range(3)))
made = []
def keep(name, image, **options):
    image.save(f'{folder}/{name}', **options)
    again = Image.open(f'{folder}/{name}')
    made.append({'name': name, 'size': again.size, 'values': list(again.convert('RGB').tobytes())})
for mode in ['1', 'L', 'P', 'RGB', 'RGBA']:
    image = base.convert(mode)
    keep(f'{mode}.bmp', image)
    keep(f'{mode}.png', image)
keep('L.jpg', base.convert('L'))
for sampling in [0, 1, 2]:
    for progressive in [False, True]:
        keep(f'{sampling}{progressive}.JPG', base, subsampling=sampling, progressive=progressive, quality=90)
exif = Image.Exif()
exif[0x0112] = 6
keep('turned.jpeg', base, exif=exif)
for name in ['cmyk.jpg']: base.convert('CMYK').save(f'{folder}/{name}')
for name in ['x.gif', 'x.webp', 'x.tiff']: base.save(f'{folder}/{name}')
print(json.dumps(made))
`;

describe('pictures made by Pillow', () => {
  const folder = temporaryFolder();

  it('are decoded to the values that Pillow gives, or refused with the reason', async function () {
    this.timeout(300_000);
    const python = await pythonWith(['pillow']);
    const made = (await pythonJson(python, MAKE_PICTURES, [folder.path('')])) as {
      readonly name: string;
      readonly size: readonly [number, number];
      readonly values: number[];
    }[];
    assert.equal(made.length, 18);
    for (const { name, size, values } of made) {
      const content = await readFile(folder.path(name));
      const { width, height } = await decodeImage(content, name);
      assert.deepEqual([width, height], size, name);
      same(await colours(content), Uint8Array.from(values), name);
    }
    const refused = { 'cmyk.jpg': /CMYK/, 'x.gif': /GIF/, 'x.webp': /WebP/, 'x.tiff': /TIFF/ };
    for (const [name, why] of Object.entries(refused)) {
      await failsWith(decodeImage(await readFile(folder.path(name)), name), why);
    }
  });
});
