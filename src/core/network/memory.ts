import type { Network } from './network';

/** Bytes that the largest value of the network may take for one block of samples. */
const BLOCK_BYTES = 96 * 2 ** 20;

/**
 * How many samples may go through the network at once: a power of two, so that the memory of a block stays
 * bounded. Depends on the network alone, so that a study is cut alike everywhere.
 */
export function blockSize(network: Network, most: number): number {
  let largest = 1;
  for (const { shape } of network.operations) {
    const elements = shape.slice(1).reduce<number>((n, size) => n * (size ?? 64), 1);
    largest = Math.max(largest, elements);
  }
  let size = most;
  while (size > 1 && size * largest * 4 > BLOCK_BYTES) size /= 2;
  return size;
}
