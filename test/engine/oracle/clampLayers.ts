/**
 * Layers that block units: stock TensorFlow.js layers of the oracle's own, put into a copy of a model. A blocked
 * unit takes the value of a replacement v: x·mask + v·(1 − mask), the mask being 0 at the unit and 1 elsewhere.
 */
import * as tf from '@tensorflow/tfjs-node';

type Layer = tf.layers.Layer;
/** What the types hide of a recurrent layer: its cell, or the two layers of a bidirectional one. */
type Recurrent = Layer & { cell: Cell; goBackwards?: boolean; returnSequences?: boolean };
type Bidirectional = Layer & { forwardLayer: Recurrent; backwardLayer: Recurrent; mergeMode: string | null };
type Cell = Layer & { stateSize: number | number[] };

/** The places of a layer's own states: itself, or of a bidirectional layer each direction; empty for others. */
export function loopPlaces(layer: Layer, address: string): string[] {
  const type = layer.getClassName();
  if (type === 'Bidirectional') return [`${address}/forward`, `${address}/backward`];
  return ['SimpleRNN', 'GRU', 'LSTM'].includes(type) ? [address] : [];
}

/** A layer with a mask over its units. */
export abstract class Blocking extends tf.layers.Layer {
  abstract readonly units: number;

  protected addMask(units: number): void {
    this.addWeight('mask', [units], 'float32', tf.initializers.ones(), undefined, false);
  }

  /** Lets everything through but the units given. */
  block(units: readonly number[]): void {
    const values = new Float32Array(this.units).fill(1);
    for (const unit of units) values[unit] = 0;
    const tensor = tf.tensor1d(values);
    this.setWeights([tensor]);
    tensor.dispose();
  }

  protected clamp(x: tf.Tensor, v: tf.Tensor | undefined): tf.Tensor {
    const mask = (this.weights[0] as tf.LayerVariable).read();
    return v === undefined ? tf.mul(x, mask) : tf.add(tf.mul(x, mask), tf.mul(v, tf.sub(1, mask)));
  }
}

/** Blocks units of its first input, along its last axis; the second, where given, is the replacement. */
export class Mask extends Blocking {
  static readonly className = 'OracleMask';

  get units(): number {
    return (this.weights[0] as tf.LayerVariable).shape[0] as number;
  }

  override build(shape: tf.Shape | tf.Shape[]): void {
    const first = (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
    this.addMask(first.at(-1) as number);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return Array.isArray(shape[0]) ? shape[0] : shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, v] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor, tf.Tensor | undefined];
    return tf.tidy(() => this.clamp(x, v));
  }
}
tf.serialization.registerClass(Mask);

/**
 * Runs the cells of a recurrent layer in a loop over the time steps, written out here, and blocks units of the
 * state h at every step, before it is output and fed back; of a bidirectional layer in one of its two directions.
 * Outputs: what the layer outputs, and all states of the blocked direction `[samples, steps, units]`, each at the
 * step of the input that it was made from; a replacement is of the same shape.
 */
export class BlockedLoop extends Blocking {
  static readonly className = 'OracleLoop';
  readonly units: number;
  private readonly directions: readonly Recurrent[];

  /**
   * @param layer built, and with the weights it shall have
   * @param blocked the direction whose units are blocked: 0, or 1 for the backward one
   */
  constructor(
    private readonly layer: Layer,
    private readonly blocked: 0 | 1,
    name: string,
  ) {
    super({ name });
    this.directions = isBidirectional(layer)
      ? [layer.forwardLayer, layer.backwardLayer]
      : [layer as Recurrent];
    const direction = this.directions[blocked];
    if (direction === undefined) throw new Error(`${layer.name} has no backward direction.`);
    this.units = sizesOf(direction.cell)[0] as number;
  }

  override build(): void {
    this.addMask(this.units);
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape[] {
    const first = (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
    const states = [first[0] as number, first[1] as number, this.units];
    return [this.layer.computeOutputShape(first) as tf.Shape, states];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const [x, v] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor, tf.Tensor | undefined];
    return tf.tidy(() => {
      const made = this.directions.map((direction, index) =>
        this.run(direction, index === this.blocked, x, v),
      );
      const outputs = made.map(({ output }) => output);
      return [this.merged(outputs), (made[this.blocked] as (typeof made)[number]).states];
    });
  }

  private merged(outputs: readonly tf.Tensor[]): tf.Tensor {
    const [forward, backward] = outputs as [tf.Tensor, tf.Tensor];
    if (!isBidirectional(this.layer)) return forward;
    switch (this.layer.mergeMode) {
      case 'concat':
        return tf.concat([forward, backward], -1);
      case 'sum':
        return tf.add(forward, backward);
      case 'ave':
        return tf.mul(0.5, tf.add(forward, backward));
      case 'mul':
        return tf.mul(forward, backward);
      default:
        throw new Error(`${this.layer.name} does not merge its directions.`);
    }
  }

  private run(
    layer: Recurrent,
    isBlocked: boolean,
    x: tf.Tensor,
    v: tf.Tensor | undefined,
  ): { states: tf.Tensor; output: tf.Tensor } {
    const steps = tf.unstack(x, 1);
    const replacements = v === undefined ? [] : tf.unstack(v, 1);
    const order = steps.map((_, step) => step);
    if (layer.goBackwards === true) order.reverse();
    let state = sizesOf(layer.cell).map((size) => tf.zeros([x.shape[0], size]));
    const byStep: tf.Tensor[] = [];
    for (const step of order) {
      const input = steps[step] as tf.Tensor;
      const [, h, ...others] = layer.cell.call([input, ...state], { training: false }) as [
        tf.Tensor,
        tf.Tensor,
        ...tf.Tensor[],
      ];
      const clamped = isBlocked ? this.clamp(h, replacements[step]) : h;
      state = [clamped, ...others];
      byStep[step] = clamped;
    }
    // By itself a layer that goes backwards outputs its states as it goes; in a bidirectional one they are turned.
    const sequence = isBidirectional(this.layer) ? byStep : order.map((step) => byStep[step] as tf.Tensor);
    return {
      states: tf.stack(byStep, 1),
      output: layer.returnSequences === true ? tf.stack(sequence, 1) : (byStep[order.at(-1)!] as tf.Tensor),
    };
  }
}
tf.serialization.registerClass(BlockedLoop);

function isBidirectional(layer: Layer): layer is Bidirectional {
  return layer.getClassName() === 'Bidirectional';
}

function sizesOf({ stateSize }: Cell): number[] {
  return Array.isArray(stateSize) ? stateSize : [stateSize];
}
