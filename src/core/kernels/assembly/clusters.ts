import { addThree } from './shared/rows';

/** Samples of a chunk. */
const SAMPLES: u32 = 64;

/** Which hidden units are active (z > 0): one bit each. Chunk = block of 64 samples. */
export function activityPatterns(
  chunk: u32,
  scratch: usize,
  preactivations: usize,
  samples: u32,
  hidden: u32,
  patterns: usize,
  words: u32,
): void {
  const to = min((chunk + 1) * SAMPLES, samples);
  for (let n = chunk * SAMPLES; n < to; n++) {
    const z = preactivations + ((<usize>n * hidden) << 2);
    const pattern = patterns + ((<usize>n * words) << 3);
    memory.fill(pattern, 0, (<usize>words) << 3);
    for (let j: u32 = 0; j < hidden; j += 4) {
      const bits = <u64>i32x4.bitmask(f32x4.gt(v128.load(z + ((<usize>j) << 2)), f32x4.splat(0)));
      const word = pattern + (((<usize>j) >> 6) << 3);
      store<u64>(word, load<u64>(word) | (bits << (j & 63)));
    }
  }
}

/** For each sample the centre whose pattern differs least, the first of equals. Chunk = block of 64 samples. */
export function nearestCentres(
  chunk: u32,
  scratch: usize,
  patterns: usize,
  samples: u32,
  words: u32,
  centres: usize,
  count: u32,
  nearest: usize,
): void {
  const to = min((chunk + 1) * SAMPLES, samples);
  const bytes = (<usize>words) << 3;
  for (let n = chunk * SAMPLES; n < to; n++) {
    const pattern = patterns + <usize>n * bytes;
    let least: u64 = u64.MAX_VALUE;
    let best: u32 = 0;
    for (let centre: u32 = 0; centre < count; centre++) {
      const other = centres + <usize>centre * bytes;
      let distance: u64 = 0;
      for (let at: usize = 0; at < bytes; at += 8) {
        distance += popcnt(load<u64>(pattern + at) ^ load<u64>(other + at));
      }
      if (distance < least) {
        least = distance;
        best = centre;
      }
    }
    store<u32>(nearest + ((<usize>n) << 2), best);
  }
}

/**
 * Sets each centre to what most of its samples are, hidden unit by hidden unit; one without samples stays. Chunk =
 * word of 64 hidden units.
 * @param scratch uint32 `[centres, 65]`
 */
export function majorityCentres(
  chunk: u32,
  scratch: usize,
  patterns: usize,
  samples: u32,
  words: u32,
  centres: usize,
  count: u32,
  nearest: usize,
): void {
  const size: usize = 65 << 2;
  memory.fill(scratch, 0, <usize>count * size);
  for (let n: u32 = 0; n < samples; n++) {
    const sums = scratch + <usize>load<u32>(nearest + ((<usize>n) << 2)) * size;
    store<u32>(sums, load<u32>(sums, 256) + 1, 256);
    let word = load<u64>(patterns + ((<usize>(n * words + chunk)) << 3));
    while (word != 0) {
      const at = sums + ((<usize>ctz(word)) << 2);
      store<u32>(at, load<u32>(at) + 1);
      word &= word - 1;
    }
  }
  for (let centre: u32 = 0; centre < count; centre++) {
    const sums = scratch + <usize>centre * size;
    const total = load<u32>(sums, 256);
    if (total == 0) continue;
    let word: u64 = 0;
    for (let bit: u32 = 0; bit < 64; bit++) {
      if (<u32>2 * load<u32>(sums + ((<usize>bit) << 2)) > total) word |= (<u64>1) << bit;
    }
    store<u64>(centres + ((<usize>(centre * words + chunk)) << 3), word);
  }
}

/**
 * What a change of 1 in each unit does to the class scores where the active hidden units are those of a centre:
 * Σ over these of weight · map. Chunk = centre · blocks of units + block of units.
 * @param columns weights, float32 `[hidden, columnLength]`
 * @param map float32 `[hidden, width]`
 * @param table float32 `[centres, units, width]`
 * @param scratch uint32 `[hidden, 2]`
 */
export function centreTable(
  chunk: u32,
  scratch: usize,
  centres: usize,
  words: u32,
  columns: usize,
  columnLength: u32,
  units: u32,
  map: usize,
  width: u32,
  table: usize,
  unitBlock: u32,
): void {
  const blocks = (units + unitBlock - 1) / unitBlock;
  const centre = chunk / blocks;
  const from = (chunk % blocks) * unitBlock;
  const to = min(from + unitBlock, units);
  const rowBytes = (<usize>width) << 2;
  let end = scratch;
  for (let at: u32 = 0; at < words; at++) {
    let word = load<u64>(centres + ((<usize>(centre * words + at)) << 3));
    while (word != 0) {
      const j = <usize>(at * 64 + <u32>ctz(word));
      store<u32>(end, <u32>(columns + ((j * columnLength) << 2)));
      store<u32>(end, <u32>(map + j * rowBytes), 4);
      end += 8;
      word &= word - 1;
    }
  }
  const rows = table + <usize>(centre * units) * rowBytes;
  memory.fill(rows + <usize>from * rowBytes, 0, <usize>(to - from) * rowBytes);
  for (let unit = from; unit < to; unit += 3) {
    addThree(scratch, end, unit, min(unit + 1, to - 1), min(unit + 2, to - 1), rows, rows, rowBytes);
  }
}
