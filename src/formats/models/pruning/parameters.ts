import type { Operation } from '../../../core/network/network';
import type { PrunePlan } from '../../../core/prune/plan';
import type { LayerObject } from '../layerInternals';
import type { LayersSource } from '../layersSource';
import { isOneAChannel, mainWeight, weightIndex } from './abilities';
import { countOf } from './topology';

/** How many numbers the weights of a pruned model hold, as a plan says; nothing is built for it. */
export function parametersOf(
  source: LayersSource,
  operations: readonly Operation[],
  plan: PrunePlan,
): number {
  const sizes = new Map<LayerObject, number>();
  for (const operation of operations) {
    const call = source.operations.get(operation.id);
    const own = plan.kept.get(operation.id);
    if (call === undefined || call.layer.weights.length === 0) continue;
    const { layer, calls } = call;
    const before = sizes.get(layer) ?? layer.weights.reduce((sum, weight) => sum + weight.read().size, 0);
    sizes.set(layer, before - (calls === 1 && own !== undefined ? savedBy(operation, layer, plan, own) : 0));
  }
  const putIn = plan.putIn.reduce((sum, { id, values }) => {
    const own = plan.kept.get(id)!;
    return sum + (4 * values.length * countOf(own)) / own.length;
  }, 0);
  // Shares of whole sizes add up to whole numbers but for rounding.
  return Math.round([...sizes.values()].reduce((sum, size) => sum + size, putIn));
}

/** Numbers that an operation's weights lose. */
function savedBy(operation: Operation, layer: LayerObject, plan: PrunePlan, own: Uint8Array): number {
  const { algebra, inputs, id } = operation;
  const kept = countOf(own) / own.length;
  const before = plan.kept.get(inputs[0]!) ?? new Uint8Array([1]);
  const read = countOf(before) / before.length;
  switch (algebra.kind) {
    case 'dense':
    case 'convolution': {
      if (weightIndex(layer, mainWeight(operation)) < 0) return 0;
      const folded = plan.foldings.get(id)?.bias?.some((value) => value !== 0) === true;
      const set = [...(plan.set.get(id)?.values() ?? [])].some((value) => value !== 0);
      const bias = algebra.bias === null ? 0 : own.length * (1 - kept);
      const added = algebra.bias === null && (folded || set) ? own.length * kept : 0;
      return algebra.kernel.size * (1 - kept * read) + bias - added;
    }
    case 'depthwise':
      return (algebra.kernel.size + (algebra.bias?.size ?? 0)) * (1 - kept);
    case 'embedding':
      return algebra.table.size * (1 - kept);
    case 'recurrent':
      return (
        algebra.kernel.size * (1 - kept * read) +
        algebra.recurrentKernel.size * (1 - kept * kept) +
        (algebra.bias?.size ?? 0) * (1 - kept)
      );
    case 'affine':
    case 'pointwise':
      if (!isOneAChannel(layer)) return 0;
      return layer.weights.reduce((sum, weight) => {
        const { size, shape } = weight.read();
        return sum + (shape.at(-1) === own.length ? size * (1 - kept) : 0);
      }, 0);
    default:
      return 0;
  }
}
