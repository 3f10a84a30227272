import { add, matMul, mul, neg, split, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Algebra } from '../../../core/network/network';
import type { CellObject } from '../layerInternals';
import { stepResetAfter } from './registered/gruResetAfter';

/**
 * One step of a recurrent layer: from the input `[batch, in]` and the states before, `[batch, units]` each, to the
 * states after. The first state is h, which is also the output; an LSTM's second is its cell state c.
 */
export type Step = (x: Tensor, states: readonly Tensor[]) => Tensor[];

/** A cell whose steps this program runs by itself. */
export interface Cell {
  readonly units: number;
  /** How many states it carries from step to step. */
  readonly states: number;
  readonly algebra: Algebra;
  readonly step: Step;
}

/**
 * The cell of a SimpleRNN, GRU or LSTM layer, computed in the order in which TensorFlow.js does it, so that the
 * numbers are the same to the last bit. Dropout inside a cell does nothing at inference. Null for other cells.
 */
export function cellOf(cell: CellObject): Cell | null {
  const type = cell.getClassName();
  const step = STEPS[type];
  const gates = GATES[type];
  if (step === undefined || gates === undefined) return null;
  const kernel = cell.kernel.read();
  const recurrentKernel = cell.recurrentKernel.read();
  const bias = cell.bias?.read() ?? null;
  return {
    units: cell.units,
    states: type === 'LSTMCell' ? 2 : 1,
    algebra: { kind: 'recurrent', gates, kernel, recurrentKernel, bias },
    step: (x, states) => tidy(() => step(cell, x, states)),
  };
}

/** Blocks of columns in a kernel, `units` wide each. */
const GATES: Readonly<Record<string, number>> = {
  SimpleRNNCell: 1,
  GRUCell: 3,
  GRUCellResetAfter: 3,
  LSTMCell: 4,
};

const STEPS: Readonly<Record<string, (cell: CellObject, x: Tensor, states: readonly Tensor[]) => Tensor[]>> =
  {
    SimpleRNNCell: (cell, x, [h]) => [
      cell.activation.apply(
        add(biased(cell, times(x, cell.kernel.read())), times(h, cell.recurrentKernel.read())),
      ),
    ],
    /** With the reset gate before the product, the only form that TensorFlow.js itself has. */
    GRUCell: (cell, x, [h]) => {
      const { units } = cell;
      const [kernelGates, kernelState] = split(cell.recurrentKernel.read(), [2 * units, units], 1);
      const [inputZ, inputR, inputH] = split(biased(cell, times(x, cell.kernel.read())), 3, 1);
      const [stateZ, stateR] = split(times(h, kernelGates), 2, 1);
      const z = cell.recurrentActivation.apply(add(inputZ!, stateZ!));
      const r = cell.recurrentActivation.apply(add(inputR!, stateR!));
      const proposed = cell.activation.apply(add(inputH!, times(mul(r, h!), kernelState)));
      return [add(mul(z, h!), mul(add(1, neg(z)), proposed))];
    },
    GRUCellResetAfter: stepResetAfter,
    LSTMCell: (cell, x, [h, c]) => {
      const sum = add(times(x, cell.kernel.read()), times(h, cell.recurrentKernel.read()));
      const [input, forget, proposed, output] = split(biased(cell, sum), 4, 1);
      const kept = mul(cell.recurrentActivation.apply(forget!), c!);
      const written = mul(cell.recurrentActivation.apply(input!), cell.activation.apply(proposed!));
      const carried = add(kept, written);
      return [mul(cell.recurrentActivation.apply(output!), cell.activation.apply(carried)), carried];
    },
  };

function times(x: Tensor | undefined, kernel: Tensor | undefined): Tensor {
  return matMul(x as Tensor2D, kernel as Tensor2D);
}

function biased(cell: CellObject, x: Tensor): Tensor {
  return cell.bias === null ? x : add(x, cell.bias.read());
}
