import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { zipSync } from 'fflate';
import { inspectData, readLabelledData } from '../../../src/formats/data/readData';
import { Failure } from '../../../src/protocol/failure';
import { npyBytes } from '../../support/npz';
import { saysWhatIsWrong } from '../../support/sentence';
import { temporaryFolder } from '../../support/temporaryFolder';

/** More than a reader may take for a small file (bytes). */
const MOST = 300 * 2 ** 20;

/** An npy header that claims any shape, with few bytes behind it. */
function claim(shape: string): Uint8Array {
  const good = Buffer.from(npyBytes({ data: new Float32Array(64), shape: [4, 4, 4] }));
  const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + '), }';
  const length = good.readUInt16LE(8);
  good.write(`${text.padEnd(length - 1)}\n`, 10, 'latin1');
  return good;
}

/** A zip archive whose directory and local header claim other sizes than the entry has. */
function zipClaim(name: string, content: Uint8Array, claimed: number): Buffer {
  const archive = Buffer.from(zipSync({ [name]: content }, { level: 1 }));
  const directory = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  archive.writeUInt32LE(claimed, 22);
  archive.writeUInt32LE(claimed, directory + 24);
  return archive;
}

describe('small files that claim to be large', () => {
  const temporary = temporaryFolder();
  const labels = npyBytes({ data: Int32Array.from([0, 1, 0, 1]), shape: [4] });

  const refused = async (file: string, what: RegExp): Promise<void> => {
    const before = process.memoryUsage().rss;
    await saysWhatIsWrong(readLabelledData({ data: file }), file, what);
    await inspectData(file).catch((error: unknown) => assert.ok(error instanceof Failure, String(error)));
    assert.ok(process.memoryUsage().rss - before < MOST);
    // The next one is read.
    await mkdir(temporary.path('next'), { recursive: true });
    const next = temporary.path('next/x.npy');
    await writeFile(next, npyBytes({ data: new Float32Array(8), shape: [4, 2] }));
    await writeFile(temporary.path('next/y.npy'), labels);
    assert.equal((await readLabelledData({ data: next })).samples, 4);
  };

  for (const shape of ['4, 50000, 50000', '4, 9007199254740993, 1', '4, -1, 4', '4, 1e9, 4', '4, 2**40']) {
    it(`are refused: an npy header of shape (${shape})`, async () => {
      await writeFile(temporary.path('x.npy'), claim(shape));
      await writeFile(temporary.path('y.npy'), labels);
      await refused(temporary.path('x.npy'), /damaged|cut short/);
    });
  }

  it('are refused: an npz whose array claims 4 GB, and one whose header claims more than its entry', async () => {
    await writeFile(temporary.path('a.npz'), zipClaim('x.npy', claim('4, 16000, 16000'), 0xfffffff0));
    await refused(temporary.path('a.npz'), /damaged|cut short|no labels|announces/);
    await writeFile(temporary.path('b.npz'), zipSync({ 'x.npy': claim('4, 50000, 50000'), 'y.npy': labels }));
    await refused(temporary.path('b.npz'), /holds no samples/);
  });

  it('are refused: IDX of 10 GB, packed and not', async () => {
    const header = Buffer.from([0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
    await writeFile(temporary.path('x-idx3-ubyte'), header);
    await refused(temporary.path('x-idx3-ubyte'), /cut short|damaged|announces/);
    const packed = temporary.path('x-images-idx3-ubyte.gz');
    await pipeline(Readable.from([header]), createGzip(), createWriteStream(packed));
    const y = Buffer.concat([Buffer.from([0, 0, 8, 1, 0, 1, 0, 0]), Buffer.alloc(65536)]);
    const packedLabels = createWriteStream(temporary.path('x-labels-idx1-ubyte.gz'));
    await pipeline(Readable.from([y]), createGzip(), packedLabels);
    await refused(packed, /cut short|damaged/);
  });

  it('are refused: 400 MB of zeros in 400 kB of gzip behind an IDX header of 8 bytes', async () => {
    const packed = temporary.path('x-images-idx3-ubyte.gz');
    const zeros = Buffer.alloc(2 ** 20);
    const parts = function* (): Generator<Buffer> {
      yield Buffer.from([0, 0, 8, 2, 0, 0, 0, 4, 0, 0, 0, 2]);
      for (let i = 0; i < 400; i++) yield zeros;
    };
    await pipeline(Readable.from(parts()), createGzip({ level: 1 }), createWriteStream(packed));
    const y = temporary.path('x-labels-idx1-ubyte');
    await writeFile(y, Buffer.from([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]));
    const before = process.memoryUsage().rss;
    await saysWhatIsWrong(
      readLabelledData({ data: packed, labels: y }).then((data) => data.read([0])),
      packed,
      /holds more than the 20 bytes that it announces/,
    );
    assert.ok(process.memoryUsage().rss - before < MOST);
  });

  it('are refused: a zip whose entry unpacks to more than it says', async () => {
    const x = Buffer.concat([claim('4, 4, 4'), Buffer.alloc(2 ** 24)]);
    const size = claim('4, 4, 4').length;
    await writeFile(temporary.path('a.npz'), zipClaim('x.npy', x, size));
    await refused(temporary.path('a.npz'), /damaged|no labels|holds/);
  });

  it('are refused: JSON nested 100,000 deep, in a file of data', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      await writeFile(temporary.path('a.json'), open.repeat(100_000) + '0' + close.repeat(100_000));
      await refused(temporary.path('a.json'), /nests lists or objects/);
    }
  });

  it('are read where there are only spaces, umlauts and symbols in their names', async () => {
    const folder = temporary.path('ein Ordner – ünïcode ☂ #1');
    await mkdir(folder);
    await writeFile(`${folder}/x test.npy`, npyBytes({ data: new Float32Array(8), shape: [4, 2] }));
    await writeFile(`${folder}/y test.npy`, labels);
    assert.equal((await readLabelledData({ data: `${folder}/x test.npy` })).samples, 4);
  });
});
