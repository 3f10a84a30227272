import type { Network, Operation } from './network';

/** Positions taken to be there along an axis of free size. */
const FREE_SIZE = 64;

/** Elements of an operation's output a sample. */
export function elementsOf({ shape }: Operation): number {
  return shape.slice(1).reduce<number>((n, size) => n * (size ?? FREE_SIZE), 1);
}

/** Multiply-adds that an operation takes a sample, done plainly; elementwise work counts one an element. */
export function multiplyAdds(operation: Operation): number {
  const { algebra } = operation;
  const elements = elementsOf(operation);
  switch (algebra.kind) {
    case 'dense':
      return elements * algebra.kernel.shape[0];
    case 'convolution':
      return elements * (algebra.kernel.size / (algebra.kernel.shape.at(-1) ?? 1));
    case 'depthwise':
      return elements * algebra.kernel.shape[0] * algebra.kernel.shape[1]!;
    case 'input':
    case 'identity':
      return 0;
    default:
      return elements;
  }
}

/** Multiply-adds of one plain forward pass, a sample. */
export function forwardCost(network: Network): number {
  return network.operations.reduce((sum, operation) => sum + multiplyAdds(operation), 0);
}
