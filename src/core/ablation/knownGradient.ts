import {
  abs,
  cast,
  concat,
  dispose,
  greater,
  matMul,
  mul,
  neg,
  reshape,
  sigmoid,
  softmax,
  sub,
  sum,
  tensor2d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import type { FirstOrder } from '../measures/firstOrder';
import { operationOf } from '../network/network';
import { scaledWeights } from './ways/fused';
import { linearMap } from './ways/linearMap';
import { planSite } from './ways/plan';
import type { SiteContext } from './ways/way';

/** Samples at a time. */
const BATCH = 2048;

/** What lies between a site and the class scores. */
interface Known {
  /** `[scores, elements]`: the linear map from the site, or from the ReLU after it, the other way round. */
  readonly map: Tensor2D;
  /** The dense layer before that ReLU, `[hidden, elements]`, and where its pre-activation is; null: no such layer. */
  readonly hidden: { readonly weights: Tensor2D; readonly preactivation: string } | null;
}

/**
 * First-order estimates of a site whose gradient stands in the algebra: only linear operations follow, or one dense
 * layer with a ReLU before them. Nothing is run forward again, nothing differentiated. Null where that does not apply.
 * @param indices samples to use
 * @throws Cancelled
 */
export async function knownFirstOrder(
  context: SiteContext,
  indices: Int32Array,
  control: Control,
): Promise<FirstOrder | null> {
  const known = knownOf(context);
  if (known === null) return null;
  const { units } = context.site;
  const signed = new Float64Array(units);
  const absolute = new Float64Array(units);
  try {
    for (let from = 0; from < indices.length; from += BATCH) {
      const sums = await sumsOf(context, known, indices.subarray(from, from + BATCH));
      for (let unit = 0; unit < units; unit++) {
        signed[unit]! += sums[unit]! / indices.length;
        absolute[unit]! += sums[units + unit]! / indices.length;
      }
      await control.breathe();
    }
  } finally {
    dispose([known.map, ...(known.hidden === null ? [] : [known.hidden.weights])]);
  }
  return { signed, absolute };
}

function knownOf({ network, site }: SiteContext): Known | null {
  const plan = planSite(network, site);
  const { rest, elements, walk } = plan;
  const isKnown = site.feeds && walk.length === 0 && network.head.kind !== 'probabilities';
  if (!isKnown || elements === null || operationOf(network, site.id).loop !== undefined) return null;
  if (rest.kind === 'general') return null;
  if (rest.kind === 'linear') {
    const map = linearMap(network, site.id);
    return map === null ? null : { map: turned(map, elements), hidden: null };
  }
  const isReLU = rest.rectifier.slope === 0 && rest.rectifier.most === Infinity;
  if (!isReLU || rest.mixing.algebra.kind !== 'dense' || site.shape.length !== 1) return null;
  const weights = scaledWeights(plan);
  const map = linearMap(network, rest.activation);
  if (weights === null || map === null) return null;
  const hidden = weights.length / elements;
  return {
    map: turned(map, hidden),
    hidden: { weights: turned(weights, elements), preactivation: rest.preactivation },
  };
}

/** `[rows, columns]` as `[columns, rows]`: WebAssembly is slow at products that turn one side. */
function turned(values: Float32Array, rows: number): Tensor2D {
  return tidy(() => transpose(tensor2d(values, [rows, values.length / rows])));
}

/** `[2 · units]`: sums over some samples of the change's effect, signed and absolute. */
async function sumsOf(
  context: SiteContext,
  { map, hidden }: Known,
  samples: Int32Array,
): Promise<Float32Array> {
  const { network, site, labels } = context;
  const replacement = await context.replacement(samples, 0);
  const isZero = replacement.size === 1 && replacement.dataSync()[0] === 0;
  const ids = [site.id, network.head.scores, ...(hidden === null ? [] : [hidden.preactivation])];
  const [x, scores, z] = await context.tensors(ids, samples);
  const result = tidy(() => {
    const back = matMul(scoreGradient(network.head.kind, scores as Tensor2D, samples, labels), map);
    const before =
      hidden === null ? back : matMul(mul<Tensor2D>(back, cast(greater(z!, 0), 'float32')), hidden.weights);
    // The commonest clamp spares a pass over the values: its effect is a · ∂L/∂a, the sign turned at the end.
    const change = isZero ? x! : sub(replacement, x!);
    const effect = mul(change, reshape(before, x!.shape));
    const positions = x!.shape.slice(1, -1).map((_, axis) => axis + 1);
    const each = positions.length === 0 ? effect : sum(effect, positions);
    const signed = sum(each, 0);
    return concat([isZero ? neg(signed) : signed, sum(abs(each), 0)]);
  });
  replacement.dispose();
  const values = result.dataSync<'float32'>();
  result.dispose();
  return values;
}

/** ∂ cross-entropy / ∂ scores: what is predicted less what is true, `[samples, scores]`. */
function scoreGradient(kind: string, scores: Tensor2D, samples: Int32Array, labels: Int32Array): Tensor2D {
  const width = scores.shape[1];
  const truth = new Float32Array(samples.length * width);
  const isSigmoid = kind === 'sigmoid';
  samples.forEach((sample, n) => {
    const label = labels[sample]!;
    if (isSigmoid) truth[n] = label;
    else truth[n * width + label] = 1;
  });
  const predicted: Tensor = isSigmoid ? sigmoid(scores) : softmax(scores);
  return sub(predicted, tensor2d(truth, [samples.length, width]));
}
