import type { Tensor } from '@tensorflow/tfjs-core';
import { refuseNotFinite } from '../finiteWeights';
import { nodeOf, type Graph, type GraphNode } from './graphDef';

/** Operations whose constants were learned; those of others may be infinite, as masks are. */
const LEARNED =
  /^(MatMul|BatchMatMul(V2)?|Einsum|Conv[123]D|DepthwiseConv2d(Native)?|Conv2DBackpropInput|BiasAdd|FusedBatchNorm(V[23])?|_?Fused\w*|Prelu)$/;

/**
 * @param nodes those that the outputs depend on
 * @throws Failure that names a weight with a value that is NaN or infinite
 */
export function refuseNotFiniteConstants(
  graph: Graph,
  nodes: readonly GraphNode[],
  weights: ReadonlyMap<string, Tensor>,
  file: string,
): void {
  const read = nodes.filter(({ op }) => LEARNED.test(op)).flatMap(({ inputs }) => inputs);
  for (const name of new Set(read.map((value) => sourceOf(value, graph)))) {
    const weight = graph.get(name)?.op === 'Const' ? weights.get(name) : undefined;
    if (weight?.dtype === 'float32') refuseNotFinite(name, weight.dataSync<'float32'>(), file);
  }
}

/** The node that a value comes from, as it is. */
function sourceOf(value: string, graph: Graph): string {
  const seen = new Set<string>();
  let name = nodeOf(value);
  for (let node = graph.get(name); node?.op === 'Identity' && !seen.has(name); node = graph.get(name)) {
    seen.add(name);
    name = nodeOf(node.inputs[0] ?? name);
  }
  return name;
}
