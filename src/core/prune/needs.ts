import type { Network, Operation } from '../network/network';
import type { LostUnits } from '../network/withoutUnits';
import { channelMaps, mixes, widthOf, type Freedom, type ValueShapes } from './channels';
import type { Constants } from './constants';
import { foldingOf, type Folding } from './folding';

/** What must stay of an operation's value. */
export interface Needs {
  /** `[channels]`: 1 where it must be there with the right values. */
  readonly needed: Uint8Array;
  /** `[channels]`: 1 where it must be there, if only to keep others in their places. */
  readonly kept: Uint8Array;
  /** `[channels]`: why it stays, a sentence without its end; '' where nothing keeps it but that it matters. */
  readonly why: string[];
}

/** What must stay of every value, and what constants are folded into, by operation id. */
export interface NetworkNeeds {
  readonly needs: ReadonlyMap<string, Needs>;
  readonly foldings: ReadonlyMap<string, Folding>;
}

/** A network, what is clamped and constant in it, and how far it can be changed. */
export interface PruneStudy {
  readonly network: Network;
  /** By operation id. */
  readonly lost: ReadonlyMap<string, LostUnits>;
  readonly shapes: ValueShapes;
  readonly constants: ReadonlyMap<string, Constants>;
  readonly freedom: (operation: Operation) => Freedom;
}

const ONE = 'all its neurons are deleted and a layer needs one';

/** Finds what must stay, from the outputs back, then what must stay beside it. */
export function findNeeds(study: PruneStudy): NetworkNeeds {
  const { network, shapes } = study;
  const needs = new Map<string, Needs>(
    network.operations.map(({ id }) => {
      const width = widthOf(shapes, id);
      const why = new Array<string>(width).fill('');
      return [id, { needed: new Uint8Array(width), kept: new Uint8Array(width), why }];
    }),
  );
  const foldings = new Map<string, Folding>();
  for (const { id } of network.outputs) needAll(needs.get(id)!, 'it is an output of the model');
  for (const operation of [...network.operations].reverse()) {
    needInputs(operation, study, needs, foldings);
  }
  for (const { needed, kept } of needs.values()) kept.set(needed);
  for (const operation of network.operations) keepWidths(operation, study, needs);
  while (network.operations.some((operation) => tieWidths(operation, study, needs))) continue;
  return { needs, foldings };
}

function needAll({ needed, why }: Needs, reason: string): void {
  needed.forEach((one, channel) => {
    if (one === 1) return;
    needed[channel] = 1;
    why[channel] = reason;
  });
}

/** What an operation needs of its inputs to make what is needed of it. */
function needInputs(
  operation: Operation,
  study: PruneStudy,
  needs: ReadonlyMap<string, Needs>,
  foldings: Map<string, Folding>,
): void {
  const { id, inputs } = operation;
  const { lost, shapes, constants, freedom } = study;
  const own = needs.get(id)!;
  const isMade = (channel: number): boolean => lost.get(id)?.mask[channel] !== 1;
  if (operation.algebra.kind === 'recurrent') {
    // Every state feeds every other one.
    own.needed.forEach((_, unit) => {
      if (isMade(unit)) own.needed[unit] = 1;
    });
  }
  const wanted = own.needed.map((one, channel) => (one === 1 && isMade(channel) ? 1 : 0));
  if (!wanted.includes(1)) return;
  if (mixes(operation) && freedom(operation) !== 'fixed') {
    const folding = foldingOf(operation, constants, shapes);
    foldings.set(id, folding);
    inputs.forEach((input, k) => {
      const isRead = (channel: number): boolean => k > 0 || folding.rows[channel] !== 1;
      needSome(needs.get(input)!, isRead, constants.get(input)?.mask, foldReason(operation));
    });
    return;
  }
  const maps = freedom(operation) === 'fixed' ? null : channelMaps(operation, shapes);
  for (const input of inputs) {
    const before = needs.get(input)!;
    const map = maps?.find((one) => one.input === input);
    if (map === undefined || operation.algebra.kind === 'input') {
      needAll(before, `${operation.name} (${operation.type}) reads all of them`);
      continue;
    }
    for (const each of maps!.filter((one) => one.input === input)) {
      wanted.forEach((one, channel) => {
        const at = each.from[channel]!;
        if (one !== 1 || at < 0 || before.needed[at] === 1) return;
        before.needed[at] = 1;
        before.why[at] = firstOf(own.why[channel], whyCarried(operation));
      });
    }
  }
}

/** @param constant the reason is for these */
function needSome(
  { needed, why }: Needs,
  is: (channel: number) => boolean,
  constant: Uint8Array | undefined,
  reason: string,
): void {
  needed.forEach((one, channel) => {
    if (one === 1 || !is(channel)) return;
    needed[channel] = 1;
    if (constant?.[channel] === 1) why[channel] = reason;
  });
}

/** The first reason, if there is one. */
function firstOf(reason: string | undefined, otherwise: string): string {
  return reason === undefined || reason === '' ? otherwise : reason;
}

function foldReason({ name, algebra }: Operation): string {
  if (algebra.kind === 'recurrent')
    return `${name} has states that the constant would have to be folded into`;
  return `what they leave in ${name} is not the same at every position`;
}

function whyCarried({ name, algebra }: Operation): string {
  switch (algebra.kind) {
    case 'add':
      return `${name} adds them to values that stay`;
    case 'multiply':
      return `${name} multiplies them with values that stay`;
    default:
      return '';
  }
}

/** What cannot be made narrower keeps its width. */
function keepWidths(operation: Operation, study: PruneStudy, needs: ReadonlyMap<string, Needs>): void {
  const { id, algebra, name, type } = operation;
  // Nothing that is asked for depends on it.
  if (!study.shapes.has(id)) return;
  const freedom = study.freedom(operation);
  const hasMaps = channelMaps(operation, study.shapes) !== null;
  const makes = algebra.kind === 'embedding' || mixes(operation);
  const isWide = freedom !== 'free' || !(hasMaps || makes);
  if (isWide) keepAll(needs.get(id)!, widthReason(freedom, name, type));
  if (freedom === 'numbers' || (algebra.kind !== 'input' && isWide)) {
    for (const input of operation.inputs) keepAll(needs.get(input)!, `${name} (${type}) keeps its width`);
  }
}

function widthReason(freedom: Freedom, name: string, type: string): string {
  return freedom === 'fixed'
    ? `${name} (${type}) is called more than once or cannot be changed`
    : `${name} (${type}) keeps its width`;
}

function keepAll(needs: Needs, reason: string): void {
  needs.kept.forEach((_, channel) => {
    keep(needs, channel, reason);
  });
}

/** @returns whether it was not kept before */
function keep({ kept, why }: Needs, channel: number, reason: string): boolean {
  if (kept[channel] === 1) return false;
  kept[channel] = 1;
  why[channel] = reason;
  return true;
}

/** Keeps what stands and falls together in inputs and output; gives whether anything was added. */
function tieWidths(operation: Operation, study: PruneStudy, needs: ReadonlyMap<string, Needs>): boolean {
  const own = needs.get(operation.id)!;
  let changed = own.kept.length > 0 && !own.kept.includes(1) && keep(own, 0, ONE);
  for (const { input, from, spreads } of channelMaps(operation, study.shapes) ?? []) {
    const before = needs.get(input)!;
    from.forEach((at, channel) => {
      if (at < 0) return;
      const reason = tieReason(operation);
      if (own.kept[channel] === 1) changed = keep(before, at, firstOf(own.why[channel], reason)) || changed;
      else if (before.kept[at] === 1 && !spreads) {
        changed = keep(own, channel, firstOf(before.why[at], reason)) || changed;
      }
    });
  }
  return changed;
}

function tieReason({ name, algebra }: Operation): string {
  return algebra.kind === 'add' || algebra.kind === 'multiply'
    ? `${name} keeps its width for the values that stay`
    : `what stands beside them in ${name} stays`;
}
