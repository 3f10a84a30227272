import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PieceResult } from '../core/ablation/piece';
import { Failure } from '../protocol/failure';
import type { RunRecord } from '../protocol/run';
import type { UnitTable } from '../protocol/units';
import { writeAtomically } from './atomicFile';
import { isMissing, readFailure, writeFailure } from './fileErrors';
import { pieceMessage, readJournal, schemaMessage, type JournalContent } from './journalFormat';
import { RUN_FILES, STUDY_FOLDER } from './runDirectory';
import { readRecord } from './runRecord';
import { classMeanColumns } from './unitColumns';
import { unitsArrow } from './unitsArrow';
import { unitsCsv } from './unitsCsv';

/** What a resumed run brings: its writer, its record as it was left, and the pieces that are whole. */
export interface ResumedRun {
  readonly writer: RunWriter;
  readonly record: RunRecord;
  readonly pieces: PieceResult[];
}

/**
 * Writes one run directory. Pieces are on the disk when `append` is done; all other files are replaced
 * whole. One writer a directory. All methods throw {@link Failure} where the disk does not let them.
 */
export class RunWriter {
  private last: Promise<void> = Promise.resolve();
  private hasClassMeans = false;

  private constructor(
    readonly directory: string,
    private readonly journal: FileHandle,
    private length: number,
    private readonly classes: number,
  ) {}

  /**
   * Makes the directory, its `run.json` and an empty journal; in a workspace also the `.gitignore` that
   * keeps runs out of git. Throws {@link Failure} where the directory holds a run already.
   */
  static async create(directory: string, record: RunRecord): Promise<RunWriter> {
    if (existsSync(join(directory, RUN_FILES.record)))
      throw new Failure(`${directory} already holds a run: choose another folder.`, { file: directory });
    try {
      await mkdir(directory, { recursive: true });
    } catch (error) {
      throw writeFailure(error, directory);
    }
    await ignoreInGit(directory);
    const classes = record.classes.length;
    const schema = schemaMessage(classes);
    const journal = await openJournal(directory, 0, schema);
    const writer = new RunWriter(directory, journal, schema.length, classes);
    try {
      // Last, so that a directory with a record has a journal.
      await writer.writeRecord(record);
    } catch (error) {
      await writer.close();
      throw error;
    }
    return writer;
  }

  /** Opens a run to go on with: cuts the journal after its last whole piece. Throws {@link Failure}. */
  static async resume(directory: string): Promise<ResumedRun> {
    const record = await readRecord(directory);
    const classes = record.classes.length;
    const { length, pieces } = await readPieces(directory, classes);
    const schema = schemaMessage(classes);
    const journal = await openJournal(directory, length, length === 0 ? schema : null);
    const writer = new RunWriter(directory, journal, length === 0 ? schema.length : length, classes);
    return { writer, record, pieces };
  }

  /** Adds finished pieces to the journal, each as one record batch. */
  append(...pieces: readonly PieceResult[]): Promise<void> {
    const message = Buffer.concat(pieces.map((piece) => pieceMessage(piece, this.classes)));
    const done = this.last.then(() => this.write(message));
    this.last = done.catch(() => undefined);
    return done;
  }

  private async write(message: Uint8Array): Promise<void> {
    try {
      await writeFully(this.journal, message, this.length);
      await this.journal.datasync();
      this.length += message.length;
    } catch (error) {
      await this.journal.truncate(this.length).catch(() => undefined);
      throw writeFailure(error, join(this.directory, RUN_FILES.pieces));
    }
  }

  /** Replaces `run.json`. */
  async writeRecord(record: RunRecord): Promise<void> {
    await writeAtomically(join(this.directory, RUN_FILES.record), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Replaces `units.arrow` and `units.csv`; class means, which stay as they are, with the first of a session. */
  async writeUnits(record: RunRecord, table: UnitTable): Promise<void> {
    const run = { record, table };
    await writeAtomically(join(this.directory, RUN_FILES.units), unitsArrow(run));
    await writeAtomically(join(this.directory, RUN_FILES.unitsCsv), unitsCsv(run));
    if (this.hasClassMeans) return;
    const columns = classMeanColumns(this.classes);
    await writeAtomically(join(this.directory, RUN_FILES.classMeans), unitsArrow(run, columns));
    await writeAtomically(join(this.directory, RUN_FILES.classMeansCsv), unitsCsv(run, columns));
    this.hasClassMeans = true;
  }

  /** Waits for what is being appended and closes the journal. */
  async close(): Promise<void> {
    await this.last;
    await this.journal.close();
  }
}

/** Reads a run's journal up to its last whole piece. Throws {@link Failure}. */
export async function readPieces(directory: string, classes: number): Promise<JournalContent> {
  const file = join(directory, RUN_FILES.pieces);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return { length: 0, pieces: [] };
    throw readFailure(error, file);
  }
  try {
    return readJournal(bytes, classes);
  } catch (cause) {
    throw new Failure(
      `${file} is damaged or belongs to another run: delete this run's folder and start again.`,
      {
        file,
        cause,
      },
    );
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Opens the journal for writing, cut to `length`, and starts it with `start` where given. */
async function openJournal(directory: string, length: number, start: Uint8Array | null): Promise<FileHandle> {
  const file = join(directory, RUN_FILES.pieces);
  let journal: FileHandle | undefined;
  try {
    journal = await open(file, start === null ? 'r+' : 'w');
    if (start === null) await journal.truncate(length);
    else await writeFully(journal, start, 0);
    await journal.sync();
    return journal;
  } catch (error) {
    await journal?.close();
    throw writeFailure(error, file);
  }
}

/** Keeps the runs of a workspace out of git, where the directory is one of them. */
export async function ignoreInGit(directory: string): Promise<void> {
  const root = dirname(dirname(directory));
  if (basename(root) !== STUDY_FOLDER) return;
  const file = join(root, '.gitignore');
  if (!existsSync(file)) await writeAtomically(file, '*\n');
}
