import { basename } from 'node:path';
import type { LabelledData } from '../../core/labelledData';
import { Failure } from '../../protocol/failure';
import type { DataCandidate, Resize } from '../../protocol/study';
import type { DataReader, WantedInput } from './dataReader';
import { openEncodedImages } from './encodedImages';
import { checkSameLength, classCounts, classesOf, fromOneHot, type LabelSet } from './labels';
import { readName } from './names';
import { checkedIndex } from './storedArray';
import { cellSize, upTo, type Table } from './table';
import { columnKey, columnTitle, findColumn, firstGuess, guessKeys, guessLabelColumns } from './tableColumns';

/**
 * Reads tables whose rows are samples. The label column is `label_column` (a name of the header, or an index from
 * 0, or from −1 backwards), else guessed by {@link guessLabelColumns}. The samples are the column that the
 * reference names, else the only column of pictures, else that of lists, else all columns of single numbers.
 */
export function tableReader(openTable: (file: string) => Promise<Table>): DataReader {
  return {
    async inspect(source, wanted) {
      const table = await openTable(source.file);
      await firstGuess(table);
      const candidates: DataCandidate[] = [];
      let problem: Failure | undefined;
      for (const column of await guessLabelColumns(table)) {
        try {
          const own = await columnLabels(table, column);
          const opened = await tableData(table, source.array, column, own, wanted, undefined);
          const { samples, shape, dtype } = opened;
          candidates.push({
            data: source.array === null ? source.file : `${source.file}#${source.array}`,
            label_column: columnKey(table, column),
            samples,
            shape,
            dtype,
            class_counts: classCounts(own),
          });
        } catch (failure) {
          if (!(failure instanceof Failure)) throw failure;
          problem ??= failure;
        }
      }
      if (problem !== undefined && candidates.length === 0) throw problem;
      return candidates;
    },

    async open(source, given, { label_column: key, resize }, wanted) {
      const { file, array } = source;
      const table = await openTable(file);
      if (given !== null) {
        return { data: await tableData(table, array, null, given, wanted, resize), file, labels: given };
      }
      const column = key === undefined ? await firstGuess(table) : findColumn(table, key);
      const labels = await columnLabels(table, column);
      return { data: await tableData(table, array, column, labels, wanted, resize), file, labels };
    },

    async labels(source, { label_column: key }) {
      const table = await openTable(source.file);
      const named = source.array ?? key;
      const keys = await guessKeys(table);
      const column =
        named !== undefined
          ? findColumn(table, named)
          : table.columns.length === 1
            ? 0
            : await firstGuess(table, keys);
      const labels = await columnLabels(table, column);
      return keys === null || keys === column ? labels : { ...labels, keys: await table.texts(keys) };
    },
  };
}

/** The class of each row, from a column of numbers, of text, or of one-hot lists. */
async function columnLabels(table: Table, index: number): Promise<LabelSet> {
  const { file, rows } = table;
  const column = table.columns[index];
  const title = columnTitle(table, index);
  if (column?.kind === 'numbers') {
    if (column.shape.length > 1) {
      throw new Failure(`${title} cannot be labels: its cells are of shape [${column.shape.join(', ')}].`, {
        file,
      });
    }
    const width = cellSize(column);
    const numbers = await table.numbers([index], upTo(rows), new Float64Array(rows * width));
    if (width > 1) {
      return { file, title, labels: fromOneHot(numbers, width, title, file), names: column.classes };
    }
    const { labels, names } = classesOf(numbers, title, file);
    return { file, title, labels, names: column.classes ?? names };
  }
  if (column?.kind !== 'text') {
    throw new Failure(
      `${title} cannot be labels: it holds ${column?.kind === 'other' ? column.what : 'pictures'}.`,
      { file },
    );
  }
  const texts = await table.texts(index);
  const missing = texts.indexOf('');
  if (missing >= 0) {
    throw new Failure(`${title} cannot be labels: that of sample ${missing} is missing.`, { file });
  }
  const names = [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const numbered = new Map(names.map((name, i) => [name, i]));
  return { file, title, labels: Int32Array.from(texts, (text) => numbered.get(text) ?? -1), names };
}

async function tableData(
  table: Table,
  chosen: string | null,
  labelColumn: number | null,
  labels: LabelSet,
  wanted: WantedInput | null,
  resize: Resize | undefined,
): Promise<LabelledData> {
  const { file, rows } = table;
  const columns = chosen === null ? sampleColumns(table, labelColumn) : [findColumn(table, chosen)];
  for (const index of columns) await checkNumeric(table, index);
  const title = basename(file);
  if (columns.length === 0) throw new Failure(`${title} has a label column but no values.`, { file });
  checkSameLength({ title, count: rows, file }, { title: labels.title, count: labels.labels.length });
  const labelled = { samples: rows, labels: labels.labels, label_names: labels.names };
  const [first = 0] = columns;
  const column = table.columns[first];
  if (column?.kind === 'images') {
    const images = await openEncodedImages(
      {
        file,
        samples: rows,
        title: (row) => `the picture of sample ${row} in ${columnTitle(table, first)}`,
        load: (indices) => table.images(first, indices),
      },
      wanted,
      resize,
    );
    return { ...labelled, ...images };
  }
  const width = columns.reduce((sum, index) => sum + sizeOf(table, index), 0);
  const shape =
    columns.length === 1 && column?.kind === 'numbers' && column.shape.length > 0 ? column.shape : [width];
  return {
    ...labelled,
    shape,
    dtype: tableType(table, columns),
    async read(indices) {
      const wantedRows = Int32Array.from(indices, (index) => checkedIndex(index, rows));
      const values = new Float32Array(indices.length * width);
      await table.numbers(columns, wantedRows, values);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw badValue(table, columns, indices, bad, values[bad] ?? NaN);
      return values;
    },
  };
}

function sizeOf(table: Table, index: number): number {
  const column = table.columns[index];
  return column === undefined ? 0 : cellSize(column);
}

/** The columns that a sample is made of: one of pictures, else one of lists, else all other than the labels. */
function sampleColumns(table: Table, labelColumn: number | null): number[] {
  const all = table.columns
    .map((column, index) => ({ column, index }))
    .filter(({ index }) => index !== labelColumn);
  const pictures = all.filter(({ column }) => column.kind === 'images');
  const lists = all.filter(({ column }) => column.kind === 'numbers' && column.shape.length > 0);
  for (const able of [pictures, lists]) {
    const named = able.filter(({ column }) => readName(column.name ?? '').role === 'samples');
    const [only, ...more] = named.length > 0 ? named : able;
    if (only === undefined) continue;
    if (more.length === 0) return [only.index];
    const names = [only, ...more].map(({ column, index }) => column.name ?? String(index)).join(', ');
    throw new Failure(
      `${basename(table.file)} has several columns that may be the samples (${names}): name one, as in ` +
        `${basename(table.file)}#${only.column.name ?? String(only.index)}.`,
      { file: table.file },
    );
  }
  return all.map(({ index }) => index);
}

async function checkNumeric(table: Table, index: number): Promise<void> {
  const column = table.columns[index];
  if (column?.kind === 'numbers' || column?.kind === 'images') return;
  const advice = 'encode it, leave it out, or choose it as the label column.';
  let what = column?.kind === 'other' ? column.what : 'text';
  if (column?.kind === 'text') {
    const texts = await table.texts(index);
    what = `text ("${(texts.find((cell) => Number.isNaN(Number(cell))) ?? '').slice(0, 40)}")`;
  }
  throw new Failure(
    `The ${columnTitle(table, index)} holds ${what}, but a network takes numbers: ${advice}`,
    { file: table.file },
  );
}

/**
 * The element type of some columns. A text format has none: whole numbers of 0 … 255 that go beyond 127 are bytes,
 * else int32 or float32.
 */
function tableType(table: Table, columns: readonly number[]): string {
  let largest = 0;
  let smallest = 0;
  const stored = new Set<string>();
  for (const index of columns) {
    const column = table.columns[index];
    if (column?.kind !== 'numbers') continue;
    const { range } = column;
    if (range === null) stored.add(column.dtype ?? 'float32');
    else if (!range.whole) return 'float32';
    else {
      largest = Math.max(largest, range.highest);
      smallest = Math.min(smallest, range.lowest);
    }
  }
  const [one = 'float32', ...more] = stored;
  if (stored.size > 0) return more.length === 0 ? one : 'float32';
  return smallest >= 0 && largest > 127 && largest <= 255 ? 'uint8' : 'int32';
}

function badValue(
  table: Table,
  columns: readonly number[],
  rows: ArrayLike<number>,
  at: number,
  value: number,
): Failure {
  const sizes = columns.map((index) => sizeOf(table, index));
  const width = sizes.reduce((sum, size) => sum + size, 0);
  let rest = at % width;
  let position = 0;
  while (rest >= (sizes[position] ?? Infinity)) rest -= sizes[position++] ?? 0;
  const what = Number.isNaN(value) ? 'is missing or not a number' : 'is infinite, or too large for float32';
  return new Failure(
    `The value of sample ${rows[Math.floor(at / width)] ?? 0} in ${columnTitle(table, columns[position] ?? 0)} ${what}: ` +
      'clean the data before analysing it.',
    { file: table.file },
  );
}
