import { VECTOR } from './shared/mathematics';

/**
 * Turns values into what changes where they are clamped: value − plain. Chunk = block of values.
 * @param values float32 `[length up to a multiple of 4]`
 * @param block values of a chunk, a multiple of 4
 */
export function clampedChanges(
  chunk: u32,
  scratch: usize,
  values: usize,
  length: u32,
  value: f32,
  block: u32,
): void {
  const from = values + ((<usize>chunk * block) << 2);
  const to = values + ((<usize>min((chunk + 1) * block, length)) << 2);
  const clamped = f32x4.splat(value);
  for (let at = from; at < to; at += VECTOR) v128.store(at, f32x4.sub(clamped, v128.load(at)));
}
