import { keep, matMul, reshape, tensor, tidy, tile, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Convolutions 3×3 with stride 1 by Winograd's minimal filtering F(4×4, 3×3): 36 products where 144 would be
 * needed. (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks".)
 * Values have their positions first, `[height, width, pairs, channels]`: both transforms are products with small
 * matrices from the left, one an axis, and the sums over channels are 36 matrix products a tile, in one call.
 */
export interface WinogradConvolution {
  /** @returns `[height, width, pairs, units]`, new */
  apply(x: Tensor): Tensor;
  dispose(): void;
}

/** Outputs of a tile along an axis, and its inputs. */
const OUT = 4;
const IN = 6;

/**
 * Where the polynomials are evaluated, infinity aside. These keep the rounding error at half of that of the usual
 * 0, ±1, ±2 (256 channels: 1.5e-6 of the output's size, against 3.1e-6, the worst element 1e-5 against 4e-5).
 */
const POINTS = [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2] as const;

/** `Π (x − root)`, lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots) {
    const raised = [0, ...coefficients];
    coefficients = raised.map((value, power) => value - root * (coefficients[power] ?? 0));
  }
  return coefficients;
}

const others = (point: number): number[] => POINTS.filter((other) => other !== point);

/** Transform of the input, `[6, 6]`. */
const INPUT = [...POINTS.map((point) => [...polynomial(others(point)), 0]), polynomial(POINTS)];

/** Transform of the kernel, `[6, 3]`. */
const KERNEL = [
  ...POINTS.map((point) => {
    const size = others(point).reduce((product, other) => product * (point - other), 1);
    return [1 / size, point / size, point ** 2 / size];
  }),
  [0, 0, 1],
];

/** The way back, `[4, 6]`. */
const OUTPUT = [0, 1, 2, 3].map((power) => [...POINTS.map((point) => point ** power), power === 3 ? 1 : 0]);

/** Products that a tile needs, for each pair of channels. */
export const PRODUCTS = IN * IN;

/** Tiles along an axis of so many outputs. */
export function tilesAlong(outputs: number): number {
  return Math.ceil(outputs / OUT);
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
  padding: 'same' | 'valid',
): WinogradConvolution {
  const pad = padding === 'same' ? 1 : 0;
  const [outHeight, outWidth] = [height - 2 + 2 * pad, width - 2 + 2 * pad];
  const [rows, columns] = [tilesAlong(outHeight), tilesAlong(outWidth)];
  const [channels, units] = kernel.shape.slice(2) as [number, number];
  const inRows = inputMatrix(rows, height, pad);
  const inColumns = inputMatrix(columns, width, pad);
  const outRows = outputMatrix(rows, outHeight);
  const outColumns = outputMatrix(columns, outWidth);
  const single = rows * columns === 1;
  const matrices = single
    ? [crossed(inRows, inColumns), crossed(outRows, outColumns)]
    : [inRows, inColumns, outRows, outColumns];
  const own = matrices.map((matrix) => keep(tensor(matrix.values, [1, matrix.rows, matrix.columns])));
  const weights = keep(transformed(kernel, rows));

  // Each step is a tidy of its own, so that what it reads is freed before the next one makes more.
  const spread = (x: Tensor): Tensor => {
    const depth = x.shape[2]! * channels;
    if (single) return matMul(own[0]!, reshape(x, [1, height * width, depth]));
    const tall = matMul(own[0]!, reshape(x, [1, height, width * depth]));
    return matMul(own[1]!, reshape(tall, [IN * rows, width, depth]));
  };
  const products = (spreadOut: Tensor): Tensor =>
    matMul(reshape(spreadOut, [IN * rows * IN, -1, channels]), weights);
  const gathered = (summed: Tensor, depth: number): Tensor => {
    if (single) return matMul(own[1]!, reshape(summed, [1, PRODUCTS, depth]));
    const short = matMul(own[2]!, reshape(summed, [1, IN * rows, IN * columns * depth]));
    return matMul(own[3]!, reshape(short, [outHeight, IN * columns, depth]));
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

/** Cuts an axis into overlapping tiles and transforms each: `[6 · tiles, size]`, row = element · tiles + tile. */
function inputMatrix(tiles: number, size: number, pad: number): Matrix {
  const values = new Float32Array(IN * tiles * size);
  for (let t = 0; t < tiles; t++) {
    INPUT.forEach((row, i) => {
      row.forEach((value, j) => {
        const at = OUT * t + j - pad;
        if (at >= 0 && at < size) values[(i * tiles + t) * size + at] = value;
      });
    });
  }
  return { values, rows: IN * tiles, columns: size };
}

/** The way back, `[size, 6 · tiles]`. */
function outputMatrix(tiles: number, size: number): Matrix {
  const columns = IN * tiles;
  const values = new Float32Array(size * columns);
  for (let at = 0; at < size; at++) {
    const t = Math.floor(at / OUT);
    OUTPUT[at % OUT]!.forEach((value, i) => {
      values[at * columns + i * tiles + t] = value;
    });
  }
  return { values, rows: size, columns };
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

/** The kernel as the products take it, `[6 · rows · 6, channels, units]`: the same for every row of tiles. */
function transformed(kernel: Tensor, rows: number): Tensor {
  const [channels, units] = kernel.shape.slice(2) as [number, number];
  const both = KERNEL.flatMap((a) => KERNEL.map((b) => a.flatMap((left) => b.map((right) => left * right))));
  return tidy(() => {
    const flat = reshape(kernel, [9, channels * units]);
    const spread = matMul(tensor(Float32Array.from(both.flat()), [PRODUCTS, 9]), flat);
    const repeated = tile(reshape(spread, [IN, 1, IN * channels * units]), [1, rows, 1]);
    return reshape(repeated, [IN * rows * IN, channels, units]);
  });
}
