import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJournal, wholeMessages } from '../../../src/runs/journalFormat';
import { RunWriter } from '../../../src/runs/runWriter';
import { examplePiece, exampleRecord } from '../../support/exampleRun';

const pieces = [examplePiece(0, 0, 8, 0), examplePiece(0, 8, 4, 0), examplePiece(1, 0, 5, 1)];

describe('the journal of pieces', () => {
  let folder = '';
  let run = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    run = join(folder, 'run');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function written(): Promise<Uint8Array> {
    const writer = await RunWriter.create(run, exampleRecord());
    for (const piece of pieces) await writer.append(piece);
    await writer.close();
    return readFile(join(run, 'pieces.arrows'));
  }

  it('gives back every piece exactly', async () => {
    await written();
    const resumed = await RunWriter.resume(run);
    await resumed.writer.close();
    assert.deepEqual(resumed.pieces, pieces);
    assert.deepEqual(resumed.record, exampleRecord());
  });

  it('keeps appends that were not waited for in order', async () => {
    const writer = await RunWriter.create(run, exampleRecord());
    const many = Array.from({ length: 40 }, (_, slice) => examplePiece(0, slice % 5, 1 + (slice % 7), slice));
    await Promise.all(many.map((piece) => writer.append(piece)));
    await writer.close();
    const resumed = await RunWriter.resume(run);
    await resumed.writer.close();
    assert.deepEqual(resumed.pieces, many);
  });

  it('reads exactly the whole pieces, whatever byte it was cut at', async function () {
    this.timeout(30_000);
    const bytes = await written();
    const ends = wholeMessages(bytes);
    assert.equal(ends.length, 1 + pieces.length);
    assert.equal(ends.at(-1), bytes.length);
    for (let length = 0; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length);
      const content = readJournal(bytes.slice(0, length), 3);
      assert.equal(content.length, whole.at(-1) ?? 0, `cut at ${length}`);
      assert.deepEqual(content.pieces, pieces.slice(0, Math.max(0, whole.length - 1)), `cut at ${length}`);
    }
  });

  it('goes on after a cut anywhere, on disk, as if nothing had happened', async () => {
    const bytes = await written();
    const file = join(run, 'pieces.arrows');
    const [schema = 0, first = 0, second = 0] = wholeMessages(bytes);
    for (const length of [
      0,
      3,
      schema - 1,
      schema,
      schema + 9,
      first - 1,
      first,
      second + 1,
      bytes.length - 1,
    ]) {
      await writeFile(file, bytes);
      await truncate(file, length);
      const { writer, pieces: kept } = await RunWriter.resume(run);
      for (const piece of pieces.slice(kept.length)) await writer.append(piece);
      await writer.close();
      assert.deepEqual(new Uint8Array(await readFile(file)), new Uint8Array(bytes), `cut at ${length}`);
    }
  });

  it('drops zeros that a crash of the machine left at the end', async () => {
    const bytes = await written();
    const file = join(run, 'pieces.arrows');
    const zeroed = Uint8Array.from(bytes);
    const [, , second = 0] = wholeMessages(bytes);
    zeroed.fill(0, second);
    await writeFile(file, zeroed);
    const resumed = await RunWriter.resume(run);
    await resumed.writer.close();
    assert.deepEqual(resumed.pieces, pieces.slice(0, 2));
    assert.equal((await readFile(file)).length, second);
  });

  it('starts again where the journal is missing, refuses one of another study', async () => {
    await written();
    await rm(join(run, 'pieces.arrows'));
    const again = await RunWriter.resume(run);
    assert.deepEqual(again.pieces, []);
    await again.writer.append(examplePiece(0, 0, 2, 0));
    await again.writer.writeRecord(exampleRecord({}, ['a', 'b']));
    await again.writer.close();
    await assert.rejects(RunWriter.resume(run), { name: 'Failure', message: /pieces\.arrows.*another run/ });
  });

  it('refuses a piece whose arrays do not fit', async () => {
    const writer = await RunWriter.create(run, exampleRecord());
    const { class_correct, ...rest } = examplePiece(0, 0, 4, 0);
    assert.throws(() => writer.append({ ...rest, class_correct: class_correct.slice(1) }), RangeError);
    await writer.close();
  });
});
