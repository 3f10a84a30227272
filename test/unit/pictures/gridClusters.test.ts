import assert from 'node:assert/strict';
import { averageLinkage, clusterRows, leafOrder, type Stepwise } from '../../../src/pictures/gridClusters';
import { rowRange } from '../../../src/pictures/gridOrder';
import { normals, uniforms } from '../../support/seeded';

function finish<Result>(work: Stepwise<Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

function correlation(p: Float64Array, q: Float64Array): number {
  const mean = (list: Float64Array): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [m, n] = [mean(p), mean(q)];
  const product = (f: Float64Array, a: number, g: Float64Array, b: number): number =>
    f.reduce((sum, one, i) => sum + (one - a) * (g[i]! - b), 0);
  return product(p, m, q, n) / Math.sqrt(product(p, m, p, m) * product(q, n, q, n));
}

/** Joins the two nearest clusters again and again; the members and the height of each merge. */
function bruteForce(distances: Float32Array, n: number): { members: string; height: number }[] {
  let clusters = Array.from({ length: n }, (_, row) => [row]);
  const merges: { members: string; height: number }[] = [];
  while (clusters.length > 1) {
    let best = { a: 0, b: 1, height: Infinity };
    for (let a = 0; a < clusters.length; a++) {
      for (let b = a + 1; b < clusters.length; b++) {
        let sum = 0;
        for (const p of clusters[a]!) for (const q of clusters[b]!) sum += distances[p * n + q]!;
        const height = sum / (clusters[a]!.length * clusters[b]!.length);
        if (height < best.height) best = { a, b, height };
      }
    }
    const joined = [...clusters[best.a]!, ...clusters[best.b]!].sort((p, q) => p - q);
    merges.push({ members: joined.join(' '), height: best.height });
    clusters = [...clusters.filter((_, i) => i !== best.a && i !== best.b), joined];
  }
  return merges;
}

function randomDistances(n: number, seed: number): Float32Array {
  const random = uniforms(n * n, seed);
  const distances = new Float32Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) distances[a * n + b] = distances[b * n + a] = random[a * n + b]!;
  }
  return distances;
}

describe('clusters of rows', () => {
  it('are joined as by brute force', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const n = 4 + 5 * seed;
      const distances = randomDistances(n, seed);
      const expected = bruteForce(distances, n);
      const merges = finish(averageLinkage(distances.slice(), n));
      const members: number[][] = Array.from({ length: n }, (_, row) => [row]);
      merges.forEach(({ a, b, height }, i) => {
        members.push([...members[a]!, ...members[b]!].sort((p, q) => p - q));
        assert.equal(members.at(-1)!.join(' '), expected[i]!.members, `seed ${seed}, merge ${i}`);
        assert.ok(Math.abs(height - expected[i]!.height) < 1e-5);
      });
      assert.equal(merges.length, n - 1);
    }
  });

  it('stand together in the order of leaves, whose neighbours are nearer than at random', () => {
    const n = 60;
    const distances = randomDistances(n, 12);
    const merges = finish(averageLinkage(distances.slice(), n));
    const order = leafOrder(merges, distances, n);
    assert.deepEqual(
      [...order].sort((p, q) => p - q),
      [...rowRange(0, n)],
    );
    const place = new Map([...order].map((row, at) => [row, at]));
    const members: number[][] = Array.from({ length: n }, (_, row) => [row]);
    for (const { a, b } of merges) {
      const joined = [...members[a]!, ...members[b]!];
      const places = joined.map((row) => place.get(row)!);
      assert.equal(Math.max(...places) - Math.min(...places), joined.length - 1);
      members.push(joined);
    }
    const length = (list: ArrayLike<number>): number => {
      let sum = 0;
      for (let i = 1; i < n; i++) sum += distances[list[i - 1]! * n + list[i]!]!;
      return sum;
    };
    assert.ok(length(order) < 0.6 * length(rowRange(0, n)), `${length(order)}`);
  });

  /** Rows of `kinds` profiles, mixed, with noise; every 50th has none. */
  function mixed(rows: number, kinds: number, columns: number): Float64Array {
    const profiles = normals(kinds * columns, 3);
    const noise = normals(rows * columns, 4);
    return Float64Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      if (row % 50 === 7) return row % 100 === 7 ? 0.3 : NaN;
      const scale = 1 + (row % 5);
      return scale * (profiles[(row % kinds) * columns + column]! + 0.15 * noise[i]!) + row;
    });
  }

  for (const rows of [300, 5000]) {
    it(`puts ${rows} rows of like profile side by side, those without one last`, () => {
      const columns = 8;
      const values = mixed(rows, 6, columns);
      const all = rowRange(0, rows);
      const order = finish(clusterRows(all, values, columns));
      assert.deepEqual(
        [...order].sort((p, q) => p - q),
        [...all],
      );
      const known = [...order].filter((row) => row % 50 !== 7);
      assert.deepEqual(
        [...order.slice(known.length)],
        [...all].filter((row) => row % 50 === 7),
      );
      const profile = (row: number): Float64Array => values.subarray(row * columns, (row + 1) * columns);
      let apart = 0;
      for (let i = 1; i < known.length; i++) {
        if (correlation(profile(known[i - 1]!), profile(known[i]!)) < 0.8) apart++;
      }
      // Six kinds have five borders.
      assert.ok(apart <= 8, `${apart} neighbours are unlike`);
      assert.deepEqual([...finish(clusterRows(all, values, columns))], [...order]);
    });
  }

  it('takes short steps', () => {
    const work = clusterRows(rowRange(0, 4000), mixed(4000, 6, 10), 10);
    let steps = 0;
    while (work.next().done !== true) steps++;
    assert.ok(steps > 20, `${steps} steps`);
  });

  it('has nothing to do for none and one', () => {
    assert.deepEqual([...finish(clusterRows(rowRange(0, 0), new Float64Array(), 3))], []);
    assert.deepEqual([...finish(clusterRows(Int32Array.of(1), Float64Array.of(1, 2, 3, 4), 2))], [1]);
  });
});
