import { add, concat, mul } from '@tensorflow/tfjs-core';
import type { Algebra, Shape } from '../../../core/network/network';
import type { BidirectionalObject } from '../layerInternals';
import { first, OPAQUE, type LayerCall } from './layerCall';
import { lastPart, reversedPart, stateParts, statesPart, wholeParts, type States } from './recurrent';

/**
 * A Bidirectional layer: both recurrent layers are operations of their own, `…/forward` and `…/backward`, each a
 * site; the backward one's states are in the order in which it computes them, turned round afterwards. Then they
 * are merged.
 * @returns ids of the layer's outputs
 */
export function bidirectionalParts(call: LayerCall): string[] {
  const layer = call.layer as BidirectionalObject;
  const [sequence, ...initial] = call.inputs;
  const half = initial.length / 2;
  const initials = { forward: initial.slice(0, half), backward: initial.slice(half) };
  const states = (way: 'forward' | 'backward'): States | null =>
    statesPart(call, layer[`${way}Layer`], `/${way}`, `/${way}`, [sequence!, ...initials[way]]);
  const forward = states('forward');
  const backward = states('backward');
  if (forward === null || backward === null) return wholeParts(call, 'is recurrent with cells of its own');

  const shape = layer.returnSequences
    ? [null, first(call.inputShapes)[1] ?? null, forward.cell.units]
    : [null, forward.cell.units];
  const ends = layer.returnSequences
    ? [forward.id, reversedPart(call, '/backward/reversed', '/backward', backward.id, shape)]
    : [
        lastPart(call, '/forward/output', '/forward', forward.id, shape),
        lastPart(call, '/backward/output', '/backward', backward.id, shape),
      ];
  const outputs = layer.mergeMode === null ? ends : [mergedPart(call, layer.mergeMode, ends, shape)];
  if (!layer.returnState) return outputs;
  return [...outputs, ...stateParts(call, '/forward', forward), ...stateParts(call, '/backward', backward)];
}

function mergedPart(
  call: LayerCall,
  mode: 'concat' | 'sum' | 'ave' | 'mul',
  ends: readonly string[],
  shape: Shape,
): string {
  const axis = shape.length - 1;
  const output = first(call.outputShapes);
  switch (mode) {
    case 'concat':
      return call.add({
        ...merging({ kind: 'concatenate', axis }),
        at: '',
        inputs: ends,
        shape: output,
        run: (values) => concat([...values], axis),
      });
    case 'mul':
      return call.add({
        ...merging({ kind: 'multiply' }),
        at: '',
        inputs: ends,
        shape: output,
        run: ([a, b]) => mul(a!, b!),
      });
    case 'sum':
    case 'ave': {
      const sum = call.add({
        ...merging({ kind: 'add' }),
        at: mode === 'sum' ? '' : '/sum',
        inputs: ends,
        shape: output,
        run: ([a, b]) => add(a!, b!),
      });
      if (mode === 'sum') return sum;
      const scale = new Float32Array(Number(shape.at(-1))).fill(0.5);
      return call.add({
        ...merging({ kind: 'affine', scale, offset: null }),
        at: '',
        inputs: [sum],
        shape: output,
        run: ([total]) => mul(0.5, total!),
      });
    }
  }
}

const merging = (algebra: Algebra) => ({ ...OPAQUE, algebra });
