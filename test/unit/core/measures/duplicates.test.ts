import assert from 'node:assert/strict';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { Control } from '../../../../src/core/control';
import { duplicatesOf } from '../../../../src/core/measures/duplicates';
import { Cancelled } from '../../../../src/protocol/failure';
import { normals } from '../../../support/seeded';

const control = (): Control => new Control(new AbortController().signal);

/** Columns to a matrix, sample-major. */
function matrix(columns: readonly ArrayLike<number>[]): Float32Array {
  const samples = columns[0]!.length;
  const values = new Float32Array(samples * columns.length);
  columns.forEach((column, unit) => {
    for (let n = 0; n < samples; n++) values[n * columns.length + unit] = column[n]!;
  });
  return values;
}

/** The definition in float64, pair by pair. */
function byDefinition(columns: readonly Float32Array[]): number[] {
  const correlation = (a: Float32Array, b: Float32Array): number => {
    const mean = (x: Float32Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
    const [p, q] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    a.forEach((value, n) => {
      ab += (value - p) * (b[n]! - q);
      aa += (value - p) ** 2;
      bb += (b[n]! - q) ** 2;
    });
    return ab / Math.sqrt(aa * bb);
  };
  return columns.map((column, unit) =>
    columns.slice(0, unit).findIndex((earlier) => correlation(column, earlier) > 0.999),
  );
}

describe('duplicate units', () => {
  before(() => setBackend('cpu'));

  it('are those that copy an earlier one up to scale and offset; opposite and constant ones are not', async () => {
    const base = [1, 5, 2, 8, 3];
    const columns = [
      base,
      [3, 3, 3, 3, 3],
      base.map((x) => 2 * x + 1),
      base.map((x) => -x),
      [0.1, 0.1, 0.1, 0.1, 0.1],
      [5, 1, 8, 2, 3],
      base.map((x) => 10 - 0.5 * x),
      base.map((x) => x * x),
    ];
    const tensors = memory().numTensors;
    const found = await duplicatesOf(matrix(columns), 5, columns.length, control());
    assert.deepEqual([...found], [-1, -1, 0, -1, -1, -1, 3, -1]);
    assert.equal(memory().numTensors, tensors);
  });

  it('are as the definition says near the bound, over more blocks than one', async () => {
    const samples = 400;
    const base = [normals(samples, 1), normals(samples, 2), normals(samples, 3)];
    const columns = Array.from({ length: 90 }, (_, unit) => {
      const noise = normals(samples, 100 + unit);
      const size = 0.03 + (unit % 30) * 0.001;
      return base[unit % 3]!.map((value, n) => value + size * noise[n]!);
    });
    const found = await duplicatesOf(matrix(columns), samples, columns.length, control(), 16);
    assert.deepEqual([...found], byDefinition(columns));
    assert.ok(found.some((unit) => unit >= 0) && found.some((unit) => unit === -1));
  });

  it('are as the definition says where most pairs are ruled out by some of the samples', async () => {
    const samples = 2100;
    const shared = [normals(samples, 1), normals(samples, 2)];
    const columns = Array.from({ length: 60 }, (_, unit) => {
      const own = normals(samples, 100 + unit);
      switch (unit % 6) {
        case 0:
          // Copies, near the bound.
          return shared[unit % 2]!.map((value, n) => 3 * value + (0.11 + unit * 0.001) * own[n]! + 7);
        case 1:
          // Fire on a few of the last samples only: what comes first tells nothing of them.
          return own.map((_value, n) => (n >= samples - 3 - (unit % 4) ? 1 + (n % 3) : 0));
        case 2:
          return new Float32Array(samples).fill(0.1 * unit);
        case 3:
          // Vary so little that the sum of their squares does not tell it.
          return own.map((_value, n) => 1000 + (n === 5 || n === samples - 1 ? 0.0001 : 0));
        case 4:
          return own.map((value) => Math.max(0, value));
        default:
          // Now and then a copy of the one that varies so little.
          return Float32Array.from({ length: samples }, (_, n) =>
            unit % 4 === 1 && (n === 5 || n === samples - 1) ? 1 : 0,
          );
      }
    });
    const found = await duplicatesOf(matrix(columns), samples, columns.length, control());
    const varies = (column: Float32Array): boolean => column.some((value) => value !== column[0]);
    const expected = byDefinition(columns).map((earlier, unit) => (varies(columns[unit]!) ? earlier : -1));
    assert.deepEqual([...found], expected);
    assert.ok(found.filter((unit) => unit >= 0).length > 10 && found.includes(-1));
  });

  it('are unknown with two samples', async () => {
    assert.deepEqual([...(await duplicatesOf(Float32Array.of(1, 2, 3, 4), 2, 2, control()))], [NaN, NaN]);
  });

  it('stop being looked for once cancelled, and leave nothing behind', async () => {
    const abort = new AbortController();
    abort.abort();
    const tensors = memory().numTensors;
    await assert.rejects(duplicatesOf(normals(60, 1), 20, 3, new Control(abort.signal)), Cancelled);
    assert.equal(memory().numTensors, tensors);
  });
});
