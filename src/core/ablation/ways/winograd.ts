import { keep, matMul, reshape, tensor, tidy, tile, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Convolutions 3×3 by Winograd's minimal filtering: with stride 1 F(4×4, 3×3), 36 products where 144 would be
 * needed (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"); with stride 2, where the even
 * positions meet two taps and the odd ones one, F(4, 2) for the even and plain products for the odd, 81 of 144.
 * Values have their positions first, `[height, width, pairs, channels]`: both transforms are products with small
 * matrices from the left, one an axis, and the sums over channels are one matrix product for each of a tile's
 * products, in one call.
 */
export interface WinogradConvolution {
  /** @returns `[height, width, pairs, units]`, new */
  apply(x: Tensor): Tensor;
  dispose(): void;
}

/** Outputs of a tile along an axis. */
const OUT = 4;

/** A filter of three taps along an axis: outputs = output · ((kernel · taps) ⊙ (input · values)). */
interface Filter {
  /** `[products, values]`. */
  readonly input: readonly (readonly number[])[];
  /** `[products, 3]`. */
  readonly kernel: readonly (readonly number[])[];
  /** `[4, products]`. */
  readonly output: readonly (readonly number[])[];
}

/** `Π (x − root)`, lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots) {
    const raised = [0, ...coefficients];
    coefficients = raised.map((value, power) => value - root * (coefficients[power] ?? 0));
  }
  return coefficients;
}

/**
 * Minimal filtering of four outputs.
 * @param points where the polynomials are evaluated, infinity aside: as many as taps and outputs, less two
 */
function minimal(points: readonly number[], taps: number): Filter {
  const others = (point: number): number[] => points.filter((other) => other !== point);
  const powers = Array.from({ length: taps }, (_, power) => power);
  return {
    input: [...points.map((point) => [...polynomial(others(point)), 0]), polynomial(points)],
    kernel: [
      ...points.map((point) => {
        const size = others(point).reduce((product, other) => product * (point - other), 1);
        return powers.map((power) => point ** power / size);
      }),
      powers.map((power) => (power === taps - 1 ? 1 : 0)),
    ],
    output: [0, 1, 2, 3].map((power) => [
      ...points.map((point) => point ** power),
      power === OUT - 1 ? 1 : 0,
    ]),
  };
}

/** Values two apart: the even ones by minimal filtering with the outer taps, the odd ones with the middle tap. */
function everySecond(even: Filter): Filter {
  const spaced = (row: readonly number[]): number[] =>
    row.flatMap((value, index) => (index === 0 ? [value] : [0, value]));
  const unit = (at: number, length: number): number[] =>
    Array.from({ length }, (_, index) => (index === at ? 1 : 0));
  return {
    input: [...even.input.map(spaced), ...[0, 1, 2, 3].map((k) => unit(2 * k + 1, 2 * OUT + 1))],
    kernel: [...even.kernel.map(spaced), ...[0, 1, 2, 3].map(() => unit(1, 3))],
    output: even.output.map((row, k) => [...row, ...unit(k, OUT)]),
  };
}

/**
 * By stride. The points for stride 1 keep the rounding error at half of that of the usual 0, ±1, ±2 (256 channels:
 * 1.5e-6 of the output's size, against 3.1e-6, the worst element 1e-5 against 4e-5).
 */
const FILTERS = {
  1: minimal([0, 3 / 4, -3 / 4, 3 / 2, -3 / 2], 3),
  2: everySecond(minimal([0, 1, -1, 1 / 2], 2)),
} as const;

/** Both axes alike. */
export type Stride = keyof typeof FILTERS;

/** How an axis of some size is cut into tiles. */
export interface Tiling {
  readonly outputs: number;
  readonly tiles: number;
  /** Zeros before the first value. */
  readonly before: number;
  /** Products that a tile needs along the axis, for each pair of channels. */
  readonly products: number;
}

export function tilingOf(size: number, stride: Stride, padding: 'same' | 'valid'): Tiling {
  const outputs = padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - 3) / stride) + 1;
  const lacking = padding === 'same' ? Math.max((outputs - 1) * stride + 3 - size, 0) : 0;
  return {
    outputs,
    tiles: Math.ceil(outputs / OUT),
    before: Math.floor(lacking / 2),
    products: FILTERS[stride].kernel.length,
  };
}

/**
 * @param kernel `[3, 3, channels, units]`; read here, not kept
 * @param height of the input
 * @param width of the input
 */
export function winogradConvolution(
  kernel: Tensor,
  height: number,
  width: number,
  stride: Stride,
  padding: 'same' | 'valid',
): WinogradConvolution {
  const filter = FILTERS[stride];
  const [down, across] = [tilingOf(height, stride, padding), tilingOf(width, stride, padding)];
  const [outHeight, outWidth] = [down.outputs, across.outputs];
  const [rows, columns, size] = [down.tiles, across.tiles, down.products];
  const [channels, units] = kernel.shape.slice(2) as [number, number];
  const inRows = inputMatrix(filter, down, height, stride);
  const inColumns = inputMatrix(filter, across, width, stride);
  const outRows = outputMatrix(filter, down);
  const outColumns = outputMatrix(filter, across);
  const single = rows * columns === 1;
  const matrices = single
    ? [crossed(inRows, inColumns), crossed(outRows, outColumns)]
    : [inRows, inColumns, outRows, outColumns];
  const own = matrices.map((matrix) => keep(tensor(matrix.values, [1, matrix.rows, matrix.columns])));
  const weights = keep(transformed(kernel, filter, rows));

  // Each step is a tidy of its own, so that what it reads is freed before the next one makes more.
  const spread = (x: Tensor): Tensor => {
    const depth = x.shape[2]! * channels;
    if (single) return matMul(own[0]!, reshape(x, [1, height * width, depth]));
    const tall = matMul(own[0]!, reshape(x, [1, height, width * depth]));
    return matMul(own[1]!, reshape(tall, [size * rows, width, depth]));
  };
  const products = (spreadOut: Tensor): Tensor =>
    matMul(reshape(spreadOut, [size * rows * size, -1, channels]), weights);
  const gathered = (summed: Tensor, depth: number): Tensor => {
    if (single) return matMul(own[1]!, reshape(summed, [1, size * size, depth]));
    const short = matMul(own[2]!, reshape(summed, [1, size * rows, size * columns * depth]));
    return matMul(own[3]!, reshape(short, [outHeight, size * columns, depth]));
  };
  return {
    apply: (x) =>
      tidy(() => {
        const pairs = x.shape[2]!;
        const summed = tidy(() => products(tidy(() => spread(x))));
        return reshape(gathered(summed, pairs * units), [outHeight, outWidth, pairs, units]);
      }),
    dispose: () => {
      for (const each of [...own, weights]) each.dispose();
    },
  };
}

/** Row-major. */
interface Matrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Cuts an axis into overlapping tiles and transforms each: `[products · tiles, size]`, row = product · tiles + tile. */
function inputMatrix({ input }: Filter, { tiles, before }: Tiling, size: number, stride: Stride): Matrix {
  const values = new Float32Array(input.length * tiles * size);
  for (let t = 0; t < tiles; t++) {
    input.forEach((row, i) => {
      row.forEach((value, j) => {
        const at = stride * OUT * t + j - before;
        if (at >= 0 && at < size) values[(i * tiles + t) * size + at] = value;
      });
    });
  }
  return { values, rows: input.length * tiles, columns: size };
}

/** The way back, `[outputs, products · tiles]`. */
function outputMatrix({ output }: Filter, { outputs, tiles, products }: Tiling): Matrix {
  const columns = products * tiles;
  const values = new Float32Array(outputs * columns);
  for (let at = 0; at < outputs; at++) {
    const t = Math.floor(at / OUT);
    output[at % OUT]!.forEach((value, i) => {
      values[at * columns + i * tiles + t] = value;
    });
  }
  return { values, rows: outputs, columns };
}

/** Both axes at once: the Kronecker product. */
function crossed(a: Matrix, b: Matrix): Matrix {
  const [rows, columns] = [a.rows * b.rows, a.columns * b.columns];
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const left = a.values[Math.floor(r / b.rows) * a.columns + Math.floor(c / b.columns)]!;
      values[r * columns + c] = left * b.values[(r % b.rows) * b.columns + (c % b.columns)]!;
    }
  }
  return { values, rows, columns };
}

/** The kernel as the products take it, `[products · rows · products, channels, units]`: for every row of tiles alike. */
function transformed(kernel: Tensor, filter: Filter, rows: number): Tensor {
  const [channels, units] = kernel.shape.slice(2) as [number, number];
  const size = filter.kernel.length;
  const both = filter.kernel.flatMap((a) =>
    filter.kernel.map((b) => a.flatMap((left) => b.map((right) => left * right))),
  );
  return tidy(() => {
    const flat = reshape(kernel, [9, channels * units]);
    const spread = matMul(tensor(Float32Array.from(both.flat()), [size * size, 9]), flat);
    const repeated = tile(reshape(spread, [size, 1, size * channels * units]), [1, rows, 1]);
    return reshape(repeated, [size * rows * size, channels, units]);
  });
}
