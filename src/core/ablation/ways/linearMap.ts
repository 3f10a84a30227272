import {
  div,
  matMul,
  reshape,
  sub,
  tensor2d,
  tidy,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { consumersOf, operationOf, type Network } from '../../network/network';
import { cutAfter } from '../../network/program';

/** Probed rows hold no more than so many numbers at a time, and in all. */
const MOST_AT_ONCE = 2 ** 22;
const MOST = 2 ** 28;

/** What a probe is set to: so much that biases, which are taken off again, leave the map its precision. */
const PROBE = 2 ** 16;

/**
 * The linear map from a value to the class scores, where only linear operations lie between.
 * @param id of the value
 * @returns `[elements, scores]`; null where a size on the way is free, or the map too large to be found
 */
export function linearMap(network: Network, id: string): Float32Array | null {
  const maps = tidy(() => {
    const map = mapOf(network, id);
    return map === null ? [] : [map];
  });
  const [map] = maps;
  if (map === undefined) return null;
  const values = map.dataSync<'float32'>();
  map.dispose();
  return values;
}

function mapOf(network: Network, id: string): Tensor2D | null {
  const readers = consumersOf(network.operations).get(id) ?? [];
  const [next] = readers;
  if (id !== network.head.scores && readers.length === 1 && next !== undefined) {
    const { algebra, inputs } = next;
    const keeps = algebra.kind === 'identity' || (algebra.kind === 'reshape' && algebra.moves === 'flatten');
    if (keeps) return mapOf(network, next.id);
    if (algebra.kind === 'dense' && inputs.length === 1 && next.shape.length === 2) {
      const rest = mapOf(network, next.id);
      return rest === null ? null : matMul(algebra.kernel as Tensor2D, rest);
    }
  }
  return probe(network, id);
}

/** The operations after the value, run on multiples of unit vectors less the same on zeros, whatever else they read. */
function probe(network: Network, id: string): Tensor2D | null {
  const { suffix } = cutAfter(network, id);
  const shapes = suffix.from.map((each) => operationOf(network, each).shape.slice(1));
  if (shapes.some((sizes) => sizes.includes(null))) return null;
  const [shape, ...others] = shapes as number[][];
  const elements = shape!.reduce((product, size) => product * size, 1);
  if (elements * elements > MOST) return null;
  const run = (rows: Tensor): Tensor => {
    const count = rows.shape[0];
    const rest = others.map((sizes) => zeros([count, ...sizes]));
    return suffix.run([reshape(rows, [count, ...shape!]), ...rest])[0]!;
  };
  const offset = run(zeros([1, elements]));
  const scores = offset.shape[1]!;
  const map = new Float32Array(elements * scores);
  const block = Math.max(1, Math.floor(MOST_AT_ONCE / elements));
  for (let from = 0; from < elements; from += block) {
    const to = Math.min(from + block, elements);
    const part = tidy(() => div(sub(run(probes(from, to, elements)), offset), PROBE));
    map.set(part.dataSync<'float32'>(), from * scores);
    part.dispose();
  }
  return tensor2d(map, [elements, scores]);
}

/** Rows `from` … `to` − 1 of the identity, times {@link PROBE}. */
function probes(from: number, to: number, elements: number): Tensor {
  const rows = new Float32Array((to - from) * elements);
  for (let row = 0; row < to - from; row++) rows[row * elements + from + row] = PROBE;
  return tensor2d(rows, [to - from, elements]);
}
