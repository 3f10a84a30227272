import { curvePoints } from '../../src/core/ablation/curves/points';
import { summarize } from '../../src/core/ablation/curves/summary';
import type { CurveData, CurvePoint, Direction, NoisePoint, Order } from '../../src/protocol/curves';
import { meanNoise } from '../../src/protocol/meanCurves';
import type { RunRecord } from '../../src/protocol/run';
import type { CurveRun } from '../../src/protocol/webview';
import { uniforms } from '../support/seeded';
import { syntheticStudy } from './syntheticStudy';

const CHANCE = 0.1137;

/** What {@link curveRun} has curves of. */
export interface CurveRunOptions {
  readonly directory?: string;
  readonly title?: string;
  readonly own?: boolean;
  readonly orders?: readonly Order[];
  readonly directions?: readonly Direction[];
  readonly orderings?: number;
  readonly data?: readonly CurveData[];
  /** Each site alone too. */
  readonly each?: boolean;
  /** How soon accuracy falls, 1 … 10. */
  readonly frailty?: number;
  readonly change?: Partial<RunRecord>;
}

/** A run of curves as no network gave it: accuracy falls smoothly from 98 % to chance, with a little noise. */
export function curveRun(options: CurveRunOptions = {}): CurveRun {
  const { orders = ['random'], directions = ['ascending', 'descending'], orderings = 5 } = options;
  const {
    data = ['test'],
    frailty = 3,
    directory = '/runs/curves',
    title = 'generalizes · test.npz',
  } = options;
  const { record } = syntheticStudy();
  const together = [{ name: record.sites.map(({ name }) => name).join('+'), units: 216 }];
  const sites = options.each === true ? [...together, ...record.sites] : together;
  let seed = 11;
  const rows = data.flatMap((set) =>
    sites.flatMap(({ name, units }, s) =>
      orders.flatMap((order, o) => {
        const kinds: readonly (readonly [Direction | '', number])[] =
          order === 'random'
            ? Array.from({ length: orderings }, (_, repeat) => ['', repeat] as const)
            : directions.map((direction) => [direction, 0] as const);
        return kinds.flatMap(([direction, repeat]): CurvePoint[] => {
          const jitter = uniforms(21, seed++);
          const points = curvePoints(units, 20);
          const half = (0.62 - 0.05 * o - 0.06 * s) * (direction === 'descending' ? 0.5 : 1);
          return points.map((units_ablated, i) => {
            const fraction = units_ablated / units;
            const shape = 1 / (1 + (fraction / half) ** frailty);
            const noise = i === 0 || i === points.length - 1 ? 0 : (jitter[i]! - 0.5) * 0.06;
            const accuracy =
              i === points.length - 1 ? CHANCE : CHANCE + (0.98 - CHANCE) * Math.min(1, shape + noise);
            return {
              model: 'generalizes',
              data: set,
              sites: name,
              operator: 'zero',
              order,
              direction,
              repeat,
              units_ablated,
              fraction,
              accuracy: i === 0 ? 0.98 : accuracy,
              loss: 0.06 + 2.4 * (1 - shape),
            };
          });
        });
      }),
    ),
  );
  return {
    directory,
    title,
    own: options.own ?? true,
    record: {
      ...record,
      id: directory.split('/').at(-1)!,
      curves: {
        options: { orders, directions, orderings, points: 20, each: options.each === true, train: null },
        ranked_on: orders.length > 1 ? 1750 : 0,
        measured_on: orders.length > 1 ? 1750 : 3500,
        train_measured_on: null,
        train: null,
        ordering_seeds: [],
        greedy: [],
        summary: summarize(rows, { test: CHANCE, train: CHANCE + 0.01 }),
      },
      ...options.change,
    },
    experiment: { name: 'curves', rows },
  };
}

/** A run of noise as no network gave it. */
export function noiseRun(
  options: {
    readonly directory?: string;
    readonly title?: string;
    readonly own?: boolean;
    readonly repeats?: number;
  } = {},
): CurveRun {
  const { directory = '/runs/noise', title = 'generalizes · test.npz', own = true, repeats = 5 } = options;
  const scales = Array.from({ length: 15 }, (_, i) => 10 ** (-1.5 + (2.5 * i) / 14));
  const rows = Array.from({ length: repeats }, (_, repeat) => repeat).flatMap((repeat) => {
    const jitter = uniforms(scales.length, 90 + repeat);
    return scales.map((scale, i): NoisePoint => {
      const shape = 1 / (1 + (scale / 1.4) ** 2.5);
      return {
        model: 'generalizes',
        sites: 'conv2d_1+dense_1+dense_2',
        scale,
        repeat,
        accuracy: CHANCE + (0.98 - CHANCE) * shape + (jitter[i]! - 0.5) * 0.05 * Math.min(1, scale),
        loss: 0.06 + 3 * (1 - shape),
      };
    });
  });
  const mean = meanNoise(rows);
  const { record } = syntheticStudy();
  return {
    directory,
    title,
    own,
    record: {
      ...record,
      id: directory.split('/').at(-1)!,
      noise: {
        options: { scales, repeats },
        chance: CHANCE,
        summary: scales.map((scale, i) => ({
          scale,
          accuracy: mean.accuracy.mean[i]!,
          accuracy_sd: mean.accuracy.deviation[i]!,
          loss: mean.loss.mean[i]!,
        })),
      },
    },
    experiment: { name: 'noise', rows },
  };
}
