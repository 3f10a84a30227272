import fc from 'fast-check';
import assert from 'node:assert/strict';
import { FusedKernel } from '../../../../src/core/kernels/fusedKernel';
import type { KernelPool } from '../../../../src/core/kernels/kernelPool';
import { tapsOf } from '../../../../src/core/kernels/taps';
import type { Algebra, Operation, Rectifier } from '../../../../src/core/network/network';
import {
  assertOutcome,
  freely,
  headOf,
  randomChanges,
  randomPairs,
  scored,
  startKernels,
} from '../../../support/kernels';
import { normals } from '../../../support/seeded';

type Padding = 'same' | 'valid' | 'causal';

/** A convolution of at most two axes, as its definition has it. */
interface Convolution {
  readonly shape: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
}

function outputShape({ shape, window, strides, dilations, padding }: Convolution): number[] {
  return window.map((size, axis) => {
    const reach = padding === 'valid' ? (size - 1) * dilations[axis]! : 0;
    return Math.ceil((shape[axis]! - reach) / strides[axis]!);
  });
}

/** All pairs (position of the output, position of the input, place in the window), from the definition. */
function connections(conv: Convolution): [number, number, number][] {
  const [one, two] = [0, 1].map((axis) => {
    const size = conv.window[axis] ?? 1;
    const input = conv.shape[axis] ?? 1;
    const output = outputShape(conv)[axis] ?? 1;
    const stride = conv.strides[axis] ?? 1;
    const dilation = conv.dilations[axis] ?? 1;
    const reach = (size - 1) * dilation;
    const total = Math.max(0, (output - 1) * stride + reach + 1 - input);
    const pad = conv.padding === 'valid' ? 0 : conv.padding === 'causal' ? reach : Math.floor(total / 2);
    return { size, input, output, from: (q: number, w: number) => q * stride + w * dilation - pad };
  });
  const found: [number, number, number][] = [];
  for (let q1 = 0; q1 < one!.output; q1++) {
    for (let q2 = 0; q2 < two!.output; q2++) {
      for (let w1 = 0; w1 < one!.size; w1++) {
        for (let w2 = 0; w2 < two!.size; w2++) {
          const p1 = one!.from(q1, w1);
          const p2 = two!.from(q2, w2);
          if (p1 < 0 || p2 < 0 || p1 >= one!.input || p2 >= two!.input) continue;
          found.push([q1 * two!.output + q2, p1 * two!.input + p2, w1 * two!.size + w2]);
        }
      }
    }
  }
  return found;
}

function mixing(algebra: object, shape: readonly number[]): Operation {
  return { algebra: algebra as Algebra, shape: [null, ...shape] } as unknown as Operation;
}

const axes = fc.constantFrom(1, 2).chain((count) => {
  const list = (most: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: 1, max: most }), { minLength: count, maxLength: count });
  return fc.record({
    shape: fc.array(fc.integer({ min: 5, max: 7 }), { minLength: count, maxLength: count }),
    window: list(3),
    strides: list(2),
    dilations: list(2),
    padding: count === 1 ? fc.constantFrom('same', 'valid', 'causal') : fc.constantFrom('same', 'valid'),
  });
}) as fc.Arbitrary<Convolution>;

const common = fc.record({
  classes: fc.oneof(fc.integer({ min: 2, max: 26 })),
  sigmoid: fc.boolean(),
  units: fc.integer({ min: 1, max: 4 }),
  firstUnit: fc.integer({ min: 0, max: 2 }),
  samples: fc.integer({ min: 1, max: 40 }),
  multiplier: fc.integer({ min: 1, max: 2 }),
  hidden: fc.integer({ min: 1, max: 21 }),
  rectifier: fc.constantFrom<Rectifier>(
    { slope: 0, most: Infinity },
    { slope: 0.3, most: Infinity },
    { slope: 0, most: 1 },
  ),
  seed: fc.nat(1e6),
});

describe('the fused kernel, against double precision', () => {
  let pool: KernelPool;
  before(async () => (pool = await startKernels()));
  after(() => pool.dispose());

  /** @param links pairs of positions with their place among the rows of weights, a row for each channel */
  async function check(
    size: typeof common extends fc.Arbitrary<infer T> ? T : never,
    makeTaps: (channels: number) => ReturnType<typeof tapsOf>,
    links: readonly [number, number, number][],
    inputs: number,
    places: number,
    outputs: number,
  ): Promise<void> {
    const { units, firstUnit, samples, multiplier, hidden, rectifier, seed } = size;
    const head = size.sigmoid ? headOf('sigmoid', 2) : headOf('softmax', size.classes);
    const channels = (firstUnit + units + 1) * multiplier;
    const elements = inputs * channels;
    const count = head.kind === 'sigmoid' ? 1 : head.classes;
    const deltas = randomChanges(samples * elements, seed + 2);
    const weights = normals(places * channels * hidden, seed + 4);
    const map = normals(outputs * hidden * count, seed + 5);
    const preactivations = normals(samples * outputs * hidden, seed + 6);
    const taps = makeTaps(channels);
    assert.ok(taps !== null);
    assert.equal(taps.positions, outputs);
    const kernel = new FusedKernel(pool, { taps, weights, hidden, rectifier, map, multiplier });
    const pairs = randomPairs(head, units, samples, kernel.sampleBlock, seed);
    const outcome = await scored(pool, pairs, (scoring, place) =>
      kernel.run({ scoring, units, firstUnit, deltas: place(deltas), elements, preactivations }, freely()),
    ).finally(() => {
      kernel.dispose();
    });
    assert.equal(pool.arena.allocated, 0);
    const rectify = (x: number): number => (x < 0 ? rectifier.slope * x : Math.min(x, rectifier.most));
    assertOutcome(outcome, pairs, (unit, n) => {
      const row = [...pairs.scores.subarray(n * count, (n + 1) * count)];
      const change = new Float64Array(outputs * hidden);
      let reached = false;
      for (const [q, p, w] of links) {
        for (let k = 0; k < multiplier; k++) {
          const channel = (firstUnit + unit) * multiplier + k;
          const delta = deltas[n * elements + p * channels + channel]!;
          reached ||= delta !== 0;
          for (let h = 0; h < hidden; h++) {
            change[q * hidden + h]! += delta * weights[(w * channels + channel) * hidden + h]!;
          }
        }
      }
      change.forEach((value, i) => {
        const z = preactivations[n * outputs * hidden + i]!;
        for (let c = 0; c < count; c++) row[c]! += (rectify(z + value) - rectify(z)) * map[i * count + c]!;
      });
      return reached ? row : null;
    });
  }

  it('follows a dense layer after a flatten', async () => {
    await fc.assert(
      fc.asyncProperty(common, fc.integer({ min: 1, max: 5 }), (size, inputs) => {
        const links = Array.from({ length: inputs }, (_, p): [number, number, number] => [0, p, p]);
        const makeTaps = (channels: number): ReturnType<typeof tapsOf> =>
          tapsOf(
            mixing({ kind: 'dense', kernel: { shape: [inputs * channels, size.hidden] } }, [size.hidden]),
            [inputs * channels],
            channels,
          );
        return check(size, makeTaps, links, inputs, inputs, 1);
      }),
      { numRuns: 40 },
    );
  });

  it('follows a dense layer at every position', async () => {
    await fc.assert(
      fc.asyncProperty(common, fc.integer({ min: 2, max: 5 }), (size, inputs) => {
        const links = Array.from({ length: inputs }, (_, p): [number, number, number] => [p, p, 0]);
        const makeTaps = (channels: number): ReturnType<typeof tapsOf> =>
          tapsOf(
            mixing({ kind: 'dense', kernel: { shape: [channels, size.hidden] } }, [inputs, size.hidden]),
            [inputs, channels],
            channels,
          );
        return check(size, makeTaps, links, inputs, 1, inputs);
      }),
      { numRuns: 40 },
    );
  });

  it('follows convolutions, strided, dilated and padded', async () => {
    await fc.assert(
      fc.asyncProperty(common, axes, (size, conv) => {
        const output = outputShape(conv);
        const product = (sizes: readonly number[]): number => sizes.reduce((all, each) => all * each, 1);
        const makeTaps = (channels: number): ReturnType<typeof tapsOf> =>
          tapsOf(
            mixing(
              {
                kind: 'convolution',
                kernel: { shape: [...conv.window, channels, size.hidden] },
                strides: conv.strides,
                dilations: conv.dilations,
                padding: conv.padding,
              },
              [...output, size.hidden],
            ),
            [...conv.shape, channels],
            channels,
          );
        const places = product(conv.window);
        return check(size, makeTaps, connections(conv), product(conv.shape), places, product(output));
      }),
      { numRuns: 80 },
    );
  });

  it('does not take a convolution in groups', () => {
    const kernel = { shape: [3, 2, 8] };
    const conv = { kind: 'convolution', kernel, strides: [1], dilations: [1], padding: 'same' };
    assert.equal(tapsOf(mixing(conv, [5, 8]), [5, 4], 4), null);
  });
});
