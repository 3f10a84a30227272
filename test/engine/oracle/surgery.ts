/**
 * Puts mask layers into a copy of a layers model, with nothing but the public interface of stock TensorFlow.js:
 * every layer is cloned from its configuration and weights and applied again to new symbolic tensors; nested
 * models are inlined on the way.
 */
import * as tf from '@tensorflow/tfjs-node';
import { BlockedLoop, loopPlaces, Mask, type Blocking } from './clampLayers';

type Layer = tf.layers.Layer;
type GraphNode = Layer['inboundNodes'][number];

/** What a model's class scores are, and so where its loss is read. */
export type HeadKind = 'softmax' | 'sigmoid' | 'probabilities' | 'logits';

/** A copy of a model with masks in it. */
export interface Masked {
  /**
   * Inputs: the model's own, then, where values are replaced, one replacement a place in the order asked for.
   * Outputs: class scores, logits where there are any, the masked tensors.
   */
  readonly model: tf.LayersModel;
  readonly head: HeadKind;
  /** Index of the logits among the outputs; null where the head gives probabilities. */
  readonly logits: number | null;
  /** Index of the first masked tensor among the outputs. */
  readonly sites: number;
  /** One a place, in the order asked for. */
  readonly masks: readonly Blocking[];
  dispose(): void;
}

/**
 * Copies `original` with masks after some calls of layers; in a recurrent layer the states are masked.
 *
 * @param places calls of layers: `outer/inner` for a layer of a nested model, with `@k` after a name for its k-th
 *   call counted from 0 (`shared@1` is the second); a bidirectional layer's are `layer/forward` and
 *   `layer/backward`, of which one call can have one
 * @param scores index of the output that holds the class scores
 * @param replaced whether blocked units take the values of further inputs, and not 0
 * @throws Error where a place is no call of the model
 */
export function insertMasks(
  original: tf.LayersModel,
  places: readonly string[],
  scores: number,
  replaced: boolean,
): Masked {
  const copy = new Copy(places, replaced);
  const inputs = original.inputs.map((input) => tf.input({ batchShape: input.shape, dtype: input.dtype }));
  const outputs = copy.container(original, inputs, '');
  const blocked = places.map((at) => {
    const found = copy.blocked.get(at);
    if (found === undefined) throw new Error(`The model has no call "${at}".`);
    return found;
  });
  const output = outputs[scores] as tf.SymbolicTensor;
  const { kind, logits } = copy.headOf(output);
  const before = logits === null || logits === output ? [output] : [output, logits];
  const model = tf.model({
    inputs: [...inputs, ...blocked.flatMap(({ replacement }) => replacement ?? [])],
    outputs: [...before, ...blocked.map(({ tensor }) => tensor)],
  });
  copy.setWeights();
  return {
    model,
    head: kind,
    logits: logits === null ? null : before.indexOf(logits),
    sites: before.length,
    masks: blocked.map(({ mask }) => mask),
    dispose: () => {
      // Recurrent layers that were put into a loop are no layers of the copy.
      for (const layer of copy.layers) if (!model.layers.includes(layer)) layer.dispose();
      model.dispose();
    },
  };
}

interface Blocked {
  readonly mask: Blocking;
  readonly tensor: tf.SymbolicTensor;
  readonly replacement: tf.SymbolicTensor | null;
}

class Copy {
  readonly blocked = new Map<string, Blocked>();
  private readonly clones = new Map<Layer, Layer>();
  private readonly copies: { readonly from: Layer; readonly to: Layer }[] = [];
  private readonly makers = new Map<tf.SymbolicTensor, { layer: Layer; inputs: tf.SymbolicTensor[] }>();

  constructor(
    private readonly places: readonly string[],
    private readonly replaced: boolean,
  ) {}

  /** Applies all layers of a model to new inputs; gives the new outputs. */
  container(model: tf.LayersModel, inputs: tf.SymbolicTensor[], path: string): tf.SymbolicTensor[] {
    if (model instanceof tf.Sequential && !model.built) model.build();
    const made = new Map<tf.SymbolicTensor, tf.SymbolicTensor>();
    model.inputs.forEach((input, i) => made.set(input, inputs[i] as tf.SymbolicTensor));
    const depths = Object.keys(model.nodesByDepth).map(Number);
    const nodes = depths.sort((a, b) => b - a).flatMap((depth) => model.nodesByDepth[depth] as GraphNode[]);
    const inside = new Set(nodes);
    for (const node of nodes) {
      const layer = node.outboundLayer;
      if (layer.getClassName() === 'InputLayer') continue;
      const name = layer.name.slice(layer.name.lastIndexOf('/') + 1);
      const call = layer.inboundNodes.filter((other) => inside.has(other)).indexOf(node);
      const address = path + name + (call === 0 ? '' : `@${call}`);
      const from = node.inputTensors.map((tensor) => made.get(tensor) as tf.SymbolicTensor);
      let to =
        layer instanceof tf.LayersModel
          ? this.container(layer, from, `${address}/`)
          : this.apply(layer, from, node, path);
      const loops = loopPlaces(layer, address);
      for (const [direction, at] of loops.entries()) {
        if (this.places.includes(at)) to = [this.blockLoop(at, layer, from, direction as 0 | 1)];
      }
      if (loops.length === 0 && this.places.includes(address)) {
        to = [this.block(address, to[0] as tf.SymbolicTensor)];
      }
      node.outputTensors.forEach((tensor, i) => made.set(tensor, to[i] as tf.SymbolicTensor));
    }
    return model.outputs.map((tensor) => made.get(tensor) as tf.SymbolicTensor);
  }

  /** All layers that were cloned. */
  get layers(): readonly Layer[] {
    return this.copies.map(({ to }) => to);
  }

  /** What the scores are, and the input of the softmax or sigmoid that made them. */
  headOf(scores: tf.SymbolicTensor): { kind: HeadKind; logits: tf.SymbolicTensor | null } {
    const maker = this.makers.get(scores);
    if (maker === undefined) throw new Error('The class scores are the output of no layer.');
    const config = maker.layer.getConfig();
    const type = maker.layer.getClassName();
    const kind = type === 'Softmax' ? 'softmax' : config['activation'];
    if (kind !== 'softmax' && kind !== 'sigmoid') return { kind: 'logits', logits: scores };
    if (kind === 'sigmoid' && scores.shape.at(-1) !== 1) return { kind: 'probabilities', logits: null };
    if (type === 'Softmax' || type === 'Activation')
      return { kind, logits: maker.inputs[0] as tf.SymbolicTensor };
    const linear = revive(type, {
      ...config,
      name: 'oracle_logits',
      activation: 'linear',
    });
    this.copies.push({ from: maker.layer, to: linear });
    return { kind, logits: linear.apply(maker.inputs) as tf.SymbolicTensor };
  }

  /** Gives every copied layer the weights of its original. */
  setWeights(): void {
    for (const { from, to } of this.copies) if (from.weights.length > 0) to.setWeights(from.getWeights());
  }

  /** Puts a mask after a call; gives what everything after it reads. */
  private block(at: string, output: tf.SymbolicTensor): tf.SymbolicTensor {
    const mask = new Mask({ name: `oracle_mask_${this.blocked.size}` });
    const replacement = this.replacement(output.shape);
    const masked = mask.apply(replacement === null ? output : [output, replacement]) as tf.SymbolicTensor;
    this.blocked.set(at, { mask, tensor: masked, replacement });
    return masked;
  }

  /** Puts a mask into the loop of a recurrent layer, in one direction; gives the layer's output. */
  private blockLoop(
    at: string,
    layer: Layer,
    from: tf.SymbolicTensor[],
    direction: 0 | 1,
  ): tf.SymbolicTensor {
    const name = `oracle_mask_${this.blocked.size}`;
    const loop = new BlockedLoop(this.clones.get(layer) as Layer, direction, name);
    const input = from[0] as tf.SymbolicTensor;
    const replacement = this.replacement([...input.shape.slice(0, 2), loop.units] as tf.Shape);
    const [masked, states] = loop.apply(replacement === null ? input : [input, replacement]) as [
      tf.SymbolicTensor,
      tf.SymbolicTensor,
    ];
    this.blocked.set(at, { mask: loop, tensor: states, replacement });
    return masked;
  }

  private replacement(shape: tf.Shape): tf.SymbolicTensor | null {
    return this.replaced ? tf.input({ batchShape: shape }) : null;
  }

  private apply(layer: Layer, from: tf.SymbolicTensor[], node: GraphNode, path: string): tf.SymbolicTensor[] {
    let clone = this.clones.get(layer);
    if (clone === undefined) {
      const name = `oracle_${path.replaceAll(/\W/g, '_')}${layer.name.replaceAll(/\W/g, '_')}`;
      clone = revive(layer.getClassName(), { ...layer.getConfig(), name });
      this.clones.set(layer, clone);
      this.copies.push({ from: layer, to: clone });
    }
    const output = clone.apply(from.length === 1 ? (from[0] as tf.SymbolicTensor) : from, node.callArgs);
    const to = (Array.isArray(output) ? output : [output]) as tf.SymbolicTensor[];
    for (const tensor of to) this.makers.set(tensor, { layer, inputs: from });
    return to;
  }
}

/** A new layer of a registered class. */
function revive(type: string, config: tf.serialization.ConfigDict): Layer {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[type];
  if (entry === undefined) throw new Error(`Stock TensorFlow.js has no layer ${type}.`);
  const layer: unknown = entry[1](entry[0], config);
  if (layer instanceof tf.layers.Layer) return layer;
  throw new Error(`${type} is not a layer.`);
}
