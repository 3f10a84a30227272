import {
  concat,
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
import { consumersOf, operationOf, type Network, type Operation } from '../../network/network';
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
    if (algebra.kind === 'pooling' && algebra.how === 'average' && inputs.length === 1) {
      const rest = mapOf(network, next.id);
      return rest === null ? null : throughPooling(next, operationOf(network, id).shape.slice(1), rest);
    }
  }
  return probe(network, id);
}

/**
 * The map from before an average pooling, which does the same to every channel: only one is probed.
 * @param shape of the value before it, without batch
 * @param rest from after the pooling to the class scores
 */
function throughPooling(
  pooling: Operation,
  shape: readonly (number | null)[],
  rest: Tensor2D,
): Tensor2D | null {
  const places = shape.slice(0, -1).reduce<number>((product, size) => product * (size ?? NaN), 1);
  const [channels, scores] = [shape.at(-1) ?? NaN, rest.shape[1]];
  if (!(places * places <= MOST) || Number.isNaN(channels)) return null;
  const sizes = shape.slice(0, -1) as number[];
  const block = Math.max(1, Math.floor(MOST_AT_ONCE / places));
  const parts: Tensor2D[] = [];
  for (let from = 0; from < places; from += block) {
    const to = Math.min(from + block, places);
    parts.push(
      tidy(() => {
        const rows = reshape(probes(from, to, places, 1), [to - from, ...sizes, 1]);
        return reshape(pooling.run([rows]), [to - from, -1]);
      }),
    );
  }
  const share = concat(parts, 0);
  const spread = matMul(share, reshape(rest, [share.shape[1], channels * scores]));
  return reshape(spread, [places * channels, scores]);
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
    const part = tidy(() => div(sub(run(probes(from, to, elements, PROBE)), offset), PROBE));
    map.set(part.dataSync<'float32'>(), from * scores);
    part.dispose();
  }
  return tensor2d(map, [elements, scores]);
}

/** Rows `from` … `to` − 1 of a multiple of the identity. */
function probes(from: number, to: number, elements: number, value: number): Tensor {
  const rows = new Float32Array((to - from) * elements);
  for (let row = 0; row < to - from; row++) rows[row * elements + from + row] = value;
  return tensor2d(rows, [to - from, elements]);
}
