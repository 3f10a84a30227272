import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { Failure } from '../../protocol/failure';
import { readingFailure } from '../readingFailure';
import { readStart } from './bytes';

/** A table of text, read: numbers column by row, and the texts of those columns that are not all numbers. */
export interface CsvTable {
  readonly file: string;
  readonly rows: number;
  /** Names of the columns; null where the file has no header. */
  readonly header: readonly string[] | null;
  readonly columns: number;
  /** Null for a column of numbers only. */
  texts(column: number): readonly string[] | null;
  /** The number in a cell; NaN where it is missing or text. */
  number(row: number, column: number): number;
}

const BLOCK_ROWS = 1024;
/** Rows looked at before deciding whether the first one is a header. */
const PREVIEW_ROWS = 100;
/** Cells that say that a number is missing, or not finite. */
const NOT_A_NUMBER = new Set(['', '?', 'na', 'n/a', 'nan', 'null', '+nan', '-nan']);
const DELIMITERS = [',', '\t', ';', '|', ' '];

/**
 * Reads a csv or tsv file: the delimiter is guessed, a header found by content, blank lines are skipped.
 *
 * @throws Failure when the rows are not equally long, or the file cannot be read
 */
export async function readCsvTable(file: string): Promise<CsvTable> {
  const builder = new TableBuilder(file);
  const delimiter = await guessDelimiter(file);
  await new Promise<void>((resolve, reject) => {
    const source = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
    const fail = (cause: unknown): void => {
      source.destroy();
      reject(readingFailure(file, cause));
    };
    Papa.parse<string[]>(source, {
      delimiter,
      skipEmptyLines: 'greedy',
      chunk: (results, parser) => {
        try {
          for (const row of results.data) builder.add(row);
        } catch (cause) {
          fail(cause);
          parser.abort();
        }
      },
      complete: () => resolve(),
      error: fail,
    });
  });
  return builder.finish();
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

class TableBuilder {
  private readonly preview: string[][] = [];
  private readonly blocks: Float64Array[] = [];
  private readonly columnTexts = new Map<number, string[]>();
  private header: string[] | null = null;
  private columns = 0;
  private rows = 0;
  private lines = 0;
  private decided = false;

  constructor(private readonly file: string) {}

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
    if (this.decided) this.store(row);
    else if (this.preview.push(row) === PREVIEW_ROWS) this.decide();
  }

  finish(): CsvTable {
    if (!this.decided) this.decide();
    const { file, rows, header, columns, blocks, columnTexts } = this;
    return {
      file,
      rows,
      header,
      columns,
      texts: (column) => columnTexts.get(column) ?? null,
      number: (row, column) =>
        blocks[Math.floor(row / BLOCK_ROWS)]?.[(row % BLOCK_ROWS) * columns + column] ?? NaN,
    };
  }

  private decide(): void {
    this.decided = true;
    const [first, ...rest] = this.preview.splice(0);
    if (first === undefined) return;
    if (isHeader(first, rest)) this.header = first.map((cell) => cell.trim());
    else this.store(first);
    for (const row of rest) this.store(row);
  }

  private store(row: readonly string[]): void {
    const { columns, rows } = this;
    const at = rows % BLOCK_ROWS;
    if (at === 0) this.blocks.push(new Float64Array(BLOCK_ROWS * columns));
    const block = this.blocks[this.blocks.length - 1];
    for (let column = 0; block !== undefined && column < columns; column++) {
      const cell = row[column] ?? '';
      const value = toNumber(cell);
      block[at * columns + column] = value ?? NaN;
      const texts = this.columnTexts.get(column);
      if (texts !== undefined) texts.push(cell.trim());
      else if (value === null) this.columnTexts.set(column, [...this.earlier(column), cell.trim()]);
    }
    this.rows++;
  }

  /** What the cells of a column said so far, now that one of them is text. */
  private earlier(column: number): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const value =
        this.blocks[Math.floor(row / BLOCK_ROWS)]?.[(row % BLOCK_ROWS) * this.columns + column] ?? NaN;
      return Number.isNaN(value) ? '' : String(value);
    });
  }
}

/** The number a cell holds, NaN where it says that there is none, null where it is text. */
function toNumber(cell: string): number | null {
  const value = Number(cell);
  if (!Number.isNaN(value) && (value !== 0 || cell.trim() !== '')) return value;
  const text = cell.trim().toLowerCase();
  if (NOT_A_NUMBER.has(text)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}

/** A first row is a header when it has text over a column of numbers, or nothing but text over other text. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const isText = (cell: string | undefined): boolean => toNumber(cell ?? '') === null;
  if (rest.length === 0) return first.every(isText);
  return first.some((cell, column) => isText(cell) && !rest.some((row) => isText(row[column])));
}
