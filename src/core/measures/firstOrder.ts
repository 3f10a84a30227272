import {
  abs,
  addN,
  customGrad,
  dispose,
  engine,
  grad,
  keep,
  mul,
  neg,
  reshape,
  scalar,
  slice,
  stack,
  sub,
  sum,
  tidy,
  zerosLike,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import { elementsOf } from '../network/cost';
import type { Head, Network } from '../network/network';
import { Program, type Substitution } from '../network/program';
import type { Site } from '../network/sites';
import type { Samples } from '../samples';
import { differentiable } from './differentiable';
import { lossForGradient } from './lossGradient';

/** What the gradient says of every unit of a site, nats; NaN where it cannot be computed. */
export interface FirstOrder {
  /** mean over samples n of Σ over positions (v − a) · ∂L_n/∂a, about the loss increase. */
  readonly signed: Float64Array;
  /** mean over n of |Σ over positions (v − a) · ∂L_n/∂a|. */
  readonly absolute: Float64Array;
}

/** What first-order estimates are made from. */
export interface FirstOrderOptions {
  /** Samples at a time; {@link gradientBatch} tells what fits. */
  readonly batch: number;
  /**
   * The clamp value v of a site on some samples, `[1 or samples, …site.shape]`, axes of 1 where all along them is
   * alike. Disposed here.
   */
  replacement(site: Site, samples: Int32Array): Tensor | Promise<Tensor>;
  readonly control: Control;
  /** Called with the number of samples done. */
  readonly progress?: (done: number) => void;
}

/** A site's activation and the gradient of the loss by it: of the whole tensor, or of each step's state. */
interface Tapped {
  readonly activation: Tensor;
  gradient: Tensor | null;
}

/** Bytes that the activations of a batch, and their gradients, may take together. */
const GRADIENT_BYTES = 512 * 2 ** 20;

/** How many samples may go through the network forward and back at once: a power of two. */
export function gradientBatch(network: Network, most: number): number {
  // All values are alive at once, each with its gradient and one more on the way.
  const bytes = 12 * network.operations.reduce((total, operation) => total + elementsOf(operation), 0);
  let size = most;
  while (size > 1 && size * bytes > GRADIENT_BYTES) size /= 2;
  return size;
}

/**
 * First-order estimates of what clamping each unit does to the loss, for all units of all sites with one forward
 * and one backward pass a batch: the signed estimate (v − a) · ∂L/∂a is the first term of the loss's Taylor series,
 * its absolute form the Taylor criterion of Molchanov et al. 2017 (arXiv 1611.06440), there with v = 0 and the mean
 * over positions. A recurrent site's state is taken at every step, what it feeds back counted in its gradient.
 *
 * Where elements tie in a max pool (zeros after a ReLU) the gradient is that of one of them, so that with v ≠ 0 the
 * estimate is rougher before a max pool. Sites that the scores do not depend on get 0; sites whose gradient the backend cannot compute get NaN.
 * @param indices samples to use
 * @returns one entry a site
 * @throws Cancelled
 */
export async function firstOrder(
  network: Network,
  sites: readonly Site[],
  samples: Samples,
  indices: Int32Array,
  options: FirstOrderOptions,
): Promise<FirstOrder[]> {
  const { head } = network;
  const program = new Program(differentiable(network), network.inputs, [head.scores]);
  const estimates = sites.map(({ units, feeds }) => ({
    signed: new Float64Array(units).fill(feeds ? NaN : 0),
    absolute: new Float64Array(units).fill(feeds ? NaN : 0),
  }));
  const labelsOf = (part: Int32Array): Int32Array => part.map((index) => samples.labels[index]!);
  const one = indices.slice(0, 1);
  const first = await samples.load(one);
  const open = sitesWithGradient(program, head, sites, first, labelsOf(one));
  dispose(first);
  for (const site of open) {
    const estimate = estimates[sites.indexOf(site)]!;
    estimate.signed.fill(0);
    estimate.absolute.fill(0);
  }
  for (let from = 0; open.length > 0 && from < indices.length; from += options.batch) {
    const part = indices.slice(from, from + options.batch);
    const values = await samples.load(part);
    const taps = new Map<string, Tapped[]>();
    try {
      backward(program, head, open, values, labelsOf(part), taps);
      for (const site of open) {
        const replacement = await options.replacement(site, part);
        const sums = sumsOver(taps.get(site.id) ?? [], replacement);
        const [signed, absolute] = [sums.subarray(0, site.units), sums.subarray(site.units)];
        const estimate = estimates[sites.indexOf(site)]!;
        for (let unit = 0; unit < site.units; unit++) {
          estimate.signed[unit]! += signed[unit]! / indices.length;
          estimate.absolute[unit]! += absolute[unit]! / indices.length;
        }
      }
    } finally {
      dispose(values);
      disposeTaps(taps);
    }
    options.progress?.(from + part.length);
    await options.control.breathe();
  }
  return estimates;
}

/** The sites that feed the scores and whose gradient can be computed, tried on one sample. */
function sitesWithGradient(
  program: Program,
  head: Head,
  sites: readonly Site[],
  inputs: readonly Tensor[],
  labels: Int32Array,
): readonly Site[] {
  const works = (some: readonly Site[]): boolean => {
    const taps = new Map<string, Tapped[]>();
    try {
      backward(program, head, some, inputs, labels, taps);
      return true;
    } catch {
      return false;
    } finally {
      disposeTaps(taps);
    }
  };
  const feeding = sites.filter((site) => site.feeds);
  if (feeding.length === 0 || works(feeding)) return feeding;
  return feeding.filter((site) => works([site]));
}

/**
 * Runs the network forward and back, and fills `taps` with the sites' activations and gradients; the caller
 * disposes them.
 */
function backward(
  program: Program,
  head: Head,
  sites: readonly Site[],
  inputs: readonly Tensor[],
  labels: Int32Array,
  taps: Map<string, Tapped[]>,
): void {
  const pass = (probe: Tensor): Tensor => {
    const substitute = new Map(
      sites.map(({ id }): [string, Substitution] => {
        const own: Tapped[] = [];
        taps.set(id, own);
        return [id, (output) => tap(output, probe, own)];
      }),
    );
    const scores = program.run(inputs, { substitute })[0]!;
    return lossForGradient(head, scores, labels);
  };
  try {
    tidy(() => {
      grad(pass)(scalar(0));
    });
  } catch (error) {
    // tfjs frees what it saved for the way back only when it gets there.
    for (const node of engine().state.activeTape) for (const saved of node.saved ?? []) saved.dispose();
    throw error;
  }
}

/** Passes a value on, notes it, and on the way back notes its gradient. The probe makes tfjs come back to it. */
function tap(output: Tensor, probe: Tensor, into: Tapped[]): Tensor {
  const tapped: Tapped = { activation: keep(output.clone()), gradient: null };
  into.push(tapped);
  return customGrad((value: Tensor | GradSaveFunc) => ({
    value: (value as Tensor).clone(),
    gradFunc: (gradient: Tensor) => {
      tapped.gradient = keep(gradient.clone());
      return [gradient, scalar(0)];
    },
  }))(output, probe);
}

function disposeTaps(taps: ReadonlyMap<string, readonly Tapped[]>): void {
  for (const { activation, gradient } of [...taps.values()].flat()) {
    activation.dispose();
    gradient?.dispose();
  }
}

/** `[2 · units]`: sums over the samples, signed and absolute, of the change's effect; disposes the replacement. */
function sumsOver(taps: readonly Tapped[], replacement: Tensor): Float32Array {
  // The commonest clamp spares a pass over the values: its effect is a · ∂L/∂a, the sign turned at the end.
  const isZero = replacement.size === 1 && replacement.dataSync()[0] === 0;
  const isLoop = replacement.rank > (taps[0]?.activation.rank ?? replacement.rank);
  const sums = tidy(() => {
    const effects = taps.map(({ activation, gradient }, step) => {
      const value = isLoop ? stepOf(replacement, step) : replacement;
      const change = isZero ? activation : sub(value, activation);
      const effect = mul(change, gradient ?? zerosLike(activation));
      const positions = effect.shape.slice(1, -1).map((_, axis) => axis + 1);
      return positions.length === 0 ? effect : sum(effect, positions);
    });
    const effect = addN(effects);
    const signed = sum(effect, 0);
    return stack([isZero ? neg(signed) : signed, sum(abs(effect), 0)]);
  });
  replacement.dispose();
  const values = sums.dataSync<'float32'>();
  sums.dispose();
  return values;
}

/** `[rows, time or 1, units]` at one step, `[rows, units]`. */
function stepOf(replacement: Tensor, step: number): Tensor {
  const [rows, steps, units] = replacement.shape as [number, number, number];
  return reshape(slice(replacement, [0, steps === 1 ? 0 : step, 0], [rows, 1, units]), [rows, units]);
}
