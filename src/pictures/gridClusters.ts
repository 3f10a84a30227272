import { rowRange } from './gridOrder';

/** Two clusters become one. Clusters 0 … n − 1 are the rows, n + i is what merge i made. */
export interface Merge {
  readonly a: number;
  readonly b: number;
  /** Mean distance between the rows of the one and of the other. */
  readonly height: number;
}

/** Work that can be interrupted: takes a step at each `next`, which is short. */
export type Stepwise<Result> = Generator<undefined, Result>;

/** Numbers handled between two places at which the work can be interrupted: a few milliseconds. */
const STEP = 2_000_000;
/** More rows are put into groups first. */
const WHOLE = 1500;
const GROUPS = 200;
/** Rows that the groups' centres are found on, and how often they are moved. */
const SAMPLED = 12_000;
const ROUNDS = 6;
/** Groups that cannot be split are not tried again deeper than that. */
const DEEPEST = 4;

/** Rows scaled so that the distance between two is 1 − their correlation (Pearson): `[rows, columns]`. */
interface Profiles {
  readonly columns: number;
  readonly values: Float32Array;
}

/**
 * Puts rows with like profiles side by side: average linkage on 1 − correlation, each cluster turned so that the
 * ends that meet are alike; more than 1,500 rows are put into groups (k-means) first. Rows without a profile, because
 * their values are all the same or some are not known, come last.
 *
 * @param rows which rows of `values`
 * @param values `[…, columns]`
 * @returns the rows in their new order
 */
export function* clusterRows(rows: Int32Array, values: Float64Array, columns: number): Stepwise<Int32Array> {
  const scaled = new Float32Array(rows.length * columns);
  const known: number[] = [];
  const rest: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    if (scaleRow(values, rows[at]! * columns, scaled, known.length * columns, columns)) known.push(rows[at]!);
    else rest.push(rows[at]!);
    if ((at * columns) % STEP < columns) yield;
  }
  const profiles = { columns, values: scaled };
  const places = yield* arrange(profiles, rowRange(0, known.length), 0);
  return Int32Array.from([...places].map((place) => known[place]!).concat(rest));
}

/** Mean 0 and length √½, so that squared distances are 1 − correlation. False where that cannot be. */
function scaleRow(
  from: Float64Array,
  start: number,
  into: Float32Array,
  at: number,
  columns: number,
): boolean {
  let mean = 0;
  for (let c = 0; c < columns; c++) mean += from[start + c]! / columns;
  let squares = 0;
  let size = 0;
  for (let c = 0; c < columns; c++) {
    squares += (from[start + c]! - mean) ** 2;
    size = Math.max(size, Math.abs(from[start + c]!));
  }
  // Also false where one is NaN. What is left of rounding is no profile.
  if (!(squares > (size * 1e-9) ** 2)) return false;
  const factor = Math.SQRT1_2 / Math.sqrt(squares);
  for (let c = 0; c < columns; c++) into[at + c] = (from[start + c]! - mean) * factor;
  return true;
}

function* arrange(profiles: Profiles, places: Int32Array, depth: number): Stepwise<Int32Array> {
  if (places.length <= 2) return places;
  if (places.length <= WHOLE) return yield* arrangeWhole(profiles, places);
  if (depth > DEEPEST) return places;
  const { centres, members } = yield* groups(profiles, places);
  if (members.length < 2) return places;
  const order = yield* arrangeWhole(centres, rowRange(0, members.length));
  const result = new Int32Array(places.length);
  let filled = 0;
  for (const group of order) {
    const inner = yield* arrange(profiles, members[group]!, depth + 1);
    // The end that is nearer to what stands before comes first.
    const before = filled === 0 ? -1 : result[filled - 1]!;
    const turned =
      before >= 0 && distance(profiles, before, inner.at(-1)!) < distance(profiles, before, inner[0]!);
    result.set(turned ? inner.toReversed() : inner, filled);
    filled += inner.length;
  }
  return result;
}

/** Centres of groups of like rows, and the rows of each; groups without rows are left out. */
function* groups(
  profiles: Profiles,
  places: Int32Array,
): Stepwise<{ readonly centres: Profiles; readonly members: readonly Int32Array[] }> {
  const { columns, values } = profiles;
  const count = Math.min(GROUPS, Math.ceil(places.length / 20));
  // Spread over all rows, in the order they have: the same each time.
  const spread = (wanted: number): Int32Array =>
    Int32Array.from({ length: wanted }, (_, i) => places[Math.floor((i * places.length) / wanted)]!);
  const centres = new Float32Array(count * columns);
  spread(count).forEach((place, group) =>
    centres.set(values.subarray(place * columns, (place + 1) * columns), group * columns),
  );
  const made = { columns, values: centres };
  const sample = spread(Math.min(SAMPLED, places.length));
  for (let round = 0; round < ROUNDS; round++) {
    const nearest = yield* assign(profiles, sample, made, count);
    const sums = new Float64Array(count * columns);
    const sizes = new Uint32Array(count);
    nearest.forEach((group, at) => {
      sizes[group]!++;
      for (let c = 0; c < columns; c++) sums[group * columns + c]! += values[sample[at]! * columns + c]!;
    });
    for (let group = 0; group < count; group++) {
      if (sizes[group] === 0) continue;
      for (let c = 0; c < columns; c++) {
        centres[group * columns + c] = sums[group * columns + c]! / sizes[group]!;
      }
    }
    yield;
  }
  const nearest = yield* assign(profiles, places, made, count);
  const lists: number[][] = Array.from({ length: count }, () => []);
  nearest.forEach((group, at) => lists[group]!.push(places[at]!));
  const filled = lists.map((_, group) => group).filter((group) => lists[group]!.length > 0);
  const kept = new Float32Array(filled.length * columns);
  filled.forEach((group, at) =>
    kept.set(centres.subarray(group * columns, (group + 1) * columns), at * columns),
  );
  return {
    centres: { columns, values: kept },
    members: filled.map((group) => Int32Array.from(lists[group]!)),
  };
}

/** The nearest centre of each row. */
function* assign(
  profiles: Profiles,
  places: Int32Array,
  centres: Profiles,
  count: number,
): Stepwise<Uint32Array> {
  const { columns, values } = profiles;
  const nearest = new Uint32Array(places.length);
  const each = count * columns;
  for (let at = 0; at < places.length; at++) {
    const start = places[at]! * columns;
    let least = Infinity;
    for (let group = 0; group < count; group++) {
      let sum = 0;
      const centre = group * columns;
      for (let c = 0; c < columns; c++) sum += (values[start + c]! - centres.values[centre + c]!) ** 2;
      if (sum < least) {
        least = sum;
        nearest[at] = group;
      }
    }
    if ((at * each) % STEP < each) yield;
  }
  return nearest;
}

function distance({ columns, values }: Profiles, a: number, b: number): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += (values[a * columns + c]! - values[b * columns + c]!) ** 2;
  return sum;
}

function* arrangeWhole(profiles: Profiles, places: Int32Array): Stepwise<Int32Array> {
  const n = places.length;
  const distances = new Float32Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      const between = distance(profiles, places[a]!, places[b]!);
      distances[a * n + b] = between;
      distances[b * n + a] = between;
    }
    if ((a * n * profiles.columns) % STEP < n * profiles.columns) yield;
  }
  const merges = yield* averageLinkage(distances.slice(), n);
  return leafOrder(merges, distances, n).map((leaf) => places[leaf]!);
}

/**
 * Average linkage by nearest-neighbour chains: the same tree as joining the two nearest clusters again and again, in
 * n² steps. Merges come from the lowest to the highest.
 *
 * @param distances `[n, n]`, symmetric; written over
 */
export function* averageLinkage(distances: Float32Array, n: number): Stepwise<readonly Merge[]> {
  const sizes = new Float64Array(n).fill(1);
  const active = new Uint8Array(n).fill(1);
  const found: { a: number; b: number; height: number }[] = [];
  const chain: number[] = [];
  let scanned = 0;
  while (found.length < n - 1) {
    if (chain.length === 0) chain.push(active.indexOf(1));
    const tip = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    // Of equals the one before in the chain, or it would not end.
    let nearest = before;
    let least = before < 0 ? Infinity : distances[tip * n + before]!;
    for (let other = 0; other < n; other++) {
      if (other === tip || active[other] === 0 || !(distances[tip * n + other]! < least)) continue;
      nearest = other;
      least = distances[tip * n + other]!;
    }
    scanned += n;
    if (scanned > STEP) {
      scanned = 0;
      yield;
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    found.push({ a: before, b: tip, height: least });
    const [p, q] = [sizes[before]!, sizes[tip]!];
    for (let other = 0; other < n; other++) {
      if (active[other] === 0 || other === before || other === tip) continue;
      const mean = (p * distances[before * n + other]! + q * distances[tip * n + other]!) / (p + q);
      distances[before * n + other] = mean;
      distances[other * n + before] = mean;
    }
    sizes[before] = p + q;
    active[tip] = 0;
  }
  return named(found, n);
}

/** Merges in the order of their heights, naming clusters instead of rows that stand for them. */
function named(found: readonly Merge[], n: number): Merge[] {
  const cluster = rowRange(0, n);
  const parent = rowRange(0, n);
  const root = (row: number): number => {
    let at = row;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  return found
    .toSorted((p, q) => p.height - q.height)
    .map(({ a, b, height }, i) => {
      const [p, q] = [root(a), root(b)];
      const merge = { a: cluster[p]!, b: cluster[q]!, height };
      parent[q] = p;
      cluster[p] = n + i;
      return merge;
    });
}

/** The rows in the order of the tree's leaves; each merge turns its two sides so that the nearest ends meet. */
export function leafOrder(merges: readonly Merge[], distances: Float32Array, n: number): Int32Array {
  // A cluster as a list through its rows: turning it round is exchanging its ends.
  const lists: (Int32Array | null)[] = Array.from({ length: n }, (_, row) => Int32Array.of(row));
  for (const { a, b } of merges) {
    const [left, right] = [lists[a]!, lists[b]!];
    const ends = (list: Int32Array): readonly [number, number] => [list[0]!, list.at(-1)!];
    const [l0, l1] = ends(left);
    const [r0, r1] = ends(right);
    const meet = [
      [l1, r0],
      [l1, r1],
      [l0, r0],
      [l0, r1],
    ].map(([p, q]) => distances[p! * n + q!]!);
    const best = meet.indexOf(Math.min(...meet));
    const joined = new Int32Array(left.length + right.length);
    joined.set(best >= 2 ? left.toReversed() : left);
    joined.set(best % 2 === 1 ? right.toReversed() : right, left.length);
    lists.push(joined);
    lists[a] = null;
    lists[b] = null;
  }
  return lists.at(-1) ?? new Int32Array();
}
