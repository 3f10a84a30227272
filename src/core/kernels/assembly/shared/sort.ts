/** Digits of the keys: three passes of 11 bits. */
const DIGITS: usize = 2048;
const DIGIT_BYTES: usize = DIGITS * 4;

/**
 * Sorts uint32 keys from `keys` to `sorted`.
 * @param digits scratch, uint32 `[3, 2048]`
 */
export function sortKeys(keys: usize, sorted: usize, bytes: usize, digits: usize): void {
  memory.fill(digits, 0, 3 * DIGIT_BYTES);
  for (let at = keys; at < keys + bytes; at += 4) {
    const key = load<u32>(at);
    countDigit(digits, key & 2047);
    countDigit(digits + DIGIT_BYTES, (key >> 11) & 2047);
    countDigit(digits + 2 * DIGIT_BYTES, key >> 22);
  }
  sortByDigit(keys, sorted, bytes, digits, 0);
  sortByDigit(sorted, keys, bytes, digits + DIGIT_BYTES, 11);
  sortByDigit(keys, sorted, bytes, digits + 2 * DIGIT_BYTES, 22);
}

function countDigit(digits: usize, digit: u32): void {
  const at = digits + ((<usize>digit) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** One pass of a radix sort, stable. */
function sortByDigit(from: usize, to: usize, bytes: usize, digits: usize, shift: u32): void {
  let place = to;
  for (let at = digits; at < digits + DIGIT_BYTES; at += 4) {
    const count = <usize>load<u32>(at);
    store<u32>(at, <u32>place);
    place += count << 2;
  }
  for (let at = from; at < from + bytes; at += 4) {
    const key = load<u32>(at);
    const digit = digits + ((<usize>((key >> shift) & 2047)) << 2);
    const target = load<u32>(digit);
    store<u32>(<usize>target, key);
    store<u32>(digit, target + 4);
  }
}
