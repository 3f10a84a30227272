import type { io, Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModelSync, type GraphModel } from '@tensorflow/tfjs-converter';
import type { GraphNode } from './graphDef';

/**
 * Runs one node of a graph with the converter's own kernels: as a graph model of this node alone, whose inputs are
 * placeholders. (The converter's function for a node is no part of its interface, and reaching for it brings in a
 * second tfjs-core.)
 */
export class NodeRunner {
  private model: GraphModel<io.IOHandlerSync> | null = null;

  constructor(private readonly node: Pick<GraphNode, 'op' | 'inputs' | 'attr'>) {}

  /**
   * @param inputs values of the node's inputs, in order; left alone
   * @param output which of its outputs
   * @throws Error if the converter does not know the operation, or it does not take such inputs
   */
  run(inputs: readonly Tensor[], output = 0): Tensor {
    this.model ??= this.load();
    const fed = Object.fromEntries(inputs.map((input, index) => [`input${String(index)}`, input]));
    const result = this.model.execute(fed, output === 0 ? NODE : `${NODE}:${String(output)}`);
    const value = Array.isArray(result) ? result[0] : result;
    if (value === undefined) throw new Error(`It has no output ${String(output)}`);
    return value;
  }

  private load(): GraphModel<io.IOHandlerSync> {
    const { op, inputs, attr } = this.node;
    const names = inputs.map((_, index) => `input${String(index)}`);
    const placeholders = names.map((name) => ({ name, op: 'Placeholder', attr: {} }));
    const node = [...placeholders, { name: NODE, op, input: names, attr }];
    return loadGraphModelSync({
      load: () => ({
        modelTopology: { node, versions: {}, library: {} },
        weightSpecs: [],
        weightData: new ArrayBuffer(0),
      }),
    });
  }
}

const NODE = 'node';
