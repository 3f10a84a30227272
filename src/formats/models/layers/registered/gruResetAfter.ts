import {
  add,
  matMul,
  mul,
  split,
  sub,
  tidy,
  unstack,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, RNN, type GRUCellLayerArgs, type RNNLayerArgs } from '@tensorflow/tfjs-layers';
import type { CellObject } from '../../layerInternals';
import { onlyShape, type LayerShape, type Settings } from './registeredLayer';

type Cell = ReturnType<typeof layers.gruCell>;
const StockCell = layers.gruCell({ units: 1 }).constructor as new (settings: GRUCellLayerArgs) => Cell;

/** What the types hide of the stock cell. */
interface Inner {
  kernel: unknown;
  recurrentKernel: unknown;
  bias: unknown;
  units: number;
  useBias: boolean;
  built: boolean;
}

/**
 * A GRU's cell whose reset gate is applied after the product with the state, as in cuDNN and by default in Keras
 * since 2.0; tfjs-layers has only the other form. bias `[2, 3 · units]`: of the input, and of the state.
 */
export class GRUCellResetAfter extends StockCell {
  static readonly className: string = 'GRUCellResetAfter';

  constructor(settings: GRUCellLayerArgs) {
    super({ ...settings, resetAfter: false });
  }

  override build(input: LayerShape | LayerShape[]): void {
    const inner = this as unknown as Inner;
    const width = 3 * inner.units;
    const zeros = initializers.zeros();
    inner.kernel = this.addWeight('kernel', [onlyShape(input).at(-1)!, width], 'float32', zeros);
    inner.recurrentKernel = this.addWeight('recurrent_kernel', [inner.units, width], 'float32', zeros);
    inner.bias = inner.useBias ? this.addWeight('bias', [2, width], 'float32', zeros) : null;
    inner.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor[] {
    const [x, h] = inputs as [Tensor, Tensor];
    return tidy(() => {
      const [state] = stepResetAfter(this, x, [h]);
      return [state!, state!];
    });
  }

  override getConfig(): Settings {
    return { ...super.getConfig(), resetAfter: true };
  }
}

/** One step of the cell: the state after `x`. */
export function stepResetAfter(cell: CellObject, x: Tensor, [h]: readonly Tensor[]): Tensor[] {
  const biases = cell.bias === null ? [] : unstack(cell.bias.read());
  const product = (value: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor[] => {
    const made = matMul(value as Tensor2D, kernel as Tensor2D);
    return split(bias === undefined ? made : add(made, bias), 3, 1);
  };
  const [inputZ, inputR, inputH] = product(x, cell.kernel.read(), biases[0]);
  const [stateZ, stateR, stateH] = product(h!, cell.recurrentKernel.read(), biases[1]);
  const z = cell.recurrentActivation.apply(add(inputZ!, stateZ!));
  const r = cell.recurrentActivation.apply(add(inputR!, stateR!));
  const proposed = cell.activation.apply(add(inputH!, mul(r, stateH!)));
  return [add(mul(z, h!), mul(sub(1, z), proposed))];
}

/** The layer around {@link GRUCellResetAfter}. */
export class GRUResetAfter extends RNN {
  static override readonly className: string = 'GRUResetAfter';

  constructor(settings: GRUCellLayerArgs & Omit<RNNLayerArgs, 'cell'>) {
    super({ ...settings, cell: new GRUCellResetAfter(settings) });
  }

  static override fromConfig<T>(cls: new (settings: never) => T, config: Settings): T {
    return new cls(config as never);
  }
}
