import type { UnitRef } from '../../protocol/study';
import type { Control } from '../control';
import type { Site } from '../network/sites';

/** What a search for units that can go asks of a network. */
export interface SearchNetwork {
  readonly sites: readonly Site[];
  /** Deletes each unit of all sites alone, in the network without those deleted already: by site, then unit. */
  importance(
    deleted: readonly UnitRef[],
  ): Promise<{ readonly loss_increase: ArrayLike<number>; readonly accuracy_drop: ArrayLike<number> }>;
  /** On the samples that choose. */
  accuracy(deleted: readonly UnitRef[]): Promise<Accuracy>;
}

/** An accuracy without some units. */
export interface Accuracy {
  /** A share. */
  readonly accuracy: number;
  /** Standard error of what it lost against the whole network, on other samples of the same kind; a share. */
  readonly error: number;
}

/** The share of all units that is tried at once to begin with. */
const FIRST = 1 / 8;
/** The smallest share that is tried at once: where so few cost too much, the search ends. */
const LEAST = 1 / 100;
/** One-sided 95 %: the accuracy may be that many standard errors lower on samples that did not choose. */
const SURE = 1.645;
/** By how much that grows after a step that kept the accuracy. */
const GROWTH = 2;

/**
 * Deletes the least important units while the accuracy stays, measuring the others anew after each step: those without
 * any effect first, then by how much the loss grows, ties by accuracy, site and unit. A step that costs too much is
 * halved; where not even a hundredth of the units can go, it ends. The best of many noisy figures flatters itself: so
 * it is the lower bound of the accuracy (95 %) that must stay.
 * @param share of the accuracy of the whole network that must stay, 0 … 1
 * @param found called with the units deleted so far and the accuracy without them, at first with none
 * @returns the units, in the order in which they were deleted
 * @throws Cancelled
 */
export async function searchUnits(
  network: SearchNetwork,
  share: number,
  control: Control,
  found: (deleted: readonly UnitRef[], accuracy: number) => Promise<void>,
): Promise<readonly UnitRef[]> {
  const units = network.sites.flatMap(({ name, units: count }) =>
    Array.from({ length: count }, (_, unit): UnitRef => ({ site: name, unit })),
  );
  const { accuracy: baseline } = await network.accuracy([]);
  await found([], baseline);
  const gone = new Set<number>();
  let deleted: readonly UnitRef[] = [];
  const least = Math.max(1, Math.floor(units.length * LEAST));
  let size = Math.max(1, Math.ceil(units.length * FIRST));
  while (gone.size < units.length) {
    const { loss_increase: loss, accuracy_drop: drop } = await network.importance(deleted);
    const left = units.flatMap((_, row) => (gone.has(row) ? [] : [row]));
    left.sort((a, b) => loss[a]! - loss[b]! || drop[a]! - drop[b]! || a - b);
    const without = left.filter((row) => loss[row] === 0 && drop[row] === 0);
    const ranked = without.length > 0 && gone.size === 0 ? without : left;
    let count = ranked === without ? without.length : Math.min(size, left.length);
    let accepted: readonly UnitRef[] | null = null;
    while (accepted === null && count >= Math.min(least, ranked.length)) {
      await control.breathe();
      const tried = [...deleted, ...ranked.slice(0, count).map((row) => units[row]!)];
      const { accuracy, error } = await network.accuracy(tried);
      if (accuracy - SURE * error >= share * baseline) {
        accepted = tried;
        await found(tried, accuracy);
      } else count = Math.floor(count / 2);
    }
    if (accepted === null) break;
    for (const row of ranked.slice(0, count)) gone.add(row);
    deleted = accepted;
    if (ranked !== without) size = count < size ? count : Math.ceil(size * GROWTH);
  }
  return deleted;
}
