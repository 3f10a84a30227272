import { TensorRef } from './calls';
import { shown, type TopologyReading } from './reading';

/** A layer with its calls, each the tensors that it reads. */
export interface CalledLayer {
  readonly name: string;
  /** Calls that TensorFlow.js makes by itself when it builds the layer: 1 for inputs and models. */
  readonly before: number;
  readonly calls: readonly (readonly TensorRef[])[];
}

/**
 * TensorFlow.js numbers the calls of a layer in the order in which it can make them, which is not always that of the
 * description, and then reads a wrong tensor; and it never ends where calls wait for one another. Gives the layers
 * with their calls in the order in which it makes them, numbered so.
 * @returns the layers, and for a tensor what it is called now
 * @throws Failure for a tensor that no layer gives, and for layers that feed themselves
 */
export function orderedCalls(
  layers: readonly CalledLayer[],
  reading: TopologyReading,
): { readonly layers: readonly CalledLayer[]; readonly renamed: (tensor: TensorRef) => TensorRef } {
  let current = layers;
  let renamed = (tensor: TensorRef): TensorRef => tensor;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const made = madeOrder(current, reading);
    if (current.every(({ name }) => made.get(name)!.every((call, index) => call === index))) {
      return { layers: current, renamed };
    }
    const numbers = new Map(
      current.map(({ name, before }) => {
        const order = made.get(name)!;
        return [name, (call: number) => (call < before ? call : before + order.indexOf(call - before))];
      }),
    );
    const previous = renamed;
    const rename = (tensor: TensorRef): TensorRef => {
      const call = numbers.get(tensor.layer)?.(tensor.call) ?? tensor.call;
      return call === tensor.call ? tensor : new TensorRef(tensor.layer, call, tensor.output, tensor.shape);
    };
    renamed = (tensor) => rename(previous(tensor));
    current = current.map((layer) => ({
      ...layer,
      calls: made.get(layer.name)!.map((index) => layer.calls[index]!.map(rename)),
    }));
  }
  throw reading.damaged('its layers call one another in an order that cannot be followed');
}

const MOST_ROUNDS = 8;

/** For each layer its calls in the order in which TensorFlow.js makes them. */
function madeOrder(layers: readonly CalledLayer[], reading: TopologyReading): Map<string, number[]> {
  const made = new Map<string, number[]>(layers.map(({ name }) => [name, []]));
  const own = new Map(layers.map((layer) => [layer.name, layer.before]));
  const counts = new Map(layers.map(({ name, before: own, calls }) => [name, own + calls.length]));
  for (const { calls, name } of layers) {
    for (const { layer, call } of calls.flat()) {
      if (call >= (counts.get(layer) ?? 0)) {
        throw reading.damaged(`${shown(name)} reads what no layer gives`);
      }
    }
  }
  let waiting = layers.map(({ name, calls }) => ({ name, calls, left: calls.map((_, index) => index) }));
  const isReady = ({ layer, call }: TensorRef): boolean => made.get(layer)!.length + own.get(layer)! > call;
  while (waiting.length > 0) {
    const before = count(waiting);
    for (const layer of waiting) {
      layer.left = layer.left.filter((index) => {
        if (!layer.calls[index]!.every(isReady)) return true;
        made.get(layer.name)!.push(index);
        return false;
      });
    }
    waiting = waiting.filter(({ left }) => left.length > 0);
    if (waiting.length > 0 && count(waiting) === before) {
      throw reading.damaged(`${shown(waiting[0]!.name)} waits for its own output`);
    }
  }
  return made;
}

function count(waiting: readonly { readonly left: readonly number[] }[]): number {
  return waiting.reduce((sum, { left }) => sum + left.length, 0);
}
