import { dispose, io, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { Failure } from '../../protocol/failure';
import { headOf, outputsOf } from '../../core/network/head';
import type { Network, Operation } from '../../core/network/network';
import { refuseNotFinite } from './finiteWeights';
import { firstSentence } from './firstSentence';
import { tfjsTopology } from './keras/topology';
import { isContainer, type ContainerObject, type LayerNode, type LayerObject } from './layerInternals';
import { teachCausalShapes } from './layers/causal';
import type { LayerCall } from './layers/layerCall';
import { layerParts } from './layers/layerParts';
import { registerLayers } from './layers/registered/registerLayers';
import { keepSource, type LayersSource } from './layersSource';
import { weightsMade, withinWeights, type LayerWeight } from './layers/registered/weightLimit';
import { refuseCircles } from './layerOrder';
import { readWeights, type ModelJson } from './modelFiles';

/**
 * Reads a TensorFlow.js layers model into a {@link Network}: nested models are inlined, each call of a layer is
 * an operation, and an activation fused into a layer is an operation of its own.
 * @param output name or index of the output that names the class; chosen by its kind when absent
 * @throws Failure if a layer or its use is not known, or the output is no classifier's
 */
export async function readLayersModel(model: ModelJson, file: string, output?: string): Promise<Network> {
  const weightData = await readWeights(model, file);
  const weightSpecs = model.weightsManifest.flatMap((group) => [...group.weights]);
  const modelTopology = tfjsTopology(model.modelTopology, file, 'tfjs');
  const check = (built: LayersModel): void => refuseDamaged(built as unknown as ContainerObject, file);
  const artifacts = { modelTopology, weightSpecs, weightData };
  return withinWeights(file, numbersIn(weightSpecs), () =>
    buildLayersNetwork(artifacts, file, output, check),
  );
}

function numbersIn(weights: readonly io.WeightsManifestEntry[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
}

function refuseDamaged(model: ContainerObject, file: string): void {
  for (const weight of model.weights) {
    refuseNotFinite(weight.originalName, Float32Array.from(weight.read().dataSync()), file);
  }
}

/**
 * Builds a layers model from its parts and reads it into a {@link Network}.
 * @param artifacts topology in the words of tfjs-layers; without weights where `setWeights` sets them
 * @param setWeights called with the model that was built, before its algebra is read
 * @throws Failure if a layer or its use is not known, or the output is no classifier's
 */
export async function buildLayersNetwork(
  artifacts: io.ModelArtifacts,
  file: string,
  output?: string,
  setWeights?: (model: LayersModel) => void,
): Promise<Network> {
  let container: ContainerObject;
  teachCausalShapes();
  registerLayers();
  refuseCircles(artifacts.modelTopology, file);
  try {
    container = (await loaded(artifacts)) as unknown as ContainerObject;
  } catch (cause) {
    throw loadFailure(cause, file);
  }
  try {
    setWeights?.(container as unknown as LayersModel);
    // Reading takes the activations out of the layers.
    const topology = (container as unknown as LayersModel).toJSON(null, false) as unknown;
    return networkOf(container, topology as LayersSource['topology'], file, output);
  } catch (error) {
    disposeAll(container, weightsMade());
    throw error;
  }
}

/** Weights that do not fit are freed as well, which tfjs-layers leaves when it reads them itself. */
async function loaded({ weightData, weightSpecs, ...rest }: io.ModelArtifacts): Promise<LayersModel> {
  if (weightData === undefined || weightSpecs === undefined)
    return loadLayersModel({ load: () => Promise.resolve(rest) });
  const without = { ...rest, weightData: new ArrayBuffer(0), weightSpecs: [] };
  const model = await loadLayersModel({ load: () => Promise.resolve(without) }, { strict: false });
  const weights = io.decodeWeights(io.CompositeArrayBuffer.join(weightData), weightSpecs);
  try {
    model.loadWeights(weights);
  } finally {
    dispose(weights);
  }
  return model;
}

/** Frees a model's weights; tfjs-layers itself keeps those of layers that are called more than once. */
function disposeAll(container: ContainerObject, made: readonly LayerWeight[]): void {
  const weights = container.weights.map((weight) => weight.read());
  container.dispose();
  for (const weight of weights) weight.dispose();
  for (const { val } of made) val.dispose();
}

function networkOf(
  container: ContainerObject,
  topology: LayersSource['topology'],
  file: string,
  output: string | undefined,
): Network {
  const flat = new Flattening(file);
  const made = weightsMade();
  if (container.inputs.length === 0) throw new Failure(`${file} has no input.`, { file });
  const inputs = container.inputs.map((symbol) => flat.addInput(symbol));
  try {
    const ids = flat.inline(container, inputs, '');
    const operations = flat.named();
    const outputs = outputsOf(operations, ids);
    const network: Network = {
      name: container.name,
      operations,
      inputs,
      outputs,
      head: headOf(operations, outputs, file, output),
      parameters: container.countParams(),
      dispose: () => {
        flat.dispose();
        disposeAll(container, made);
      },
    };
    keepSource(network, { topology, container, operations: flat.sources(), inlined: flat.inlined });
    return network;
  } catch (error) {
    flat.dispose();
    throw error;
  }
}

/** An operation with what its name is made of. */
interface Entry {
  readonly operation: Operation;
  readonly layer: LayerObject;
  /** Where its model stands, '' or ending in '/'. */
  readonly path: string;
  /** Which of the layer's calls it is. */
  readonly call: number;
  /** Goes after the layer's name. */
  readonly part: string;
  /** The model that calls it, and the node it calls it by; null for an input. */
  readonly caller: { readonly container: ContainerObject; readonly node: LayerNode } | null;
}

/** Walks a model and the models inside it, and writes down one list of operations. */
class Flattening {
  private readonly entries: Entry[] = [];
  private readonly calls = new Map<LayerObject, number>();
  private readonly parameters = new Map<LayerObject, number>();
  /** Tensors made for the operations' algebra. */
  private readonly owned: Tensor[] = [];
  /** The models inside the model, and the ids of what they are called on. */
  readonly inlined: { readonly container: ContainerObject; readonly inputs: readonly string[] }[] = [];

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
    const layer = symbol.sourceLayer as unknown as LayerObject;
    this.entries.push({ operation, layer, path: '', call: 0, part: '', caller: null });
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
    if (path !== '') this.inlined.push({ container, inputs });
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
      const outputs = this.call(container, node, read, path);
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
    for (const { layer } of this.entries) {
      byName.set(layer.name, (byName.get(layer.name) ?? new Set()).add(layer));
    }
    return this.entries.map(({ operation, layer, path, call, part }) => {
      const unique = byName.get(layer.name)?.size === 1;
      const whole = `${unique ? '' : path}${layer.name}`;
      const base = `${whole}${part}`;
      return {
        ...operation,
        name: call === 0 ? base : `${base}@${String(call)}`,
        layer: { name: whole, parameters: this.parametersOf(layer) },
      };
    });
  }

  /** By operation id the call that it is a part of. */
  sources(): LayersSource['operations'] {
    return new Map(
      this.entries.flatMap(({ operation, layer, path, call, caller }) => {
        if (caller === null) return [];
        const isOutput = operation.id === `${path}${layer.name}@${String(call)}`;
        const around = this.calls.get(caller.container) ?? 1;
        return [[operation.id, { ...caller, layer, isOutput, calls: this.calls.get(layer) ?? 1, around }]];
      }),
    );
  }

  private parametersOf(layer: LayerObject): number {
    const known = this.parameters.get(layer) ?? layer.countParams();
    this.parameters.set(layer, known);
    return known;
  }

  /** Frees what was made for the operations' algebra. */
  dispose(): void {
    for (const tensor of this.owned.splice(0)) tensor.dispose();
  }

  /** @returns ids of the outputs of one call */
  private call(
    container: ContainerObject,
    node: LayerNode,
    inputs: readonly string[],
    path: string,
  ): string[] {
    const layer = node.outboundLayer;
    const call = this.calls.get(layer) ?? 0;
    this.calls.set(layer, call + 1);
    const id = `${path}${layer.name}@${String(call)}`;
    if (isContainer(layer)) return this.inline(layer, inputs, `${id}/`);
    return layerParts({
      layer,
      file: this.file,
      kwargs: { ...node.callArgs, training: false },
      inputs,
      inputShapes: node.inputTensors.map(({ shape }) => shape),
      outputShapes: node.outputTensors.map(({ shape }) => shape),
      add: ({ at, name: part = '', ...described }) => {
        const operation: Operation = {
          ...described,
          id: `${id}${at}`,
          name: layer.name,
          type: layer.getClassName(),
        };
        this.entries.push({ operation, layer, path, call, part, caller: { container, node } });
        return operation.id;
      },
      own: (tensor) => {
        this.owned.push(tensor);
        return tensor;
      },
    } satisfies LayerCall);
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

/** Says in a sentence why tfjs-layers would not build the model. */
function loadFailure(cause: unknown, file: string): Error {
  if (cause instanceof Failure && cause.file === file) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const unknown = /Unknown layer: (\w+)/.exec(message)?.[1];
  if (unknown !== undefined) {
    return new Failure(`${file} uses the layer ${unknown}, which TensorFlow.js does not have.`, {
      file,
      cause,
    });
  }
  return new Failure(`${file} is not a layers model that can be read: ${firstSentence(message)}`, {
    file,
    cause,
  });
}
