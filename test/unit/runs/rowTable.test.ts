import assert from 'node:assert/strict';
import { tableFromIPC } from 'apache-arrow';
import { readRowsCsv, rowsArrow, rowsCsv, type RowColumn } from '../../../src/runs/rowTable';
import { failsWith } from '../../support/failsWith';

interface Row {
  readonly name: string;
  readonly count: number;
  readonly share: number;
}

const COLUMNS: readonly RowColumn<Row>[] = [
  { name: 'name', kind: 'text' },
  { name: 'count', kind: 'integer' },
  { name: 'share', kind: 'real' },
];
const ROWS: readonly Row[] = [
  { name: 'plain', count: 3, share: 0.1 },
  { name: '', count: 0, share: 1 / 3 },
  { name: 'a, "b"\nc', count: -1, share: 1e-300 },
];

describe('tables of rows', () => {
  it('come back from CSV as they were, to the last bit', () => {
    assert.deepEqual(readRowsCsv(COLUMNS, rowsCsv(COLUMNS, ROWS), 'f.csv'), ROWS);
    assert.deepEqual(readRowsCsv(COLUMNS, rowsCsv(COLUMNS, []), 'f.csv'), []);
  });

  it('say which file is damaged', async () => {
    const texts = ['name,count\na,1\n', 'name,count,share\na,x,1\n', 'name,count,share\na,1\n'];
    for (const text of texts) {
      const reading = Promise.resolve().then(() => readRowsCsv(COLUMNS, text, 'f.csv'));
      await failsWith(reading, /f\.csv is damaged/);
    }
  });

  it('are Arrow files of the same columns', () => {
    const table = tableFromIPC(rowsArrow(COLUMNS, ROWS));
    assert.deepEqual(
      table.schema.fields.map(({ name }) => name),
      ['name', 'count', 'share'],
    );
    assert.deepEqual(
      table.toArray().map((row: { toJSON(): unknown }) => row.toJSON()),
      ROWS,
    );
  });
});
