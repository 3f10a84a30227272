import type { Hdf5File } from '../../hdf5/hdf5File';
import { isContainer, type LayerObject } from '../layerInternals';
import { allWeights, misfit, type Numbers } from './layerWeights';
import type { RawLayer } from './rawLayers';

/** Were the weights written by Keras on Theano, whose convolutions turn the kernel round? */
export function isTheano(h5: Hdf5File, group: string): boolean {
  return [group, ''].some((path) => h5.attribute(path, 'backend') === 'theano');
}

/** Which gates' weights Keras 2 puts beside each other, in the order in which Keras 1 wrote them. */
const GATES: ReadonlyMap<string, readonly number[]> = new Map([
  ['GRU', [0, 1, 2]],
  ['LSTM', [0, 2, 1, 3]],
]);

/**
 * Brings weights of a layer as Keras 1 or Theano laid them out into today's layout; others come back as they are.
 * After Keras' own `preprocess_weights_for_loading`.
 * @throws Failure for kernels of a layout that is not read
 */
export function inLaterLayout(
  numbers: readonly Numbers[],
  layer: LayerObject,
  raw: RawLayer,
  theano: boolean,
  h5: Hdf5File,
): readonly Numbers[] {
  if (isContainer(layer)) {
    const turned = /^(Convolution|Atrous|Deconv|Separable|Depthwise|Conv)/;
    if (theano && hasLayer(raw, turned)) throw misfit(h5.file, `${layer.name} was written on Theano`);
    return numbers;
  }
  const gates = GATES.get(raw.type);
  if (gates !== undefined && numbers.length === 3 * gates.length) {
    // For each gate: kernel, recurrent kernel, bias.
    return [0, 1, 2].map((part) => beside(gates.map((gate) => numbers[3 * gate + part]!)));
  }
  if (!/^(Convolution|AtrousConvolution|Conv)[123]D$/.test(raw.type)) {
    if (theano && raw.type.includes('Conv')) {
      throw misfit(h5.file, `the layer ${layer.name} was written on Theano in a layout that is not read`);
    }
    return numbers;
  }
  const [kernel, ...others] = numbers;
  const wanted = allWeights(layer)[0]?.shape;
  if (kernel === undefined || wanted === undefined) return numbers;
  const straight = theano ? turnedRound(kernel) : kernel;
  // Keras 1 kept the kernel of a one-dimensional convolution as that of a two-dimensional one.
  if (wanted.length === 3 && kernel.shape.length === 4 && kernel.shape[1] === 1) {
    const [length = 0, , inputs = 0, filters = 0] = kernel.shape;
    return [{ shape: [length, inputs, filters], values: straight.values }, ...others];
  }
  return [straight, ...others];
}

function hasLayer(raw: RawLayer, type: RegExp): boolean {
  return type.test(raw.type) || raw.layers.some((layer) => hasLayer(layer, type));
}

/** Matrices (or rows) of equal height beside each other. */
function beside(parts: readonly Numbers[]): Numbers {
  const first = parts[0]!;
  const rows = first.shape.length > 1 ? (first.shape[0] ?? 0) : 1;
  const widths = parts.map(({ values }) => values.length / Math.max(1, rows));
  const width = widths.reduce((sum, one) => sum + one, 0);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    parts.forEach((part, index) => {
      const one = widths[index]!;
      values.set(part.values.subarray(row * one, (row + 1) * one), at);
      at += one;
    });
  }
  return { shape: first.shape.length > 1 ? [rows, width] : [width], values };
}

/** A kernel `[…space, inputs, filters]` turned round along all its axes of space. */
function turnedRound({ shape, values }: Numbers): Numbers {
  const inner = shape.slice(-2).reduce((product, size) => product * size, 1);
  const positions = inner === 0 ? 0 : values.length / inner;
  const turned = new Float32Array(values.length);
  for (let at = 0; at < positions; at++) {
    turned.set(values.subarray(at * inner, (at + 1) * inner), (positions - 1 - at) * inner);
  }
  return { shape, values: turned };
}
