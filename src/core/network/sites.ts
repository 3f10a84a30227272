import type { ExcludedSite, SiteInfo } from '../../protocol/study';
import { consumersOf, type Network, type Operation } from './network';

/** A tensor at which units are ablated, and what made its units. */
export interface Site extends SiteInfo {
  /** Id of the operation whose output it is. */
  readonly id: string;
  /** The operation that makes the units (the site itself, or one before it). */
  readonly maker: Operation;
  /** The class scores depend on it; they do not on another output of the model. */
  readonly feeds: boolean;
}

/** The sites of a network in topological order, and what makes units but cannot be ablated. */
export interface Sites {
  readonly sites: readonly Site[];
  readonly excluded: readonly ExcludedSite[];
}

/**
 * Finds the sites (science.md, "Site rule"): from each operation that makes units follow its only consumer
 * through channel-wise and pointwise operations and stop after the first nonlinearity; a recurrent
 * operation is its own site; an add followed by a nonlinearity is a site of its own; what makes the class scores is
 * none.
 */
export function findSites(network: Network): Sites {
  const consumers = consumersOf(network.operations);
  const found = new Map<string, Site>();
  const excluded = new Map<string, ExcludedSite>();
  const reaching = ancestorsOf(network, network.head.scores);

  for (const maker of network.operations) {
    const kind = maker.makes ?? (maker.algebra.kind === 'add' ? 'add' : null);
    if (kind === null && maker.hindrance === null) continue;
    const end = walk(maker, consumers);
    if (kind === 'add' && end.algebra.kind !== 'pointwise') continue;
    if (makesScores(end, consumers, network.head.output)) continue;
    const shape = end.shape.slice(1);
    const units = shape.at(-1);
    if (maker.hindrance !== null) {
      excluded.set(maker.name, { name: maker.name, reason: maker.hindrance });
    } else if (typeof units !== 'number') {
      excluded.set(end.name, { name: end.name, reason: 'has no fixed number of units' });
    } else if (kind !== null) {
      found.set(end.id, {
        id: end.id,
        name: end.name,
        units,
        shape: shape.map((size) => size ?? -1),
        kind,
        maker,
        feeds: reaching.has(end.id),
      });
    }
  }
  const sites = network.operations.flatMap((operation) => found.get(operation.id) ?? []);
  return { sites, excluded: [...excluded.values()] };
}

/**
 * Where the walk from an operation that makes units ends. A recurrent operation has its nonlinearity inside, and
 * only there can its state be clamped before it is fed back: it is its own site.
 */
function walk(maker: Operation, consumers: ReadonlyMap<string, readonly Operation[]>): Operation {
  if (maker.loop !== undefined) return maker;
  let at = maker;
  for (;;) {
    const readers = consumers.get(at.id) ?? [];
    const next = readers[0];
    if (readers.length !== 1 || next === undefined) return at;
    const { kind } = next.algebra;
    if (kind === 'pointwise') return next;
    if (kind !== 'affine' && kind !== 'identity') return at;
    at = next;
  }
}

/** Does only pooling, reshaping and normalising lie between this and the chosen output? */
function makesScores(
  end: Operation,
  consumers: ReadonlyMap<string, readonly Operation[]>,
  output: string,
): boolean {
  const through = new Set(['affine', 'identity', 'pointwise', 'softmax', 'pooling', 'reshape']);
  let at = end;
  while (at.id !== output) {
    const next = (consumers.get(at.id) ?? []).find((reader) => through.has(reader.algebra.kind));
    if (next === undefined || (consumers.get(at.id) ?? []).length !== 1) return false;
    at = next;
  }
  return true;
}

/** Ids of everything the value of `id` depends on, itself included. */
export function ancestorsOf(network: Network, id: string): Set<string> {
  const ancestors = new Set([id]);
  for (const operation of [...network.operations].reverse()) {
    if (ancestors.has(operation.id)) for (const input of operation.inputs) ancestors.add(input);
  }
  return ancestors;
}
