/** What an operation's algebra says it computes, by plain arithmetic in float64. */
import type { Algebra } from '../../src/core/network/network';

/** A tensor's values, row-major. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Windows = Extract<Algebra, { kind: 'convolution' | 'depthwise' }>;

/** The output, or null where the algebra does not tell it. */
export function plainOutput(algebra: Algebra, inputs: readonly Values[]): Values | null {
  const x = inputs[0]!;
  switch (algebra.kind) {
    case 'identity':
      return x;
    case 'dense':
      return dense(x, valuesOf(algebra.kernel), algebra.bias && valuesOf(algebra.bias));
    case 'convolution':
    case 'depthwise':
      return windows(x, algebra);
    case 'embedding': {
      const table = valuesOf(algebra.table);
      const units = table.shape[1]!;
      const data = new Float64Array(x.data.length * units);
      x.data.forEach((word, n) => data.set(table.data.subarray(word * units, (word + 1) * units), n * units));
      return { shape: [...x.shape, units], data };
    }
    case 'affine': {
      const { scale, offset } = algebra;
      const channels = x.shape.at(-1)!;
      return map(x, (v, e) => v * (scale?.[e % channels] ?? 1) + (offset?.[e % channels] ?? 0));
    }
    case 'pointwise': {
      const { name, rectifier } = algebra;
      if (rectifier !== null) {
        return map(x, (v) => (v < 0 ? rectifier.slope * v : Math.min(v, rectifier.most)));
      }
      const formula = POINTWISE[name];
      return formula === undefined ? null : map(x, formula);
    }
    case 'pooling':
      return algebra.global ? globalPooling(x, algebra.how) : null;
    case 'reshape':
      return algebra.moves === 'flatten' ? { ...x, shape: [x.shape[0]!, x.data.length / x.shape[0]!] } : null;
    case 'add':
      return map(x, (_, e) => inputs.reduce((sum, { data }) => sum + data[e]!, 0));
    case 'multiply':
      return map(x, (_, e) => inputs.reduce((product, { data }) => product * data[e]!, 1));
    case 'concatenate':
      return concatenate(inputs, algebra.axis);
    case 'softmax':
      return softmax(x);
    case 'recurrent':
    case 'input':
    case 'opaque':
      return null;
  }
}

/** A tensor's values. */
export function valuesOf(tensor: { shape: readonly number[]; dataSync(): ArrayLike<number> }): Values {
  return { shape: tensor.shape, data: Float64Array.from(tensor.dataSync()) };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const SELU = [1.0507009873554805, 1.6732632423543772] as const;

/** Functions of one number, as the literature gives them. */
const POINTWISE: Readonly<Record<string, (x: number) => number>> = {
  tanh: Math.tanh,
  sigmoid,
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  selu: (x) => SELU[0] * (x < 0 ? SELU[1] * Math.expm1(x) : x),
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  swish: (x) => x * sigmoid(x),
  thresholded_relu: (x) => (x > 1 ? x : 0),
  hardSigmoidSix: (x) => Math.min(1, Math.max(0, x / 6 + 0.5)),
  hardSilu: (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)),
  geluApproximate: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

function map(x: Values, change: (value: number, element: number) => number): Values {
  return { shape: x.shape, data: x.data.map(change) };
}

function dense(x: Values, kernel: Values, bias: Values | null): Values {
  const [before, units] = kernel.shape as [number, number];
  const rows = x.data.length / before;
  const data = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let u = 0; u < units; u++) {
      let sum = bias?.data[u] ?? 0;
      for (let i = 0; i < before; i++) sum += x.data[row * before + i]! * kernel.data[i * units + u]!;
      data[row * units + u] = sum;
    }
  }
  return { shape: [...x.shape.slice(0, -1), units], data };
}

/** A convolution or a depthwise convolution over any number of axes, channels last. */
function windows(x: Values, algebra: Windows): Values {
  const { strides, dilations, padding } = algebra;
  const kernel = valuesOf(algebra.kernel);
  const bias = algebra.bias && valuesOf(algebra.bias);
  const isDepthwise = algebra.kind === 'depthwise';
  const [batch, ...sizes] = x.shape as [number, ...number[]];
  const channels = sizes.pop()!;
  const last = kernel.shape.at(-1)!;
  const units = isDepthwise ? channels * last : last;
  const axes = sizes.map((size, axis) => {
    const reach = dilations[axis]! * (kernel.shape[axis]! - 1);
    const stride = strides[axis]!;
    if (padding === 'valid') return { out: Math.ceil((size - reach) / stride), before: 0 };
    const out = Math.ceil(size / stride);
    const padded = Math.max(0, (out - 1) * stride + reach + 1 - size);
    return { out, before: padding === 'causal' ? reach : Math.floor(padded / 2) };
  });
  const outs = axes.map(({ out }) => out);
  const positions = product(outs);
  const taps = product(kernel.shape.slice(0, sizes.length));
  const data = new Float64Array(batch * positions * units);
  for (let n = 0; n < batch; n++) {
    for (let position = 0; position < positions; position++) {
      const at = unravel(position, outs);
      for (let u = 0; u < units; u++) {
        let sum = bias?.data[u] ?? 0;
        for (let tap = 0; tap < taps; tap++) {
          const offsets = unravel(tap, kernel.shape.slice(0, sizes.length));
          let element = n;
          const isInside = sizes.every((size, axis) => {
            const place = at[axis]! * strides[axis]! + offsets[axis]! * dilations[axis]! - axes[axis]!.before;
            element = element * size + place;
            return place >= 0 && place < size;
          });
          if (!isInside) continue;
          for (let c = 0; c < channels; c++) {
            if (isDepthwise && Math.floor(u / last) !== c) continue;
            const weight = kernel.data[(tap * channels + c) * last + (isDepthwise ? u % last : u)]!;
            sum += x.data[element * channels + c]! * weight;
          }
        }
        data[(n * positions + position) * units + u] = sum;
      }
    }
  }
  return { shape: [batch, ...outs, units], data };
}

function globalPooling(x: Values, how: 'max' | 'average'): Values {
  const batch = x.shape[0]!;
  const channels = x.shape.at(-1)!;
  const positions = x.data.length / batch / channels;
  const data = new Float64Array(batch * channels).map((_, e) => {
    const start = Math.floor(e / channels) * positions * channels + (e % channels);
    const values = Array.from({ length: positions }, (_none, p) => x.data[start + p * channels]!);
    return how === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / positions;
  });
  return { shape: [batch, channels], data };
}

function concatenate(inputs: readonly Values[], axis: number): Values {
  const { shape } = inputs[0]!;
  const rows = product(shape.slice(0, axis));
  const widths = inputs.map(({ data }) => data.length / rows);
  const parts = Array.from({ length: rows }, (_, row) =>
    inputs.flatMap(({ data }, k) => [...data.subarray(row * widths[k]!, (row + 1) * widths[k]!)]),
  );
  const size = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
  return {
    shape: [...shape.slice(0, axis), size, ...shape.slice(axis + 1)],
    data: Float64Array.from(parts.flat()),
  };
}

function softmax(x: Values): Values {
  const width = x.shape.at(-1)!;
  const data = new Float64Array(x.data.length);
  for (let row = 0; row < data.length; row += width) {
    const exponents = x.data.subarray(row, row + width).map(Math.exp);
    const sum = exponents.reduce((a, b) => a + b, 0);
    data.set(
      exponents.map((value) => value / sum),
      row,
    );
  }
  return { shape: x.shape, data };
}

/** A position's index on each axis. */
function unravel(position: number, sizes: readonly number[]): number[] {
  const at: number[] = [];
  let rest = position;
  for (const size of [...sizes].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((n, size) => n * size, 1);
}
