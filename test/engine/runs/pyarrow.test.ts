import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNIT_COLUMNS } from '../../../src/protocol/units';
import { RunWriter } from '../../../src/runs/runWriter';
import { examplePiece, exampleRun } from '../../support/exampleRun';
import { pythonJson, pythonWith } from '../../support/python';

const SCRIPT = `
import json, sys
import pyarrow as pa, pyarrow.csv, pyarrow.ipc
folder = sys.argv[1]
units = pa.ipc.open_file(folder + '/units.arrow').read_all()
units.validate(full=True)
table = pa.csv.read_csv(folder + '/units.csv', convert_options=pa.csv.ConvertOptions(
    column_types={f.name: f.type for f in units.schema}, strings_can_be_null=True))
means = pa.ipc.open_file(folder + '/class_means.arrow').read_all()
means.validate(full=True)
stream = pa.ipc.open_stream(folder + '/pieces.arrows')
pieces = [batch for batch in stream]
for batch in pieces: batch.validate(full=True)
print(json.dumps({
    'types': {f.name: str(f.type) for f in units.schema},
    'units': units.to_pydict(),
    'csv': table.to_pydict(),
    'means': means.to_pydict(),
    'piece_types': {f.name: str(f.type) for f in stream.schema},
    'pieces': [batch.to_pydict() for batch in pieces],
}))
`;

type Columns = Record<string, unknown[]>;
interface Seen {
  readonly types: Record<string, string>;
  readonly units: Columns;
  readonly csv: Columns;
  readonly means: Columns;
  readonly piece_types: Record<string, string>;
  readonly pieces: Columns[];
}

describe('a run directory read with pyarrow', function () {
  this.timeout(300_000);
  const pieces = [examplePiece(0, 0, 8, 0), examplePiece(0, 8, 4, 0), examplePiece(1, 0, 5, 1)];
  const { record, table } = exampleRun();
  let folder = '';
  let seen: Seen;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyarrow-'));
    const run = join(folder, 'run');
    const writer = await RunWriter.create(run, record);
    for (const piece of pieces.slice(0, 2)) await writer.append(piece);
    await writer.close();
    const resumed = await RunWriter.resume(run);
    for (const piece of pieces.slice(2)) await resumed.writer.append(piece);
    await resumed.writer.writeUnits(record, table);
    await resumed.writer.close();
    seen = (await pythonJson(await pythonWith(['pyarrow']), SCRIPT, [run])) as Seen;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const flags = ['dead', 'within_noise', 'selectivity_valid'];
  function expected(name: (typeof UNIT_COLUMNS)[number]): (number | boolean | null)[] {
    return Array.from(table.columns[name], (value) => {
      if (Number.isNaN(value)) return null;
      return flags.includes(name) ? value === 1 : value;
    });
  }

  for (const source of ['units', 'csv'] as const) {
    it(`has every value and every null in ${source === 'csv' ? 'units.csv' : 'units.arrow'}`, () => {
      const columns = seen[source];
      for (const name of UNIT_COLUMNS) assert.deepEqual(columns[name], expected(name), name);
      assert.deepEqual(columns['site']?.slice(11, 13), ['conv_1', 'odd, "name" <b>&']);
      assert.deepEqual(columns['unit'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4]);
      assert.deepEqual(columns['operator'], Array(17).fill('zero'));
      for (let index = 0; index < 3; index++) {
        const drops = Array.from({ length: 17 }, (_, row) => table.class_drop[row * 3 + index] ?? NaN);
        assert.deepEqual(
          columns[`class_drop_${index}`],
          drops.map((value) => (Number.isNaN(value) ? null : value)),
        );
      }
    });
  }

  it('has every class mean in class_means.arrow', () => {
    const { means } = seen;
    assert.deepEqual(Object.keys(means), ['site', 'unit', 'class_mean_0', 'class_mean_1', 'class_mean_2']);
    assert.deepEqual(means['site'], seen.units['site']);
    assert.deepEqual(means['unit'], seen.units['unit']);
    for (let index = 0; index < 3; index++) {
      const expected = Array.from({ length: 17 }, (_, row) => table.class_mean[row * 3 + index]!);
      assert.deepEqual(
        means[`class_mean_${index}`],
        expected.map((value) => (Number.isNaN(value) ? null : value)),
      );
    }
  });

  it('has whole numbers, flags and reals as what they are', () => {
    const { types } = seen;
    assert.equal(types['site'], 'string');
    assert.equal(types['unit'], 'int32');
    assert.equal(types['n'], 'int32');
    // Means over draws under the operator resample.
    assert.equal(types['flips_to_wrong'], 'double');
    assert.equal(types['max_class'], 'int32');
    assert.equal(types['dead'], 'bool');
    assert.equal(types['accuracy_drop'], 'double');
    assert.equal(types['mutual_information'], 'double');
  });

  it('has one record batch a piece in pieces.arrows, also across a resume', () => {
    assert.equal(seen.piece_types['half'], 'int8');
    assert.equal(seen.piece_types['loss_sum'], 'double');
    assert.equal(seen.piece_types['class_correct_2'], 'int32');
    assert.equal(seen.pieces.length, pieces.length);
    pieces.forEach((piece, i) => {
      const units = Array.from({ length: piece.units }, (_, unit) => unit);
      const classColumns = [0, 1, 2].map((index) => [
        `class_correct_${index}`,
        units.map((unit) => piece.class_correct[unit * 3 + index]),
      ]);
      assert.deepEqual(seen.pieces[i], {
        site: units.map(() => piece.site),
        unit: units.map((unit) => piece.first_unit + unit),
        slice: units.map(() => piece.slice),
        round: units.map(() => piece.round),
        half: units.map(() => piece.half),
        samples: units.map(() => piece.samples),
        draws: units.map(() => piece.draws),
        ablated_correct: [...piece.ablated_correct],
        flips_to_wrong: [...piece.flips_to_wrong],
        flips_to_right: [...piece.flips_to_right],
        net_squares: [...piece.net_squares],
        loss_sum: [...piece.loss_sum],
        near_ties: [...piece.near_ties],
        ...Object.fromEntries(classColumns),
      });
    });
  });
});
