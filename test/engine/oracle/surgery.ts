/**
 * Puts a mask layer into a copy of a layers model, with nothing but the public interface of stock TensorFlow.js:
 * every layer is cloned from its configuration and weights and applied again to new symbolic tensors; nested
 * models are inlined on the way.
 */
import * as tf from '@tensorflow/tfjs-node';

type Layer = tf.layers.Layer;
type GraphNode = Layer['inboundNodes'][number];

/** Multiplies the last axis of its input by a vector of its own, at first all ones. */
class Mask extends tf.layers.Layer {
  static readonly className = 'OracleMask';

  override build(shape: tf.Shape | tf.Shape[]): void {
    const units = (shape as tf.Shape).at(-1) as number;
    this.addWeight('mask', [units], 'float32', tf.initializers.ones(), undefined, false);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => tf.mul(input, (this.weights[0] as tf.LayerVariable).read()));
  }
}
tf.serialization.registerClass(Mask);

/** A copy of a model with a mask in it. */
export interface Masked {
  /** Outputs: class scores, then, in this order where there are any, logits and the masked tensor. */
  readonly model: tf.LayersModel;
  /** Index of the logits among the outputs; null where the head is neither softmax nor sigmoid. */
  readonly logits: number | null;
  /** Index of the tensor the mask was put on, after masking; null without a mask. */
  readonly site: number | null;
  /** What the head does to the logits. */
  readonly head: 'softmax' | 'sigmoid' | null;
  /** Lets everything through but the units given. */
  block(units: readonly number[]): void;
}

/**
 * Copies `original` with a mask after one call of one layer.
 *
 * @param at the layer, `outer/inner` for a layer of a nested model, with `@k` after a name for its k-th call
 *   counted from 0 (`shared@1` is the second); null copies the model as it is
 * @param scores index of the output that holds the class scores
 * @throws Error where `at` names no call of the model
 */
export function insertMask(original: tf.LayersModel, at: string | null, scores: number): Masked {
  const copy = new Copy(at);
  const inputs = original.inputs.map((input) => tf.input({ batchShape: input.shape, dtype: input.dtype }));
  const outputs = copy.container(original, inputs, '');
  if (at !== null && copy.masked === null) throw new Error(`The model has no call "${at}".`);
  const output = outputs[scores] as tf.SymbolicTensor;
  const head = copy.logits(output);
  const all = [output];
  const logits = head === null ? null : all.push(head.logits) - 1;
  const site = copy.masked === null ? null : all.push(copy.masked) - 1;
  const model = tf.model({ inputs, outputs: all });
  copy.setWeights();
  return {
    model,
    logits,
    site,
    head: head === null ? null : head.kind,
    block: (units) => {
      const values = new Float32Array((copy.mask.weights[0] as tf.LayerVariable).shape[0] as number).fill(1);
      for (const unit of units) values[unit] = 0;
      const tensor = tf.tensor1d(values);
      copy.mask.setWeights([tensor]);
      tensor.dispose();
    },
  };
}

class Copy {
  readonly mask = new Mask({ name: 'oracle_mask' });
  masked: tf.SymbolicTensor | null = null;
  private readonly clones = new Map<Layer, Layer>();
  private readonly copies: { readonly from: Layer; readonly to: Layer }[] = [];
  private readonly makers = new Map<tf.SymbolicTensor, { layer: Layer; inputs: tf.SymbolicTensor[] }>();

  constructor(private readonly at: string | null) {}

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
      if (address === this.at) {
        this.masked = this.mask.apply(to[0] as tf.SymbolicTensor) as tf.SymbolicTensor;
        to = [this.masked];
      }
      node.outputTensors.forEach((tensor, i) => made.set(tensor, to[i] as tf.SymbolicTensor));
    }
    return model.outputs.map((tensor) => made.get(tensor) as tf.SymbolicTensor);
  }

  /** The input of the softmax or sigmoid that made `scores`. */
  logits(scores: tf.SymbolicTensor): { kind: 'softmax' | 'sigmoid'; logits: tf.SymbolicTensor } | null {
    const maker = this.makers.get(scores);
    if (maker === undefined) return null;
    const config = maker.layer.getConfig();
    const type = maker.layer.getClassName();
    const kind = type === 'Softmax' ? 'softmax' : config['activation'];
    if (kind !== 'softmax' && kind !== 'sigmoid') return null;
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
