import type { Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { Failure } from '../../protocol/failure';
import { findHead } from '../../core/network/head';
import type { Network, Operation, Shape } from '../../core/network/network';
import { isContainer, type ContainerObject, type LayerNode, type LayerObject } from './layerInternals';
import { describeLayer, splitActivation } from './layerKinds';
import { readWeights, type ModelJson } from './modelFiles';

/**
 * Reads a TensorFlow.js layers model into a {@link Network}: nested models are inlined, each call of a layer is
 * an operation, and an activation fused into a layer is an operation of its own.
 * @throws Failure if a layer or its use is not known, or the model is no classifier
 */
export async function readLayersModel(model: ModelJson, file: string): Promise<Network> {
  const weightData = await readWeights(model, file);
  const weightSpecs = model.weightsManifest.flatMap((group) => [...group.weights]);
  let container: ContainerObject;
  try {
    const loaded = await loadLayersModel({
      load: () => Promise.resolve({ modelTopology: model.modelTopology, weightSpecs, weightData }),
    });
    container = loaded as unknown as ContainerObject;
  } catch (cause) {
    throw loadFailure(cause, file);
  }
  try {
    return networkOf(container, file);
  } catch (error) {
    disposeAll(container);
    throw error;
  }
}

/** Frees a model's weights; tfjs-layers itself keeps those of layers that are called more than once. */
function disposeAll(container: ContainerObject): void {
  const weights = container.weights.map((weight) => weight.read());
  container.dispose();
  for (const weight of weights) weight.dispose();
}

function networkOf(container: ContainerObject, file: string): Network {
  const flat = new Flattening(file);
  const [input, ...moreInputs] = container.inputs;
  if (input === undefined) throw new Failure(`${file} has no input.`, { file });
  if (moreInputs.length > 0) {
    throw new Failure(
      `${file} has ${String(container.inputs.length)} inputs; only models with one input can be analysed so far.`,
      { file },
    );
  }
  const inputId = flat.addInput(input);
  const outputs = flat.inline(container, [inputId], '');
  const operations = flat.named();
  return {
    name: container.name,
    operations,
    input: inputId,
    head: findHead(operations, outputs, file),
    parameters: container.countParams(),
    dispose: () => {
      disposeAll(container);
    },
  };
}

/** Walks a model and the models inside it, and writes down one list of operations. */
class Flattening {
  private readonly operations: Operation[] = [];
  /** The layer behind each operation, for naming. */
  private readonly layers: LayerObject[] = [];
  private readonly paths: string[] = [];
  private readonly calls = new Map<LayerObject, number>();
  private readonly callOf: number[] = [];

  constructor(private readonly file: string) {}

  addInput(symbol: SymbolicTensor): string {
    const id = symbol.name;
    const operation: Operation = {
      id,
      name: id,
      type: 'InputLayer',
      inputs: [],
      shape: symbol.shape,
      algebra: { kind: 'input' },
      makes: null,
      hindrance: null,
      run: () => {
        throw new Error(`The value of ${id} is not given`);
      },
    };
    this.operations.push(operation);
    this.layers.push(symbol.sourceLayer);
    this.paths.push('');
    this.callOf.push(0);
    return id;
  }

  /**
   * Adds the operations of a model called on the given values.
   * @param inputs ids of the model's inputs' values
   * @param path where the model stands, '' or ending in '/'
   * @returns ids of its outputs' values
   */
  inline(container: ContainerObject, inputs: readonly string[], path: string): string[] {
    const values = new Map<number, string>();
    container.inputs.forEach((symbol, index) => {
      const id = inputs[index];
      if (id !== undefined) values.set(symbol.id, id);
    });
    for (const node of nodesInOrder(container)) {
      if (node.outputTensors.every((symbol) => values.has(symbol.id))) continue;
      const read = node.inputTensors.map((symbol) => {
        const id = values.get(symbol.id);
        if (id === undefined)
          throw new Error(`${this.file}: an input of ${node.outboundLayer.name} was not read`);
        return id;
      });
      const outputs = this.call(node, read, path);
      node.outputTensors.forEach((symbol, index) => {
        const id = outputs[index];
        if (id !== undefined) values.set(symbol.id, id);
      });
    }
    return container.outputs.map((symbol) => {
      const id = values.get(symbol.id);
      if (id === undefined) throw new Error(`${this.file}: output ${symbol.name} was not read`);
      return id;
    });
  }

  /** The operations in the order they were added, each with its name as sites carry it. */
  named(): Operation[] {
    const byName = new Map<string, Set<LayerObject>>();
    this.layers.forEach((layer) => {
      byName.set(layer.name, (byName.get(layer.name) ?? new Set()).add(layer));
    });
    return this.operations.map((operation, index) => {
      const layer = this.layers[index];
      if (layer === undefined) return operation;
      const unique = byName.get(layer.name)?.size === 1;
      const base = unique ? layer.name : `${this.paths[index] ?? ''}${layer.name}`;
      const call = this.callOf[index] ?? 0;
      return { ...operation, name: call === 0 ? base : `${base}@${String(call)}` };
    });
  }

  private call(node: LayerNode, inputs: readonly string[], path: string): string[] {
    const layer = node.outboundLayer;
    const call = this.calls.get(layer) ?? 0;
    this.calls.set(layer, call + 1);
    const id = `${path}${layer.name}@${String(call)}`;
    if (isContainer(layer)) return this.inline(layer, inputs, `${id}/`);

    const kind = describeLayer(layer, this.file);
    const kwargs = { ...node.callArgs, training: false };
    const activation = splitActivation(layer);
    return node.outputTensors.map((symbol, index) => {
      const base = node.outputTensors.length === 1 ? id : `${id}:${String(index)}`;
      const linear: Operation = {
        id: activation === null ? base : `${base}/linear`,
        name: layer.name,
        type: layer.getClassName(),
        inputs,
        shape: symbol.shape,
        ...kind,
        run: (values) => pick(layer.call(values.length === 1 ? first(values) : [...values], kwargs), index),
      };
      this.add(linear, layer, path, call);
      if (activation === null) return linear.id;
      const activated: Operation = {
        ...linear,
        id: base,
        inputs: [linear.id],
        algebra: activation.algebra,
        makes: null,
        hindrance: null,
        run: (values) => activation.apply(first(values)),
      };
      this.add(activated, layer, path, call);
      return activated.id;
    });
  }

  private add(operation: Operation, layer: LayerObject, path: string, call: number): void {
    this.operations.push(operation);
    this.layers.push(layer);
    this.paths.push(path);
    this.callOf.push(call);
  }
}

/** The calls of layers in a model, inputs before what reads them; calls of one layer in the order made. */
function nodesInOrder(container: ContainerObject): LayerNode[] {
  if (Object.keys(container.nodesByDepth).length === 0) container.build(container.inputs[0]?.shape);
  const nodes = container.nodesByDepth;
  const depths = Object.keys(nodes)
    .map(Number)
    .sort((a, b) => b - a);
  return depths.flatMap((depth) => [...(nodes[String(depth)] ?? [])].sort((a, b) => a.id - b.id));
}

function first(values: readonly Tensor[]): Tensor {
  const value = values[0];
  if (value === undefined) throw new Error('An operation without an input');
  return value;
}

function pick(result: Tensor | Tensor[], index: number): Tensor {
  if (!Array.isArray(result)) return result;
  const value = result[index];
  if (value === undefined) throw new Error(`A layer has no output ${String(index)}`);
  return value;
}

/** Says in a sentence why tfjs-layers would not build the model. */
function loadFailure(cause: unknown, file: string): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const unknown = /Unknown layer: (\w+)/.exec(message)?.[1];
  if (unknown !== undefined) {
    return new Failure(`${file} uses the layer ${unknown}, which TensorFlow.js does not have.`, {
      file,
      cause,
    });
  }
  if (message.includes('An InputLayer should be passed either a `batchInputShape`')) {
    return new Failure(
      `${file} was written by Keras 3, which this version does not read yet; save it with Keras 2 (tf_keras) and convert it again.`,
      { file, cause },
    );
  }
  return new Failure(`${file} is not a layers model that can be read: ${firstSentence(message)}`, {
    file,
    cause,
  });
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

/** A model's input shape without the batch axis. */
export function inputShapeOf(network: Network): Shape {
  return network.operations.find((operation) => operation.id === network.input)?.shape.slice(1) ?? [];
}
