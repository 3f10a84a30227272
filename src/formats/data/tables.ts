import { basename } from 'node:path';
import type { LabelledData } from '../../core/labelledData';
import { Failure } from '../../protocol/failure';
import type { DataCandidate } from '../../protocol/study';
import { readCsvTable, type CsvTable } from './csvTable';
import type { DataReader } from './dataReader';
import { refuseArrayName } from './dataRef';
import { checkSameLength, classCounts, toClassIndices, type LabelSet } from './labels';
import { isLabelWord, readName } from './names';
import { checkedIndex } from './storedArray';

/**
 * Reads tables whose rows are samples. The label column is `label_column` (a name of the header, or an index from
 * 0, or from −1 backwards), else guessed by {@link guessLabelColumns}; with labels from elsewhere every column is
 * a value.
 */
export const tableReader: DataReader = {
  async inspect(source) {
    refuseArrayName(source);
    const table = await readCsvTable(source.file);
    firstGuess(table);
    const candidates: DataCandidate[] = [];
    let problem: Failure | undefined;
    for (const column of guessLabelColumns(table)) {
      try {
        const { samples, shape, dtype, labels, label_names } = tableData(
          table,
          column,
          columnLabels(table, column),
        );
        candidates.push({
          data: source.file,
          label_column: columnKey(table, column),
          samples,
          shape,
          dtype,
          class_counts: classCounts({ labels, names: label_names }),
        });
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        problem ??= failure;
      }
    }
    if (problem !== undefined && candidates.length === 0) throw problem;
    return candidates;
  },

  async open(source, given, { label_column: key }) {
    refuseArrayName(source);
    const { file } = source;
    const table = await readCsvTable(file);
    if (given !== null) return { data: tableData(table, null, given), file, labels: given };
    const column = key === undefined ? firstGuess(table) : findColumn(table, key);
    const labels = columnLabels(table, column);
    return { data: tableData(table, column, labels), file, labels };
  },

  async labels(source, { label_column: key }) {
    refuseArrayName(source);
    const table = await readCsvTable(source.file);
    const column = key !== undefined ? findColumn(table, key) : table.columns === 1 ? 0 : firstGuess(table);
    return columnLabels(table, column);
  },
};

/**
 * The columns that may be the labels, best first: those named so (`label`, `class`, `target`, `y`, `species`, …);
 * else the only column of text; else the last or the first, if it holds few distinct whole numbers.
 */
export function guessLabelColumns(table: CsvTable): number[] {
  const all = Array.from({ length: table.columns }, (_, column) => column);
  const nameOf = (column: number): string => table.header?.[column] ?? '';
  const exact = all.filter((column) => isLabelWord(nameOf(column)));
  if (exact.length > 0) return exact;
  const named = all.filter((column) => readName(nameOf(column)).role === 'labels');
  if (named.length > 0) return named;
  const texts = all.filter((column) => table.texts(column) !== null);
  if (texts.length === 1) return texts;
  if (texts.length > 1) return [];
  const ends = [table.columns - 1, 0].filter((column) => classLikeness(table, column) > 0);
  return ends.sort((a, b) => classLikeness(table, b) - classLikeness(table, a));
}

/** 0: cannot be classes · 1: few whole numbers · 2: few whole numbers without a gap, from 0 or 1 on. */
function classLikeness(table: CsvTable, column: number): 0 | 1 | 2 {
  const distinct = new Set<number>();
  const most = Math.min(1000, Math.max(2, table.rows / 2));
  for (let row = 0; row < table.rows; row++) {
    const value = table.number(row, column);
    if (!Number.isInteger(value) || value < 0) return 0;
    if (distinct.add(value).size > most) return 0;
  }
  if (distinct.size < 2) return 0;
  const lowest = Math.min(...distinct);
  return lowest <= 1 && Math.max(...distinct) - lowest + 1 === distinct.size ? 2 : 1;
}

function firstGuess(table: CsvTable): number {
  const file = table.file;
  const name = basename(file);
  if (table.rows === 0) throw new Failure(`${name} holds no samples.`, { file });
  if (table.columns < 2) {
    throw new Failure(`${name} has a single column: samples need values and a label, side by side.`, {
      file,
    });
  }
  const [column] = guessLabelColumns(table);
  if (column === undefined) {
    throw new Failure(
      `${name} has no column that is surely the labels: name it (label column), by its header or index.`,
      {
        file,
      },
    );
  }
  return column;
}

function findColumn(table: CsvTable, key: string): number {
  const byName = table.header?.indexOf(key.trim()) ?? -1;
  if (byName >= 0) return byName;
  const index = /^-?\d+$/.test(key.trim()) ? Number(key) : NaN;
  const column = index < 0 ? table.columns + index : index;
  if (column >= 0 && column < table.columns) return column;
  const known =
    table.header === null
      ? `its ${table.columns} columns have no names, give an index from 0`
      : `it has ${table.header.slice(0, 12).join(', ')}${table.columns > 12 ? ', …' : ''}`;
  throw new Failure(`${basename(table.file)} has no column "${key}": ${known}.`, { file: table.file });
}

/** How a column is named in a study: by its header where that is unmistakable, else by its index. */
function columnKey(table: CsvTable, column: number): string {
  const name = table.header?.[column] ?? '';
  return name !== '' && table.header?.indexOf(name) === column ? name : String(column);
}

function columnTitle(table: CsvTable, column: number): string {
  const name = table.header?.[column] ?? '';
  return `column ${name === '' ? column : `"${name}"`} of ${basename(table.file)}`;
}

function columnLabels(table: CsvTable, column: number): LabelSet {
  const { file, rows } = table;
  const title = columnTitle(table, column);
  const texts = table.texts(column);
  if (texts === null) {
    const numbers = Float64Array.from({ length: rows }, (_, row) => table.number(row, column));
    return { file, title, labels: toClassIndices(numbers, title, file), names: null };
  }
  const missing = texts.indexOf('');
  if (missing >= 0) {
    throw new Failure(`${title} cannot be labels: that of sample ${missing} is missing.`, { file });
  }
  const names = [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const index = new Map(names.map((name, i) => [name, i]));
  return { file, title, labels: Int32Array.from(texts, (text) => index.get(text) ?? -1), names };
}

function tableData(table: CsvTable, labelColumn: number | null, labels: LabelSet): LabelledData {
  const { file, rows } = table;
  const columns = Array.from({ length: table.columns }, (_, column) => column).filter(
    (c) => c !== labelColumn,
  );
  const text = columns.find((column) => table.texts(column) !== null);
  if (text !== undefined) {
    const example = table.texts(text)?.find((cell) => Number.isNaN(Number(cell))) ?? '';
    throw new Failure(
      `The ${columnTitle(table, text)} holds text ("${example.slice(0, 40)}"), but a network takes numbers: ` +
        'encode it, leave it out, or choose it as the label column.',
      { file },
    );
  }
  if (columns.length === 0)
    throw new Failure(`${basename(file)} has a label column but no values.`, { file });
  const title = basename(file);
  checkSameLength({ title, count: rows, file }, { title: labels.title, count: labels.labels.length });
  return {
    samples: rows,
    shape: [columns.length],
    dtype: tableType(table, columns),
    labels: labels.labels,
    label_names: labels.names,
    read(indices) {
      const values = new Float32Array(indices.length * columns.length);
      for (let i = 0, to = 0; i < indices.length; i++) {
        const row = checkedIndex(indices[i], rows);
        for (const column of columns) {
          const value = Math.fround(table.number(row, column));
          if (!Number.isFinite(value)) return Promise.reject(badValue(table, row, column, value));
          values[to++] = value;
        }
      }
      return Promise.resolve(values);
    },
  };
}

/** A csv file has no types: whole numbers of 0 … 255 that go beyond 127 are bytes, else int32 or float32. */
function tableType(table: CsvTable, columns: readonly number[]): string {
  let largest = 0;
  let smallest = 0;
  for (let row = 0; row < table.rows; row++) {
    for (const column of columns) {
      const value = table.number(row, column);
      if (!Number.isInteger(value)) return 'float32';
      largest = Math.max(largest, value);
      smallest = Math.min(smallest, value);
    }
  }
  return smallest >= 0 && largest > 127 && largest <= 255 ? 'uint8' : 'int32';
}

function badValue(table: CsvTable, row: number, column: number, value: number): Failure {
  const what = Number.isNaN(value) ? 'is missing or not a number' : 'is infinite, or too large for float32';
  return new Failure(
    `The value of sample ${row} in ${columnTitle(table, column)} ${what}: clean the data before analysing it.`,
    { file: table.file },
  );
}
