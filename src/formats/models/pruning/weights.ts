import type { Algebra, Operation } from '../../../core/network/network';
import type { PrunePlan } from '../../../core/prune/plan';
import type { LayerObject } from '../layerInternals';
import type { LayersSource } from '../layersSource';
import { isOneAChannel, mainWeight, partIndex, weightIndex } from './abilities';

/** A weight as it is saved. */
export interface NewWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer's weights, in its order; one more where it gets a bias. */
export type NewWeights = ReadonlyMap<LayerObject, readonly NewWeight[]>;

/** The gate of a recurrent cell that proposes the new state, counted in blocks of columns. */
const PROPOSING: Readonly<Record<number, number>> = { 1: 0, 3: 2, 4: 2 };

/** The weights of all layers that have some, as a plan changes them. */
export function newWeights(
  source: LayersSource,
  operations: readonly Operation[],
  plan: PrunePlan,
): NewWeights {
  const found = new Map<LayerObject, NewWeight[]>();
  for (const operation of operations) {
    const call = source.operations.get(operation.id);
    if (call === undefined || call.layer.weights.length === 0) continue;
    const weights = found.get(call.layer) ?? storedWeights(call.layer);
    found.set(call.layer, weights);
    if (call.calls === 1 && plan.kept.has(operation.id)) change(call.layer, operation, plan, weights);
  }
  return found;
}

function storedWeights(layer: LayerObject): NewWeight[] {
  return layer.weights.map((weight) => {
    const value = weight.read();
    return { shape: value.shape, values: value.dataSync<'float32'>().slice() };
  });
}

function change(layer: LayerObject, operation: Operation, plan: PrunePlan, weights: NewWeight[]): void {
  const { algebra } = operation;
  const own = plan.kept.get(operation.id)!;
  const before = plan.kept.get(operation.inputs[0]!) ?? new Uint8Array(0);
  const at = weightIndex(layer, mainWeight(operation));
  switch (algebra.kind) {
    case 'dense':
    case 'convolution':
      changeMixing(layer, operation, algebra, plan, weights, at);
      return;
    case 'depthwise':
      changeDepthwise(layer, operation, algebra, plan, weights, at, before);
      return;
    case 'embedding': {
      const table = weights[at]!;
      plan.set.get(operation.id)?.forEach((value, unit) => fillColumn(table, unit, value));
      weights[at] = selected(table, [null, own]);
      return;
    }
    case 'recurrent':
      changeRecurrent(layer, operation, algebra, plan, weights);
      return;
    case 'affine':
    case 'pointwise': {
      if (!isOneAChannel(layer)) return;
      plan.set.get(operation.id)?.forEach((value, channel) => {
        weights[partIndex(layer, 'gamma')]!.values[channel] = 0;
        weights[partIndex(layer, 'beta')]!.values[channel] = value;
      });
      weights.forEach((weight, index) => {
        const axes = weight.shape.map((size, axis) =>
          axis === weight.shape.length - 1 && size === own.length ? own : null,
        );
        weights[index] = selected(weight, axes);
      });
      return;
    }
    default:
  }
}

function changeMixing(
  layer: LayerObject,
  { id, inputs }: Operation,
  algebra: Extract<Algebra, { kind: 'dense' | 'convolution' }>,
  plan: PrunePlan,
  weights: NewWeight[],
  at: number,
): void {
  const [own, before] = [plan.kept.get(id)!, plan.kept.get(inputs[0]!)!];
  const kernel = weights[at];
  if (kernel === undefined) return;
  const folding = plan.foldings.get(id);
  const set = plan.set.get(id);
  folding?.rows.forEach((one, row) => {
    if (one === 1) fillRow(kernel, row);
  });
  set?.forEach((_, unit) => fillColumn(kernel, unit, 0));
  const leading = kernel.shape.slice(0, -2).map(() => null);
  weights[at] = selected(kernel, [...leading, before, own]);
  changeBias(weightIndex(layer, algebra.bias), weights, folding?.bias ?? null, set, own);
}

function changeDepthwise(
  layer: LayerObject,
  { id }: Operation,
  algebra: Extract<Algebra, { kind: 'depthwise' }>,
  plan: PrunePlan,
  weights: NewWeight[],
  at: number,
  before: Uint8Array,
): void {
  const kernel = weights[at];
  if (kernel === undefined) return;
  const own = plan.kept.get(id)!;
  const set = plan.set.get(id);
  // Windows are laid out `[…window, in · multiplier]`, as the units are.
  const flat = { shape: [kernel.values.length / own.length, own.length], values: kernel.values };
  set?.forEach((_, unit) => fillColumn(flat, unit, 0));
  weights[at] = selected(kernel, [null, null, before, null]);
  changeBias(weightIndex(layer, algebra.bias), weights, null, set, own);
}

/** A bias with what was folded into it, and the constants of units that are set; added where there is none. */
function changeBias(
  at: number,
  weights: NewWeight[],
  folded: Float32Array | null,
  set: ReadonlyMap<number, number> | undefined,
  own: Uint8Array,
): void {
  const bias: NewWeight = weights[at] ?? { shape: [own.length], values: new Float32Array(own.length) };
  if (folded !== null) bias.values.set(folded);
  set?.forEach((value, unit) => {
    bias.values[unit] = value;
  });
  if (at >= 0) weights[at] = selected(bias, [own]);
  else if (bias.values.some((value) => value !== 0)) weights.push(selected(bias, [own]));
}

function changeRecurrent(
  layer: LayerObject,
  { id, inputs }: Operation,
  algebra: Extract<Algebra, { kind: 'recurrent' }>,
  plan: PrunePlan,
  weights: NewWeight[],
): void {
  const { gates, kernel, recurrentKernel, bias } = algebra;
  const own = plan.kept.get(id)!;
  const before = plan.kept.get(inputs[0]!)!;
  const columns = new Uint8Array(own.length * gates).map((_, column) => own[column % own.length]!);
  const places = [kernel, recurrentKernel, bias].map((one) => weightIndex(layer, one));
  const rows = [before, own, null];
  plan.foldings.get(id)?.rows.forEach((one, row) => {
    if (one === 1) fillRow(weights[places[0]!]!, row);
  });
  plan.set.get(id)?.forEach((_, unit) => {
    const column = PROPOSING[gates]! * own.length + unit;
    for (const place of places) if (place >= 0) fillColumn(weights[place]!, column, 0);
  });
  places.forEach((place, k) => {
    const weight = weights[place];
    if (weight === undefined) return;
    weights[place] = selected(weight, weight.shape.length === 1 ? [columns] : [rows[k]!, columns]);
  });
}

function fillRow({ shape, values }: NewWeight, row: number): void {
  const [rows, columns] = shape.slice(-2) as [number, number];
  for (let from = row * columns; from < values.length; from += rows * columns) {
    values.fill(0, from, from + columns);
  }
}

function fillColumn({ shape, values }: NewWeight, column: number, value: number): void {
  for (let at = column; at < values.length; at += shape.at(-1)!) values[at] = value;
}

/** Some places along each axis; null: all. */
function selected({ shape, values }: NewWeight, axes: readonly (Uint8Array | null)[]): NewWeight {
  if (axes.every((axis) => axis?.includes(0) !== true)) return { shape, values };
  const places = shape.map((size, axis) =>
    Array.from({ length: size }, (_, place) => place).filter((place) => axes[axis]?.[place] !== 0),
  );
  const smaller = places.map((list) => list.length);
  const result = new Float32Array(smaller.reduce((product, size) => product * size, 1));
  for (let at = 0; at < result.length; at++) {
    let left = at;
    let place = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += places[axis]![left % smaller[axis]!]! * step;
      left = Math.floor(left / smaller[axis]!);
      step *= shape[axis]!;
    }
    result[at] = values[place]!;
  }
  return { shape: smaller, values: result };
}
