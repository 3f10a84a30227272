import { Attributes } from './attributes';
import type { Graph, GraphNode } from './graphDef';

/** Fused operations, and the linear operation in each. */
const LINEAR = new Map([
  ['_FusedMatMul', 'MatMul'],
  ['_FusedConv2D', 'Conv2D'],
  ['FusedDepthwiseConv2dNative', 'DepthwiseConv2dNative'],
]);

const ACTIVATIONS = new Set(['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Prelu']);

/** Convolutions that may carry margins of their own. */
const PADDED = new Set(['Conv2D', 'DepthwiseConv2dNative']);

/** A graph without fused operations, and the constants it has besides those of its file. */
export interface SplitGraph {
  readonly graph: Graph;
  readonly constants: ReadonlyMap<string, readonly (readonly number[])[]>;
}

/**
 * Takes fused operations apart: a linear operation, its bias and its activation become nodes of their own, and so
 * do the margins of a convolution. The last carries the name; the others are titled alike.
 */
export function splitFused(graph: Graph): SplitGraph {
  const split = new Map<string, GraphNode>();
  const constants = new Map<string, readonly (readonly number[])[]>();
  const fresh = (name: string): string => {
    let free = name;
    while (graph.has(free) || split.has(free)) free += '_';
    return free;
  };
  for (const node of graph.values()) {
    for (const part of partsOf(node, fresh)) {
      const margins = marginsOf(part);
      if (margins === null) {
        split.set(part.name, part);
        continue;
      }
      const sizes = fresh(`${part.name}/margins`);
      constants.set(sizes, margins);
      split.set(sizes, made(part, sizes, 'Const', [], {}));
      const padded = made(part, fresh(`${part.name}/padded`), 'Pad', [part.inputs[0]!, sizes], {});
      split.set(padded.name, padded);
      const attr = { ...part.attr, padding: { s: VALID }, explicit_paddings: { list: {} } };
      split.set(part.name, made(part, part.name, part.op, [padded.name, ...part.inputs.slice(1)], attr));
    }
  }
  return { graph: split, constants };
}

/** `VALID` in base64. */
const VALID = 'VkFMSUQ=';

/** The node itself, or the nodes that stand for a fused one; unknown fusions stay whole. */
function partsOf(node: GraphNode, fresh: (name: string) => string): GraphNode[] {
  const op = LINEAR.get(node.op);
  const fused = node.attributes.texts('fused_ops');
  const [bias, activation, ...more] = fused;
  const isKnown =
    (bias === undefined || bias === 'BiasAdd') &&
    (activation === undefined || ACTIVATIONS.has(activation)) &&
    more.length === 0;
  const arguments_ = 2 + fused.filter((each) => each === 'BiasAdd' || each === 'Prelu').length;
  if (op === undefined || !isKnown || node.inputs.length !== arguments_) return [node];
  const [x, kernel, offset, slopes] = node.inputs as [string, string, string, string];
  const nameOf = (part: string, isLast: boolean): string =>
    isLast ? node.name : fresh(`${node.name}/${part}`);
  const linear = made(node, nameOf('product', bias === undefined), op, [x, kernel], node.attr);
  if (bias === undefined) return [linear];
  const sum = made(node, nameOf('linear', activation === undefined), 'BiasAdd', [linear.name, offset], {});
  if (activation === undefined) return [linear, sum];
  const alpha = node.attributes.number('leakyrelu_alpha');
  const attr = alpha === undefined ? {} : { alpha: { f: alpha } };
  const inputs = activation === 'Prelu' ? [sum.name, slopes] : [sum.name];
  return [linear, sum, made(node, node.name, activation, inputs, attr)];
}

function made(
  { title }: GraphNode,
  name: string,
  op: string,
  inputs: readonly string[],
  attr: Readonly<Record<string, unknown>>,
): GraphNode {
  return { name, title, op, inputs, attr, attributes: new Attributes(attr) };
}

/** Margins of a convolution, before and after along each axis; null where it has none of its own. */
function marginsOf({ op, attributes }: GraphNode): number[][] | null {
  if (!PADDED.has(op) || attributes.text('padding') !== 'EXPLICIT') return null;
  const sizes = attributes.numbers('explicit_paddings');
  if (sizes.length !== 8) return null;
  return [0, 2, 4, 6].map((at) => sizes.slice(at, at + 2));
}
