import { Failure } from '../../../protocol/failure';
import type { Shape } from '../../../core/network/network';
import { splitActivation } from './activations';
import { bidirectionalParts } from './bidirectional';
import { causalPart } from './causal';
import { first, OPAQUE, pick, type LayerCall } from './layerCall';
import { keepsChannelsFirst } from './layerConfig';
import { layerKind } from './layerKinds';
import { isRecurrent, recurrentParts } from './recurrent';
import { separableParts } from './separable';
import { subtractParts } from './subtract';
import { timeDistributedParts } from './timeDistributed';

/**
 * Writes a layer's call down as operations: an activation fused into a layer is one of its own, and so are the
 * parts of layers that are put together of others.
 * @returns ids of the layer's outputs
 * @throws Failure for layers that cannot be run one by one
 */
export function layerParts(call: LayerCall): string[] {
  const { layer, file } = call;
  const type = layer.getClassName();
  if (type === 'Masking' || (type === 'Embedding' && layer.maskZero === true)) {
    throw new Failure(`${file}: the layer ${layer.name} masks time steps, which cannot be analysed yet.`, {
      file,
    });
  }
  if (isRecurrent(layer)) return recurrentParts(call);
  if (type === 'Bidirectional') return bidirectionalParts(call);
  if (type === 'TimeDistributed') return timeDistributedParts(call);

  const activation = splitActivation(layer);
  const at = activation === null ? '' : '/linear';
  const linear = linearParts(call, at);
  if (activation === null) return linear;
  return linear.map((id, index) =>
    call.add({
      ...OPAQUE,
      at: ending('', call.outputShapes, index),
      inputs: [id],
      shape: call.outputShapes[index]!,
      algebra: activation.algebra,
      run: ([x]) => activation.apply(x!),
    }),
  );
}

/** A layer without its activation. */
function linearParts(call: LayerCall, at: string): string[] {
  const { layer, kwargs, inputs, outputShapes } = call;
  if (layer.getClassName() === 'SeparableConv2D' && !keepsChannelsFirst(layer)) {
    return [separableParts(call, at)];
  }
  if (layer.getClassName() === 'Subtract') return [subtractParts(call, at)];
  const kind = layerKind(layer, first(call.inputShapes), first(outputShapes));
  if (kind.algebra.kind === 'convolution' && kind.algebra.padding === 'causal') {
    return [causalPart(call, at, kind, kind.algebra)];
  }
  return outputShapes.map((shape, index) =>
    call.add({
      at: ending(at, outputShapes, index),
      inputs,
      shape,
      ...kind,
      run: (values) => pick(layer.call(values.length === 1 ? first(values) : [...values], kwargs), index),
    }),
  );
}

function ending(at: string, outputs: readonly Shape[], index: number): string {
  return outputs.length === 1 ? at : `:${String(index)}${at}`;
}
