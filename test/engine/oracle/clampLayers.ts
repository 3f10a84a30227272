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

const RECURRENT = new Set(['SimpleRNN', 'GRU', 'LSTM', 'Bidirectional']);

/** Is this a layer whose state has to be clamped at every step? */
export function isRecurrent(layer: Layer): boolean {
  return RECURRENT.has(layer.getClassName());
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
    return (Array.isArray(shape[0]) ? shape[0] : shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, v] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor, tf.Tensor | undefined];
    return tf.tidy(() => this.clamp(x, v));
  }
}
tf.serialization.registerClass(Mask);

/**
 * Runs the cells of a recurrent layer in a loop over the time steps, written out here, and blocks units of the
 * state h at every step, before it is output and fed back. Outputs: what the layer outputs, and all states
 * `[samples, steps, units]`, which is also the replacement's shape; a bidirectional layer's states stand side by
 * side, both at the step of the input that they were made from.
 */
export class BlockedLoop extends Blocking {
  static readonly className = 'OracleLoop';
  readonly units: number;
  private readonly directions: readonly Recurrent[];

  /** @param layer built, and with the weights it shall have */
  constructor(
    private readonly layer: Layer,
    name: string,
  ) {
    super({ name });
    if (layer.getClassName() === 'Bidirectional') {
      const { forwardLayer, backwardLayer, mergeMode } = layer as Bidirectional;
      if (mergeMode !== 'concat')
        throw new Error(`A bidirectional layer that merges by ${String(mergeMode)}.`);
      this.directions = [forwardLayer, backwardLayer];
    } else {
      this.directions = [layer as Recurrent];
    }
    this.units = this.directions.reduce((sum, { cell }) => sum + sizesOf(cell)[0]!, 0);
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
      const made = this.directions.map((direction, index) => this.run(direction, index, x, v));
      const states = tf.concat(
        made.map((one) => one.states),
        -1,
      );
      const output = tf.concat(
        made.map((one) => one.output),
        -1,
      );
      return [output, states];
    });
  }

  private run(
    layer: Recurrent,
    index: number,
    x: tf.Tensor,
    v: tf.Tensor | undefined,
  ): { states: tf.Tensor; output: tf.Tensor } {
    const { cell } = layer;
    const sizes = sizesOf(cell);
    const first = index === 0 ? 0 : sizesOf(this.directions[0]!.cell)[0]!;
    const steps = tf.unstack(x, 1);
    const mask = (this.weights[0] as tf.LayerVariable).read().slice([first], [sizes[0]!]);
    const replacement = v === undefined ? null : tf.unstack(v.slice([0, 0, first], [-1, -1, sizes[0]!]), 1);
    const order = steps.map((_, step) => step);
    if (layer.goBackwards === true) order.reverse();
    let state = sizes.map((size) => tf.zeros([x.shape[0], size]));
    const byStep: tf.Tensor[] = [];
    for (const step of order) {
      const after = cell.call([steps[step]!, ...state], { training: false }) as tf.Tensor[];
      const kept = tf.mul(after[1]!, mask);
      const h = replacement === null ? kept : tf.add(kept, tf.mul(replacement[step]!, tf.sub(1, mask)));
      state = [h, ...after.slice(2)];
      byStep[step] = h;
    }
    const sequence = this.directions.length === 2 ? byStep : order.map((step) => byStep[step]!);
    return {
      states: tf.stack(byStep, 1),
      output: layer.returnSequences === true ? tf.stack(sequence, 1) : byStep[order.at(-1)!]!,
    };
  }
}
tf.serialization.registerClass(BlockedLoop);

function sizesOf({ stateSize }: Cell): number[] {
  return Array.isArray(stateSize) ? stateSize : [stateSize];
}
