import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';
import { readStart } from './bytes';
import { TableBuilder, toNumber } from './memoryTable';
import type { Table } from './table';

/** Rows looked at before deciding whether the first one is a header. */
const PREVIEW_ROWS = 100;
const DELIMITERS = [',', '\t', ';', '|', ' '];
const CHUNK = 1 << 20;
/** Chunks without an end of a row; beyond, it is not a table. */
const LONGEST_ROW = 8;

/**
 * Reads a csv or tsv file: the delimiter is guessed, a header found by content, blank lines are skipped.
 *
 * @throws Failure when the rows are not equally long, or the file cannot be read
 */
export async function openCsv(file: string): Promise<Table> {
  const rows = new RowCollector(file);
  const delimiter = await guessDelimiter(file);
  await new Promise<void>((resolve, reject) => {
    const source = createReadStream(file, { encoding: 'utf8', highWaterMark: CHUNK });
    const fail = (cause: unknown): void => {
      source.destroy();
      reject(readingFailure(file, cause));
    };
    let chunks = 0;
    Papa.parse<string[]>(source, {
      delimiter,
      skipEmptyLines: 'greedy',
      chunk: (results, parser) => {
        try {
          for (const row of results.data) rows.add(row);
          chunks = results.data.length > 0 ? 0 : chunks + 1;
          if (chunks > LONGEST_ROW) throw endless(file);
        } catch (cause) {
          fail(cause);
          parser.abort();
        }
      },
      complete: () => resolve(),
      error: fail,
    });
  });
  return rows.finish();
}

function endless(file: string): Failure {
  return new Failure(`${basename(file)} holds a row that does not end: it is not a table that can be read.`, {
    file,
  });
}

async function guessDelimiter(file: string): Promise<string> {
  const start = new TextDecoder().decode(await readStart(file, 1 << 16));
  const lastLine = start.lastIndexOf('\n');
  const { meta } = Papa.parse(lastLine < 0 ? start : start.slice(0, lastLine), {
    preview: 20,
    skipEmptyLines: 'greedy',
    delimitersToGuess: DELIMITERS,
  });
  return meta.delimiter;
}

class RowCollector {
  private readonly preview: string[][] = [];
  private readonly table: TableBuilder;
  private header: string[] | null = null;
  private columns = 0;
  private lines = 0;
  private decided = false;

  constructor(private readonly file: string) {
    this.table = new TableBuilder(file);
  }

  add(row: string[]): void {
    this.lines++;
    if (this.lines === 1) {
      this.columns = row.length;
      row[0] = (row[0] ?? '').replace(/^\uFEFF/, '');
    }
    if (row.length !== this.columns) {
      throw new Failure(
        `Row ${this.lines} of ${basename(this.file)} has ${row.length} values where the first has ${this.columns}: ` +
          'it is not a table that can be read.',
        { file: this.file },
      );
    }
    if (this.decided) this.table.add(row);
    else if (this.preview.push(row) === PREVIEW_ROWS) this.decide();
  }

  finish(): Table {
    if (!this.decided) this.decide();
    return this.table.finish(this.header);
  }

  private decide(): void {
    this.decided = true;
    const [first, ...rest] = this.preview.splice(0);
    if (first === undefined) return;
    if (isHeader(first, rest)) this.header = first.map((cell) => cell.trim());
    else this.table.add(first);
    for (const row of rest) this.table.add(row);
  }
}

/** A first row is a header when it has text over a column of numbers, or nothing but text over other text. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const isText = (cell: string | undefined): boolean => toNumber(cell ?? '') === null;
  if (rest.length === 0) return first.every(isText);
  return first.some((cell, column) => isText(cell) && !rest.some((row) => isText(row[column])));
}
