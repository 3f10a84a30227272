import type { Network, Operation } from '../network/network';
import type { Site } from '../network/sites';

/**
 * Ids of the operations to run again when what some sites are clamped to changes: all that depends on them, and a
 * recurrent site itself, whose state is clamped while it runs.
 */
export function affectedBy(network: Network, sites: Iterable<string>): Set<string> {
  const changed = new Set(sites);
  const affected = new Set<string>();
  for (const operation of network.operations) {
    const reads = operation.inputs.some((id) => changed.has(id) || affected.has(id));
    if (reads || (changed.has(operation.id) && operation.loop !== undefined)) affected.add(operation.id);
  }
  return affected;
}

/**
 * The values that the class scores are computed from, nearest to them first, when some values are known: all that
 * cross the cut, residual connections too.
 * @param known is the value of this operation known?
 * @throws Error if the network's input is needed and not known
 */
export function entryPoints(network: Network, known: (operation: Operation) => boolean): string[] {
  const needed = new Set([network.head.scores]);
  const entries: string[] = [];
  for (const operation of [...network.operations].reverse()) {
    if (!needed.has(operation.id)) continue;
    if (known(operation)) {
      entries.push(operation.id);
      continue;
    }
    if (operation.algebra.kind === 'input') throw new Error(`The value of ${operation.id} is not known`);
    for (const input of operation.inputs) needed.add(input);
  }
  return entries;
}

/** The values to keep so that another clamp at this site runs only what comes after it. */
export function valuesBefore(network: Network, site: Site): string[] {
  const affected = affectedBy(network, [site.id]);
  return entryPoints(network, ({ id }) => !affected.has(id));
}
