import path from 'node:path';
import { io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { headOf, outputsOf } from '../../../core/network/head';
import type { Network, NetworkOutput } from '../../../core/network/network';
import { Failure } from '../../../protocol/failure';
import { readWeights, type ModelJson } from '../modelFiles';
import { refuseNotFiniteConstants } from './finiteConstants';
import { nodesBefore, parseGraph, type Graph } from './graphDef';
import { GraphReading } from './graphReading';
import { graphInputs, graphOutputs, type NamedValue } from './signature';
import { splitFused } from './splitFused';

/**
 * Reads a TensorFlow.js graph model into a {@link Network}: each node that computes something for every sample is an
 * operation, fused nodes are taken apart, and a bias is part of the linear operation before it.
 * @param output name (in the signature, or the node's) or index of the output that names the class; chosen by its
 *   kind when absent
 * @throws Failure if the graph is damaged or cannot be run sample by sample, or the output is no classifier's
 */
export async function readGraphModel(model: ModelJson, file: string, output?: string): Promise<Network> {
  const { graph, constants } = splitFused(parseGraph(model.modelTopology, file));
  const outputs = graphOutputs(model, graph, file);
  const nodes = nodesBefore(
    graph,
    outputs.map(({ value }) => value),
    file,
  );
  const { inputs, fixedBatch } = graphInputs(model, nodes, file);
  const weights = await weightsOf(model, file);
  const disposeWeights = (): void => {
    for (const weight of weights.values()) weight.dispose();
  };
  try {
    refuseNotFiniteConstants(graph, nodes, weights, file);
  } catch (error) {
    disposeWeights();
    throw error;
  }
  for (const [name, sizes] of constants)
    weights.set(
      name,
      tensor(
        sizes.map((pair) => [...pair]),
        undefined,
        'int32',
      ),
    );
  const reading = new GraphReading({
    file,
    nodes,
    inputs,
    weights,
    outputs: outputs.map(({ value }) => value),
    fixedBatch,
  });
  const dispose = (): void => {
    reading.dispose();
    disposeWeights();
  };
  try {
    reading.read();
    const { operations } = reading;
    const named = namedOutputs(reading, outputs, file);
    const chosen = named.find(({ node }) => node === output)?.name ?? output;
    return {
      name: path.basename(path.dirname(path.resolve(file))),
      operations,
      inputs: inputs.map(({ name }) => `${name}@0`),
      outputs: named.map(({ name, id, classes }) => ({ name, id, classes })),
      head: headOf(operations, named, file, chosen),
      parameters: parametersOf(graph, nodes, weights),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function weightsOf(model: ModelJson, file: string): Promise<Map<string, Tensor>> {
  const data = await readWeights(model, file);
  try {
    const specs = model.weightsManifest.flatMap(({ weights }) => [...weights]);
    return new Map(Object.entries(io.decodeWeights(data, specs)));
  } catch (cause) {
    throw new Failure(`The weights of ${file} are damaged: they cannot be decoded as it says.`, {
      file,
      cause,
    });
  }
}

/** The outputs as they can be chosen, with the node each comes from; without those that are no numbers a sample. */
function namedOutputs(
  reading: GraphReading,
  outputs: readonly NamedValue[],
  file: string,
): (NetworkOutput & { readonly node: string })[] {
  const named = outputs.flatMap(({ name, value }) => {
    const id = reading.operationOf(value);
    return id === null
      ? []
      : outputsOf(reading.operations, [id]).map((known) => ({ ...known, name, node: value }));
  });
  if (named.length > 0) return named;
  throw new Failure(`${file} cannot be analysed: none of its outputs gives numbers for each sample.`, {
    file,
  });
}

/** Numbers in the weights that the outputs depend on. */
function parametersOf(
  graph: Graph,
  nodes: readonly { readonly name: string }[],
  weights: ReadonlyMap<string, Tensor>,
): number {
  return nodes.reduce((sum, { name }) => {
    const weight = graph.get(name)?.op === 'Const' ? weights.get(name) : undefined;
    return sum + (weight?.dtype === 'float32' ? weight.size : 0);
  }, 0);
}
