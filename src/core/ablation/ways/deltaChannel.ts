import { addN, clone, concat, add, mul, sub, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import type { DeltaNode } from './deltaPlan';
import { depthwise } from './deltaLinear';
import { rectifiedChange } from './deltaPointwise';
import { part } from './siteChange';

/** What a channel-wise node may ask for. Tensors are `[samples, …positions, …]`. */
export interface ChannelView {
  /** The change of a value, in the channels of the task's units; null if it does not change. */
  change(id: string): Tensor | null;
  /** The value of the unablated network, all channels. */
  value(id: string): Tensor;
  /** First channel and number of channels that the task's units have in a value. */
  channels(id: string): readonly [number, number];
}

/** The change that a channel-wise node makes of its inputs' changes. Call in a tidy. */
export function channelChange(node: DeltaNode, view: ChannelView): Tensor {
  const { operation, scale } = node;
  const { algebra, inputs } = operation;
  const changes = inputs.flatMap((id) => view.change(id) ?? []);
  const d = changes[0]!;
  const read = inputs.find((id) => view.change(id) !== null)!;
  const own = (x: Tensor, id: string): Tensor => part(x, x.shape.length - 1, ...view.channels(id));
  switch (algebra.kind) {
    case 'affine':
      return algebra.scale === null ? clone(d) : mul(d, own(tensor1d(algebra.scale), node.id));
    case 'add':
      return changes.length === 1 ? clone(d) : addN(changes);
    case 'multiply': {
      const other = inputs.find((id) => id !== read)!;
      return mul(d, own(view.value(other), node.id));
    }
    case 'depthwise': {
      const kernel = part(algebra.kernel, 2, ...view.channels(read));
      const change = depthwise(d, kernel, algebra);
      return scale === null ? change : mul(change, own(tensor1d(scale), node.id));
    }
    case 'pooling':
      if (algebra.how === 'average') return operation.run([d]);
      return sub(operation.run([add(own(view.value(read), read), d)]), own(view.value(node.id), node.id));
    case 'pointwise': {
      const z = own(view.value(read), read);
      const rectified = algebra.rectifier === null ? null : rectifiedChange(algebra.rectifier, z, d);
      if (rectified !== null) return rectified;
      if (algebra.name === 'prelu') break;
      return sub(operation.run([add(z, d)]), own(view.value(node.id), node.id));
    }
    case 'reshape':
      if (algebra.moves === 'flatten') return clone(d);
      break;
    default:
      return clone(d);
  }
  const whole = widened(view.value(read), d, view.channels(read));
  return own(sub(operation.run([whole]), view.value(node.id)), node.id);
}

/** The whole value, with the change added at its channels. */
function widened(value: Tensor, d: Tensor, [first, size]: readonly [number, number]): Tensor {
  const last = value.shape.length - 1;
  const end = first + size;
  const total = value.shape[last]!;
  const changed = add(part(value, last, first, size), d);
  const parts = [
    ...(first > 0 ? [part(value, last, 0, first)] : []),
    changed,
    ...(end < total ? [part(value, last, end, total - end)] : []),
  ];
  return parts.length === 1 ? changed : concat(parts, last);
}
