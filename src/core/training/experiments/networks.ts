import type { TrainingOptions } from '../../../protocol/training';
import { lastSites, PAPER_CHANNELS } from '../convnet';
import type { ExperimentPlan, PlannedLine, PlannedNetwork, TrainingPlan } from './plan';

/** A setting that networks are trained under, one a seed. */
export interface Setting {
  /** What begins the names of its networks: `c0.2`. */
  readonly name: string;
  /** For people, `0.2 corrupted`. */
  readonly title: string;
  /** As in `networks.csv`, `0.2`. */
  readonly setting: string;
  readonly corrupted?: number;
  readonly dropout?: number;
  readonly batchNorm?: boolean;
  readonly expected?: number;
  /** What tells the settings apart, as numbers. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Images of a `--quick` experiment. */
export const QUICK_SAMPLES = { train: 600, test: 300 } as const;

/** Hidden layers of a `--quick` experiment. */
const QUICK_HIDDEN: readonly number[] = [128, 128];
const QUICK_CHANNELS: readonly number[] = [8, 8, 16];

/**
 * How networks are trained unless an experiment says otherwise. Momentum leaves more of a gap between networks that
 * generalise and networks that memorise than Adam does (science.md, "A published baseline to hold against").
 */
export function trainingOf({ quick, net }: TrainingOptions, expected: number): TrainingPlan {
  return quick
    ? {
        optimizer: { kind: 'sgd', rate: 0.05, momentum: 0.9 },
        batch: 50,
        epochs: 150,
        until: 0.999,
        expected: Math.min(40, expected),
      }
    : {
        // Eleven layers do not bear the rate that two do.
        optimizer: { kind: 'sgd', rate: net === 'convnet' ? 0.02 : 0.1, momentum: 0.9 },
        batch: 256,
        epochs: 150,
        until: 0.999,
        expected,
      };
}

/** The images that are taken, and what is measured on them in curves and noise. */
export function extentOf({ quick }: TrainingOptions): Pick<ExperimentPlan, 'samples' | 'curves' | 'noise'> {
  return quick
    ? { samples: QUICK_SAMPLES, curves: { orderings: 5, points: 10 }, noise: 2 }
    : { samples: null, curves: { orderings: 10, points: 20 }, noise: 5 };
}

/**
 * The networks of some settings, one a seed, setting by setting. Networks of the same seed begin with the same
 * weights, and their corrupted images are some of those of a larger share.
 * @param hidden of the experiment, where the options name none
 * @param linesOf what is measured of a network; once, at its end, when absent
 */
export function networksOf(
  options: TrainingOptions,
  settings: readonly Setting[],
  hidden: readonly number[],
  training: TrainingPlan,
  linesOf: (end: PlannedLine) => readonly PlannedLine[] = (end) => [end],
): PlannedNetwork[] {
  const { net = 'mlp' } = options;
  const widths = options.hidden ?? ownWidths(options, hidden);
  return settings.flatMap((one) =>
    Array.from({ length: options.seeds }, (_, k): PlannedNetwork => {
      const seed = options.seed + k;
      const name = [one.name, `s${seed}`].filter((part) => part !== '').join('-');
      const title = [one.title, `seed ${seed}`].filter((part) => part !== '').join(', ');
      const { setting, figures } = one;
      return {
        name,
        title,
        seed,
        net,
        hidden: widths,
        sites: net === 'convnet' ? lastSites(widths.length) : null,
        dropout: one.dropout ?? 0,
        // The paper's convolutional network has it.
        batchNorm: one.batchNorm ?? net === 'convnet',
        corrupted: one.corrupted ?? 0,
        training: { ...training, expected: one.expected ?? training.expected },
        lines: linesOf({ name, title, setting, epoch: null, operator: 'zero', figures }),
      };
    }),
  );
}

function ownWidths({ net, quick }: TrainingOptions, hidden: readonly number[]): readonly number[] {
  if (net === 'convnet') return quick ? QUICK_CHANNELS : PAPER_CHANNELS;
  return quick ? QUICK_HIDDEN : hidden;
}
