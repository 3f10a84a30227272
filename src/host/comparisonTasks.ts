import type { ComparedKind } from '../protocol/compareState';
import { NOISE_SCALES, type CurveOptions } from '../protocol/curves';
import type { StudySpec } from '../protocol/study';
import type { FoundPart, ReadComparison } from './comparison';
import type { ComparisonTask } from './comparisonWork';
import { measuredSpec } from './measurements';

/** Everything of a kind before the next: the verdict needs curves of all, but no noise. */
const KINDS = ['units', 'curves', 'noise'] as const satisfies readonly ComparedKind[];

/** As the command line's `compare` measures. */
const ORDERINGS = { orders: ['random'], directions: [], orderings: 10, points: 20, each: false } as const;
const NOISE = { scales: NOISE_SCALES, repeats: 5 };

/** What has to be known to measure what is missing. */
export interface TaskSetting {
  /** How models without a run are studied, by the model's path. */
  readonly specs: ReadonlyMap<string, StudySpec>;
  /** Data that checkpoints were trained on, to be measured beside the other. */
  readonly train: CurveOptions['train'];
  /** A path for a new run of a model, beside another run where there is one. */
  readonly newDirectory: (model: string, beside: string | null) => string;
}

/** The run of a comparison to be measured next, and how many are missing; null where nothing is. */
export function nextTask(
  { found, state }: Pick<ReadComparison, 'found' | 'state'>,
  setting: TaskSetting,
): { readonly task: ComparisonTask; readonly left: number } | null {
  const { parts } = state;
  const left = parts.reduce((sum, { missing }) => sum + missing.length, 0);
  for (const kind of KINDS) {
    for (const [i, { name, missing }] of parts.entries()) {
      const part = found[i]!;
      if (!missing.includes(kind)) continue;
      const task = kind === 'units' ? unitsTask(part, setting) : experimentTask(kind, part, found, setting);
      if (task !== null) return { task: { ...task, name, kind }, left };
    }
  }
  return null;
}

type Task = Omit<ComparisonTask, 'name' | 'kind'>;

function unitsTask({ model, units }: FoundPart, { specs, newDirectory }: TaskSetting): Task | null {
  if (units !== null) return { spec: units.run.record.spec, directory: units.directory };
  const spec = specs.get(model);
  return spec === undefined ? null : { spec, directory: newDirectory(model, null) };
}

/** Goes on with what was begun, else measures anew: curves as those of the others, where there are some. */
function experimentTask(
  kind: 'curves' | 'noise',
  { model, units, unfinished }: FoundPart,
  found: readonly FoundPart[],
  { train, newDirectory }: TaskSetting,
): Task | null {
  if (units === null) return null;
  const begun = unfinished[kind];
  const spec = begun === null ? measuredSpec(units.run.record) : begun.record.spec;
  const directory = begun?.directory ?? newDirectory(model, units.directory);
  if (kind === 'noise') {
    const options = begun?.record.noise?.options ?? NOISE;
    return { spec, directory, experiment: { name: kind, options } };
  }
  const options = begun?.record.curves?.options ?? curvesLike(found, train);
  return { spec, directory, experiment: { name: kind, options } };
}

function curvesLike(found: readonly FoundPart[], train: CurveOptions['train']): CurveOptions {
  const other = found.map(({ curves }) => curves?.run.record.curves?.options).find((one) => one != null);
  const { orderings, points } = other ?? ORDERINGS;
  // Models may have been trained on labels of their own; checkpoints were trained on the same.
  const trained = found.every(({ step }) => step !== null) ? (other?.train ?? train) : null;
  return { ...ORDERINGS, orderings, points, train: trained };
}
