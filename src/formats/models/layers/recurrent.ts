import { reverse, slice, squeeze, stack, tidy, unstack, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../../protocol/failure';
import type { Loop, Shape } from '../../../core/network/network';
import type { LayerObject, RecurrentObject } from '../layerInternals';
import { cellOf, type Cell } from './cells';
import { first, OPAQUE, pick, type LayerCall } from './layerCall';

/** Is this a layer that carries states over time steps, other than a Bidirectional? */
export function isRecurrent(layer: LayerObject): layer is RecurrentObject {
  return 'cell' in layer && 'goBackwards' in layer;
}

/**
 * A recurrent layer: one operation that gives the states of all steps `[batch, time, units]`, in the order in
 * which they are computed, and, where the layer gives only the last, one that picks it. Cells that are not one of
 * SimpleRNN, GRU and LSTM are run as a whole and cannot be ablated.
 * @returns ids of the layer's outputs
 * @throws Failure for a layer that carries its states from one prediction to the next
 */
export function recurrentParts(call: LayerCall): string[] {
  const layer = call.layer as RecurrentObject;
  const { returnSequences } = layer;
  const states = statesPart(call, layer, returnSequences ? '' : '/states', '', call.inputs);
  if (states === null) return wholeParts(call, 'is recurrent with cells of its own');
  const output = returnSequences ? states.id : lastPart(call, '', '', states.id, first(call.outputShapes));
  return layer.returnState ? [output, ...stateParts(call, '', states)] : [output];
}

/** The operation that gives all states, and what made it. */
export interface States {
  readonly id: string;
  readonly cell: Cell;
  readonly layer: RecurrentObject;
  /** Ids of the sequence and the initial states. */
  readonly inputs: readonly string[];
}

/**
 * Adds the operation that gives the states of all steps, whose loop lets each be changed before it is fed back.
 * @param at goes after the call's id
 * @param name goes after the layer's name
 * @param inputs ids of the sequence `[batch, time, in]` and, where they are not zeros, of the initial states
 * @returns null for cells that are not known
 */
export function statesPart(
  call: LayerCall,
  layer: RecurrentObject,
  at: string,
  name: string,
  inputs: readonly string[],
): States | null {
  if (layer.stateful) {
    throw new Failure(
      `${call.file}: the layer ${layer.name} is stateful, so that its predictions depend on those made before; save the model with stateful set to false.`,
      { file: call.file },
    );
  }
  const cell = cellOf(layer.cell);
  if (cell === null) return null;
  const loop: Loop = (values, each) =>
    tidy(() => stack(runSteps(cell, layer.goBackwards, values, each).outputs, 1));
  const id = call.add({
    at,
    name,
    inputs,
    shape: [null, first(call.inputShapes)[1] ?? null, cell.units],
    algebra: cell.algebra,
    makes: 'recurrent',
    hindrance: null,
    run: (values) => loop(values, (state) => state),
    loop,
  });
  return { id, cell, layer, inputs };
}

/** Adds the operation that picks the state of the last step. */
export function lastPart(call: LayerCall, at: string, name: string, states: string, shape: Shape): string {
  return call.add({
    at,
    name,
    inputs: [states],
    shape,
    algebra: { kind: 'reshape', moves: 'spatial' },
    makes: null,
    hindrance: null,
    run: ([values]) => {
      const [batch, time, units] = values!.shape as [number, number, number];
      return tidy(() => squeeze(slice(values!, [0, time - 1, 0], [batch, 1, units]), [1]));
    },
  });
}

/** Adds the operation that turns round the order of the steps. */
export function reversedPart(
  call: LayerCall,
  at: string,
  name: string,
  states: string,
  shape: Shape,
): string {
  return call.add({
    at,
    name,
    inputs: [states],
    shape,
    algebra: { kind: 'reshape', moves: 'spatial' },
    makes: null,
    hindrance: null,
    run: ([values]) => reverse(values!, 1),
  });
}

/**
 * Adds the last states as outputs of their own: h, and of an LSTM c, which is computed again from the states h, so
 * that it is right where those were clamped.
 * @returns ids
 */
export function stateParts(call: LayerCall, name: string, states: States): string[] {
  const { cell, layer } = states;
  const shape = [null, cell.units];
  const last = lastPart(call, `${name}/last`, name, states.id, shape);
  if (cell.states === 1) return [last];
  const carried = call.add({
    at: `${name}/carry`,
    name,
    inputs: [states.id, ...states.inputs],
    shape,
    ...OPAQUE,
    run: ([given, ...values]) =>
      tidy(() => {
        const known = unstack(given!, 1);
        return runSteps(cell, layer.goBackwards, values, (_, step) => known[step]!).last[1]!;
      }),
  });
  return [last, carried];
}

/** Runs all steps; `each` gives the h that is both output and fed back. */
function runSteps(
  cell: Cell,
  goBackwards: boolean,
  [sequence, ...initial]: readonly Tensor[],
  each: (state: Tensor, step: number) => Tensor,
): { readonly outputs: Tensor[]; readonly last: readonly Tensor[] } {
  const inputs = unstack(sequence!, 1);
  if (goBackwards) inputs.reverse();
  const outputs: Tensor[] = [];
  let states: readonly Tensor[] =
    initial.length > 0
      ? initial
      : Array.from({ length: cell.states }, () => zeros([sequence!.shape[0], cell.units]));
  inputs.forEach((x, step) => {
    states = tidy(() => {
      const [h, ...others] = cell.step(x, states);
      return [each(h!, step), ...others];
    });
    outputs.push(states[0]!);
  });
  return { outputs, last: states };
}

/** Runs a layer as a whole, saying why its units cannot be ablated. */
export function wholeParts(call: LayerCall, hindrance: string): string[] {
  const { layer, kwargs, outputShapes } = call;
  return outputShapes.map((shape, index) =>
    call.add({
      at: outputShapes.length === 1 ? '' : `:${String(index)}`,
      inputs: call.inputs,
      shape,
      algebra: { kind: 'opaque' },
      makes: index === 0 ? 'recurrent' : null,
      hindrance: index === 0 ? hindrance : null,
      run: ([sequence, ...initial]) =>
        pick(
          layer.call(sequence!, initial.length === 0 ? kwargs : { ...kwargs, initialState: initial }),
          index,
        ),
    }),
  );
}
