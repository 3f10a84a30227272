import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { PrunedSite, Removal } from '../../protocol/prune';
import type { Operation } from '../network/network';
import type { Site } from '../network/sites';
import { spreadOver } from './constants';
import { sameEverywhere, type Folding } from './folding';
import { findNeeds, type NetworkNeeds, type PruneStudy } from './needs';

/** Some channels of a site that a layer put in behind it sets to their constants. */
export interface PutIn {
  /** Id of the site's operation. */
  readonly id: string;
  /** `[channels]`: 1 where set. */
  readonly mask: Uint8Array;
  /** `[channels]`, or `[…positions, channels]` where it is another constant at some position. */
  readonly values: Float32Array;
}

/** How a network becomes one without some units. By operation id where nothing else is said. */
export interface PrunePlan {
  /** `[channels]`: 1 where the channel stays. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
  readonly foldings: ReadonlyMap<string, Folding>;
  /** Channels of an operation with weights that are set so that it gives this value, whatever comes in. */
  readonly set: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly putIn: readonly PutIn[];
  /** Every site with deleted units. */
  readonly sites: readonly PrunedSite[];
}

/** A network to prune, with the sites whose units are deleted. */
export interface PlannedStudy extends PruneStudy {
  /** Those with deleted units. */
  readonly sites: readonly Site[];
  /** Can an operation's weights be set so that a channel is this constant? */
  readonly canSet: (operation: Operation, value: number) => boolean;
}

/** How far values may be from the constant that an activation is to give. */
const EXACT = 1e-7;

/**
 * Plans how units leave a network: gone where the graph allows, else kept as constants or unread.
 */
export function planPruning(study: PlannedStudy): PrunePlan {
  const { needs, foldings } = findNeeds(study);
  const set = new Map<string, Map<number, number>>();
  const putIn = study.sites.flatMap((site) => keptAsConstants(site, study, needs, set));
  return {
    kept: new Map([...needs].map(([id, { kept }]) => [id, kept])),
    foldings,
    set,
    putIn,
    sites: study.sites.map((site) => resultOf(site, study, needs)),
  };
}

/** Plans the weakest removal, which asks nothing of the graph: a layer behind each site sets its deleted units. */
export function planConstants(study: PlannedStudy, reason: string): PrunePlan {
  const all = new Map(
    study.network.operations.map(({ id }) => {
      const width = study.shapes.get(id)!.at(-1) ?? 0;
      const needed = new Uint8Array(width).fill(1);
      return [id, { needed, kept: needed, why: new Array<string>(width).fill(reason) }];
    }),
  );
  const set = new Map<string, Map<number, number>>();
  const putIn = study.sites.flatMap((site) => {
    const lost = study.lost.get(site.id)!;
    const mask = Uint8Array.from(lost.mask);
    if (isRecurrent(site, study)) return keptAsConstants(site, study, all, set);
    return [{ id: site.id, mask, values: constantsOf(site, study) }];
  });
  return {
    kept: new Map([...all].map(([id, { kept }]) => [id, kept])),
    foldings: new Map(),
    set,
    putIn,
    sites: study.sites.map((site) => resultOf(site, study, all)),
  };
}

/** Sets what must stay of a site's deleted units in the weights before it, or leaves it to a layer behind it. */
function keptAsConstants(
  site: Site,
  study: PlannedStudy,
  needs: NetworkNeeds['needs'],
  set: Map<string, Map<number, number>>,
): PutIn[] {
  const { mask } = study.lost.get(site.id)!;
  const { needed, kept } = needs.get(site.id)!;
  const values = constantsOf(site, study);
  const isAlike = values.length === mask.length;
  // A state that is fed back must be right even where nothing else reads it.
  const wanted = isRecurrent(site, study) ? kept : needed;
  const left = new Uint8Array(mask.length);
  mask.forEach((one, unit) => {
    if (one !== 1 || wanted[unit] !== 1) return;
    const place = isAlike ? placeToSet(site, study, values[unit]!) : null;
    if (place === null) left[unit] = 1;
    else set.set(place.id, (set.get(place.id) ?? new Map<number, number>()).set(unit, place.value));
  });
  return left.includes(1) ? [{ id: site.id, mask: left, values }] : [];
}

function isRecurrent(site: Site, { network }: PlannedStudy): boolean {
  return network.operations.find(({ id }) => id === site.id)?.algebra.kind === 'recurrent';
}

/** The constants of a site: `[units]`, or at every position where they are not alike. */
function constantsOf(site: Site, { lost, shapes }: PlannedStudy): Float32Array {
  const values = spreadOver(lost.get(site.id)!, shapes.get(site.id)!);
  return sameEverywhere(values, site.units, 0) ?? values;
}

/** The operation before a site, or the site itself, whose weights can make a unit constant, and the value they make. */
function placeToSet(
  site: Site,
  { network, canSet }: PlannedStudy,
  value: number,
): { readonly id: string; readonly value: number } | null {
  const byId = new Map(network.operations.map((operation) => [operation.id, operation]));
  let at = byId.get(site.id);
  let target = value;
  while (at !== undefined) {
    if (canSet(at, target)) return { id: at.id, value: target };
    const { kind } = at.algebra;
    if (at.id === site.maker.id || (kind !== 'pointwise' && kind !== 'identity')) return null;
    if (kind === 'pointwise') {
      const before = valueBefore(at, target);
      if (before === null) return null;
      target = before;
    }
    at = byId.get(at.inputs[0]!);
  }
  return null;
}

/** What a function of single elements must be given to give a value; null where it is not known. */
function valueBefore(operation: Operation, value: number): number | null {
  if (operation.algebra.kind !== 'pointwise' || operation.algebra.name === 'prelu') return null;
  const candidates = [value, 0, Math.atanh(value), Math.log(value / (1 - value))].filter(Number.isFinite);
  const made = tidy(() =>
    operation
      .run([tensor([candidates])])
      .dataSync<'float32'>()
      .slice(),
  );
  const found = candidates.find((_, n) => Math.abs(made[n]! - value) <= EXACT * Math.max(1, Math.abs(value)));
  return found ?? null;
}

function resultOf(site: Site, study: PlannedStudy, needs: NetworkNeeds['needs']): PrunedSite {
  const { mask } = study.lost.get(site.id)!;
  const { needed, kept, why } = needs.get(site.id)!;
  const deleted = [...mask.keys()].filter((unit) => mask[unit] === 1);
  const staying = deleted.filter((unit) => kept[unit] === 1);
  const constant = staying.filter((unit) => needed[unit] === 1);
  const removal: Removal =
    staying.length === 0
      ? 'removed'
      : constant.length > 0 || isRecurrent(site, study)
        ? 'kept as constants'
        : 'outgoing weights zeroed';
  const first = constant[0] ?? staying[0];
  return {
    site: site.name,
    units: site.units,
    deleted,
    removal,
    reason: first === undefined ? null : why[first]!,
  };
}
