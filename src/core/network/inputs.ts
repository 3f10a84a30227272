import { operationOf, type Network } from './network';

/** Does this input take the numbers of words, which no scale would leave what they are? */
export function isWords(network: Network, id: string): boolean {
  return network.operations.some(
    ({ inputs, algebra }) => algebra.kind === 'embedding' && inputs.includes(id),
  );
}

/** Do all inputs of a network take words? */
export function takesWords(network: Network): boolean {
  return network.inputs.every((id) => isWords(network, id));
}

/**
 * The inputs whose values a preprocessing scales. Of several these are the images, `[height, width, channels]`,
 * and where there is none all but the words; the rest is left as it is stored. A single input is always scaled.
 */
export function scaledInputs(network: Network): ReadonlySet<string> {
  if (network.inputs.length === 1) return new Set(network.inputs);
  const images = network.inputs.filter((id) => operationOf(network, id).shape.length === 4);
  return new Set(images.length > 0 ? images : network.inputs.filter((id) => !isWords(network, id)));
}
