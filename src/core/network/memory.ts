import { elementsOf, forwardCost } from './cost';
import type { Network } from './network';

/** Bytes that the largest value of the network may take for one batch of samples. */
const BATCH_BYTES = 64 * 2 ** 20;

/** Multiply-adds of plain forward passes that a piece may stand for: some seconds of work, which a cancel loses. */
const PIECE_WORK = 2 ** 41;

/**
 * How many samples may go through the network at once: a power of two, so that the memory of a batch stays
 * bounded. Depends on the network alone, so that a study is cut alike everywhere.
 */
export function batchSize(network: Network, most: number): number {
  const largest = Math.max(...network.operations.map(elementsOf));
  return halvedUntil(most, (size) => size * largest * 4 <= BATCH_BYTES);
}

/**
 * How many samples a slice may hold: a power of two, such that a piece of `units` is some seconds of work at
 * most. Depends on the network alone.
 */
export function sliceSize(network: Network, units: number, most: number): number {
  const work = units * forwardCost(network);
  return Math.max(
    32,
    halvedUntil(most, (size) => size * work <= PIECE_WORK),
  );
}

function halvedUntil(most: number, fits: (size: number) => boolean): number {
  let size = most;
  while (size > 1 && !fits(size)) size /= 2;
  return size;
}
