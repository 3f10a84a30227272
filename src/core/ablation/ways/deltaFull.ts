import {
  add,
  concat,
  matMul,
  mean,
  mul,
  reshape,
  sub,
  sum,
  tensor1d,
  tidy,
  tile,
  transpose,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Rectifier } from '../../network/network';
import type { DeltaKernels } from './deltaKernels';
import { convolve, depthwise, type Convolution } from './deltaLinear';
import { mixConvolution, mixDense, mixFlat, type ChannelBlock } from './deltaMixing';
import type { DeltaNode } from './deltaPlan';
import { clipped, rectifiedChange } from './deltaPointwise';
import { asBatch, asPositions, type Full } from './layout';

/** What a node may ask for while a block of pairs runs. */
export interface BlockView {
  readonly units: number;
  readonly samples: number;
  /** Does the value change? */
  changes(id: string): boolean;
  /** The change of all pairs; of a value that keeps it in its channels, spread out. */
  full(id: string): Full;
  /** The same, but it may be a difference not yet taken. */
  unsettled(id: string): Full;
  /** The change of a value that keeps it in its channels, else null. */
  channels(id: string): { readonly block: ChannelBlock; readonly flat: boolean } | null;
  /** The unablated value, `[samples, …]`. */
  value(id: string): Tensor;
  /** Last axis of a value. */
  width(id: string): number;
  /** Is Winograd's algorithm chosen for a node? */
  readonly winograd: (node: DeltaNode) => boolean;
}

/** The change that a node makes of its inputs' changes, for all pairs of a block. Call in a tidy. */
export function fullChange(node: DeltaNode, view: BlockView, kernels: DeltaKernels): Full {
  const { operation } = node;
  const { algebra, inputs } = operation;
  const [first] = inputs as [string];
  switch (algebra.kind) {
    case 'dense':
    case 'convolution': {
      const mixed = mixChannels(node, view, kernels);
      if (mixed !== null) return mixed;
      return algebra.kind === 'dense'
        ? dense(view.unsettled(first), kernels.kernel(node))
        : convolution(node, algebra, view, kernels);
    }
    case 'depthwise':
      return linearly(view.unsettled(first), (x) => depthwise(x, kernels.kernel(node), algebra));
    case 'affine': {
      const x = view.full(first);
      if (algebra.scale === null) return x;
      const scale = tensor1d(algebra.scale);
      return x.flat === true ? batch(mul(asBatch(x), scale)) : { ...x, value: mul(x.value, scale) };
    }
    case 'identity':
      return view.unsettled(first);
    case 'pointwise': {
      if (algebra.rectifier === null) break;
      const { rectifier } = algebra;
      const clipped = clippedValue(rectifier, view.unsettled(first), view.value(first), view);
      if (clipped !== null) return clipped;
      const made = overPairs(view.full(first), view.value(first), view, (d, z) =>
        rectifiedChange(rectifier, z, d),
      );
      if (made !== null) return made;
      break;
    }
    case 'pooling': {
      if (algebra.how !== 'average') break;
      const x = view.full(first);
      if (x.layout === 'batch' || !algebra.global) return batch(operation.run([asBatch(x)]));
      return batch(mean(x.value, [0, 1]));
    }
    case 'reshape': {
      if (algebra.moves !== 'flatten') break;
      const x = view.full(first);
      if (x.layout === 'positions') return { ...x, flat: true };
      return batch(reshape(x.value, [x.value.shape[0], -1]));
    }
    case 'add': {
      const changing = inputs.filter((id) => view.changes(id)).map((id) => view.unsettled(id));
      const shape = asKey(changing[0]!);
      if (changing.some((each) => asKey(each) !== shape) || !fills(node, changing[0]!)) break;
      return changing.reduce((total, each) => sumOf(total, each));
    }
    case 'concatenate': {
      const widths = inputs.map((id) => view.width(id));
      if (widths.reduce((total, width) => total + width, 0) !== operation.shape.at(-1)) break;
      return joined(inputs, widths, view);
    }
    default:
      break;
  }
  return throughOperation(node, view);
}

function batch(value: Tensor): Full {
  return { value, layout: 'batch' };
}

/** The first operation that mixes channels, on a change that has stayed in one channel a unit. */
function mixChannels(node: DeltaNode, view: BlockView, kernels: DeltaKernels): Full | null {
  const { algebra, inputs } = node.operation;
  const input = view.channels(inputs[0]!);
  if (input === null) return null;
  const { block, flat } = input;
  if (algebra.kind === 'dense') {
    const places = flat ? block.change.shape.slice(2).reduce((n, size) => n * size, 1) : 1;
    const rows = kernels.rows(node, algebra.kernel.shape[0] / places);
    return batch(flat ? mixFlat(block, rows) : mixDense(block, rows));
  }
  if (algebra.kind !== 'convolution' || flat) return null;
  const window = algebra.kernel.shape.slice(0, -2);
  const channels = algebra.kernel.shape.at(-2)!;
  if (channels !== view.width(inputs[0]!)) return null;
  return batch(mixConvolution(block, kernels.rows(node, channels), window, algebra));
}

function dense(x: Full, kernel: Tensor): Full {
  if (x.flat === true) {
    const [height, width, pairs, channels] = x.value.shape as [number, number, number, number];
    const places = reshape(x.value, [height * width, pairs, channels]);
    return batch(sum(matMul(places, reshape(kernel, [height * width, channels, -1])), 0));
  }
  const through = (value: Tensor): Tensor =>
    reshape(matMul(reshape(value, [-1, kernel.shape[0]]), kernel), [
      ...value.shape.slice(0, -1),
      kernel.shape[1]!,
    ]);
  return x.layout === 'batch' ? linearly(x, through) : { ...x, value: through(x.value) };
}

/** A linear operation on a change, or on both sides of a difference. */
function linearly(x: Full, apply: (value: Tensor) => Tensor): Full {
  const made = batch(apply(asBatch(x)));
  return x.less === undefined ? made : { ...made, less: apply(x.less) };
}

/**
 * What a rectifier with an upper bound makes, as a difference not yet taken: the difference would be a pass over all
 * pairs, and mostly a linear operation follows. Null for other rectifiers and layouts.
 */
function clippedValue(rectifier: Rectifier, x: Full, z: Tensor, view: BlockView): Full | null {
  if (x.layout !== 'batch' || rectifier.slope !== 0 || rectifier.most === Infinity) return null;
  const own = reshape(z, [1, -1]);
  const before = x.less === undefined ? own : sub(own, reshape(x.less, [1, -1]));
  const after = tidy(() => clipped(rectifier.most, add(reshape(x.value, [view.units, -1]), before)));
  return { ...batch(reshape(after, x.value.shape)), less: clipped(rectifier.most, z) };
}

function convolution(node: DeltaNode, algebra: Convolution, view: BlockView, kernels: DeltaKernels): Full {
  const id = node.operation.inputs[0]!;
  const kernel = kernels.kernel(node);
  if (kernel.shape.at(-2) !== view.width(id)) return throughOperation(node, view);
  const isOne = [...kernel.shape.slice(0, -2), ...algebra.strides].every((size) => size === 1);
  if (isOne) return dense(view.unsettled(id), reshape(kernel, kernel.shape.slice(-2)));
  if (!view.winograd(node)) return linearly(view.unsettled(id), (x) => convolve(x, kernel, algebra));
  const plane = asPositions(view.full(id));
  const [height, width] = plane.shape as [number, number];
  return { value: kernels.winograd(node, height, width).apply(plane), layout: 'positions' };
}

/**
 * Applies a function of the change and the unablated value, element by element.
 * @param combine given `d` and a `z` that is broadcast over it
 */
function overPairs(
  x: Full,
  value: Tensor,
  view: BlockView,
  combine: (d: Tensor, z: Tensor) => Tensor | null,
): Full | null {
  const { shape } = x.value;
  const [d, z] =
    x.layout === 'batch'
      ? [reshape(x.value, [view.units, -1]), reshape(value, [1, -1])]
      : [
          reshape(x.value, [shape[0] * shape[1]!, view.units, -1]),
          reshape(transpose(reshape(value, [view.samples, shape[0] * shape[1]!, -1]), [1, 0, 2]), [
            shape[0] * shape[1]!,
            1,
            -1,
          ]),
        ];
  const result = combine(d, z);
  return result === null ? null : { ...x, value: reshape(result, shape) };
}

function asKey(x: Full): string {
  return asShape(x).join();
}

/** Shape of a pair's value, positions and channels. */
function asShape({ value: { shape }, layout, flat }: Full): number[] {
  if (flat === true) return [shape[0] * shape[1]! * shape[3]!];
  return layout === 'batch' ? shape.slice(1) : [shape[0], shape[1]!, shape[3]!];
}

/** Does the change have the shape of the node's output, so that nothing is broadcast? */
function fills(node: DeltaNode, x: Full): boolean {
  const own = node.operation.shape.slice(1);
  return asShape(x).every((size, axis) => own[axis] === null || own[axis] === size);
}

function sumOf(a: Full, b: Full): Full {
  if (a.less !== undefined && b.less !== undefined) {
    return { ...batch(add(a.value, b.value)), less: add(a.less, b.less) };
  }
  const less = a.less ?? b.less;
  if (less !== undefined) return { ...batch(add(asBatch(a), asBatch(b))), less };
  if (a.layout === b.layout) return { ...a, value: add(a.value, b.value) };
  if (a.flat === true || b.flat === true) return batch(add(asBatch(a), asBatch(b)));
  return { value: add(asPositions(a), asPositions(b)), layout: 'positions' };
}

/** Changes side by side along the channels, 0 where an input does not change. */
function joined(inputs: readonly string[], widths: readonly number[], view: BlockView): Full {
  const parts = inputs.map((id) => (view.changes(id) ? view.full(id) : null));
  const some = parts.find((each) => each !== null)!;
  const layout = parts.every((each) => each === null || (each.layout === 'positions' && each.flat !== true))
    ? 'positions'
    : 'batch';
  const places = (layout === 'positions' ? asPositions(some) : asBatch(some)).shape.slice(0, -1);
  const values = parts.map((each, index) => {
    if (each === null) return zeros([...places, widths[index]!]);
    return layout === 'positions' ? asPositions(each) : asBatch(each);
  });
  return { value: concat(values, -1), layout };
}

/** Anything else: runs the operation itself on all pairs, and takes the unablated output away. */
function throughOperation(node: DeltaNode, view: BlockView): Full {
  const values = node.operation.inputs.map((id) => {
    const value = view.value(id);
    if (!view.changes(id)) return tile(value, [view.units, ...value.shape.slice(1).map(() => 1)]);
    const d = asBatch(view.full(id));
    return reshape(add(reshape(d, [view.units, -1]), reshape(value, [1, -1])), d.shape);
  });
  const output = node.operation.run(values);
  const scaled = node.scale === null ? output : mul(output, tensor1d(node.scale));
  const before = view.value(node.operation.id);
  const own = node.scale === null ? before : mul(before, tensor1d(node.scale));
  return batch(reshape(sub(reshape(scaled, [view.units, -1]), reshape(own, [1, -1])), output.shape));
}

/** Class scores of all pairs. */
export function scoresOf(change: Full, value: Tensor, view: BlockView): Tensor {
  return reshape(add(reshape(change.value, [view.units, -1]), reshape(value, [1, -1])), [
    view.units * view.samples,
    -1,
  ]);
}
