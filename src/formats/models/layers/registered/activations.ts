import {
  abs,
  add,
  clipByValue,
  elu,
  exp,
  leakyRelu,
  less,
  lessEqual,
  mul,
  neg,
  relu,
  serialization,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
  tidy,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';

type Settings = serialization.ConfigDict;

/** Activations of Keras that tfjs-layers lacks, by their name there. */
const FUNCTIONS: Readonly<Record<string, (x: Tensor, settings: Settings) => Tensor>> = {
  /** relu6(x + 3) / 6, as in Keras 3; the one of tfjs-layers is that of Keras 2. */
  hardSigmoidSix: (x) => clipByValue(add(mul(x, 1 / 6), 0.5), 0, 1),
  hardSilu: (x) => mul(x, clipByValue(add(mul(x, 1 / 6), 0.5), 0, 1)),
  geluApproximate: (x) => {
    const inner = mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(square(x), x))));
    return mul(mul(0.5, x), add(1, tanh(inner)));
  },
  exponential: (x) => exp(x),
  leakyRelu: (x, settings) => leakyRelu(x, slopeOf(settings)),
  celu: (x) => elu(x),
  logSigmoid: (x) => neg(softplus(neg(x))),
  squareplus: (x) => mul(0.5, add(x, sqrt(add(square(x), 4)))),
  hardTanh: (x) => clipByValue(x, -1, 1),
  tanhShrink: (x) => sub(x, tanh(x)),
  softShrink: (x) => sub(relu(sub(x, 0.5)), relu(sub(neg(x), 0.5))),
  hardShrink: (x) => where(lessEqual(abs(x), 0.5), zerosLike(x), x),
  sparseSigmoid: (x) => clipByValue(mul(0.5, add(x, 1)), 0, 1),
  sparsePlus: (x) =>
    where(lessEqual(x, -1), zerosLike(x), where(less(x, 1), mul(0.25, square(add(x, 1))), x)),
};

/** The slope below 0 of a leaky rectifier used as an activation. */
export function slopeOf(settings: Readonly<Record<string, unknown>>): number {
  const slope = settings['negativeSlope'];
  return typeof slope === 'number' ? slope : 0.2;
}

/** A class for each activation. */
export const activationClasses = Object.entries(FUNCTIONS).map(
  ([name, compute]) =>
    class extends serialization.Serializable {
      static readonly className = name;

      constructor(readonly settings: Settings = {}) {
        super();
      }

      apply(x: Tensor): Tensor {
        return tidy(() => compute(x, this.settings));
      }

      getConfig(): Settings {
        return {};
      }
    },
);
