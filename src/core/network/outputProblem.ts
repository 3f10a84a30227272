import type { Operation, Shape } from './network';

/**
 * What an output that names no class gives, as the rest of a sentence: `gives one number a sample, …`.
 * @param inputs the network's input operations
 */
export function outputProblem({ name, shape, algebra }: Operation, inputs: readonly Operation[]): string {
  const sizes = shape.slice(1);
  if (sizes.some((size) => size !== 1) && inputs.some((input) => sameShape(input.shape, shape))) {
    return `gives ${describe(sizes)} a sample, as many as the model takes, as an autoencoder or a generator does`;
  }
  if (sizes.length > 2) {
    return `gives ${describe(sizes)} a sample, values for each place of a picture, as a segmentation or a generator does`;
  }
  if (sizes.length === 2) {
    return `gives ${describe(sizes)} a sample, a row for each step of a sequence, and not one class a sample`;
  }
  const [width = 1] = sizes;
  if (width === null) return 'gives a varying number of values a sample';
  const through = algebra.kind === 'pointwise' ? ` through ${algebra.name}` : '';
  if (width > 1) return `gives ${describe(sizes)} a sample${through}, which are no class scores`;
  if (algebra.kind === 'softmax') return 'gives one number a sample through a softmax, which is always 1';
  const regression = `gives one number a sample${through}, as a regression does`;
  return through === ''
    ? `${regression} (if it tells two classes apart, trained with from_logits=True, choose the output ${name}:sigmoid)`
    : regression;
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function describe(sizes: Shape): string {
  return `${sizes.map((size) => String(size ?? 'any')).join('×')} numbers`;
}
