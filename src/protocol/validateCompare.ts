import * as v from 'valibot';
import {
  COMPARED_COLUMNS,
  COMPARISON_FORMATS,
  type ComparedLine,
  type ComparedMeasuring,
  type ComparedRun,
  type FromCompare,
  type ToCompare,
} from './compareState';
import type { Verdict } from './compare';
import { guardOf, number, type Guard } from './validate';
import { isFromStudy } from './validateFromWebview';

const text = v.nullable(v.string());
const share = v.nullable(number);
const kind = v.picklist(['units', 'curves', 'noise']);

const curves = v.nullable(v.object({ record: v.object({}), experiment: v.object({ name: v.string() }) }));

function isRun(value: unknown): value is ComparedRun {
  const shape = v.object({
    directory: v.string(),
    title: v.string(),
    record: v.object({
      sites: v.array(v.object({ name: v.string(), units: v.number() })),
      classes: v.array(v.string()),
      baseline: v.object({ accuracy: v.number(), samples: v.number(), per_class: v.array(v.object({})) }),
      spec: v.object({ operator: v.string() }),
      preprocessing: v.object({ chosen: v.string() }),
    }),
    columns: v.record(v.string(), v.instance(Float64Array)),
    curves,
    noise: curves,
  });
  return v.is(shape, value) && COMPARED_COLUMNS.every((column) => value.columns[column] !== undefined);
}

const line: v.GenericSchema<unknown, ComparedLine> = v.object({
  model: v.string(),
  baseline_accuracy: share,
  auc: share,
  auc_sd: share,
  auc_relative: share,
  half_fraction: share,
  worst_unit_drop: share,
  dead_units: share,
  orderings: v.array(number),
});

const interval = { value: number, low: number, high: number };

const verdict: v.GenericSchema<unknown, Verdict> = v.object({
  kind: v.picklist(['difference', 'none', 'unknown']),
  text: v.string(),
  fragile: text,
  robust: text,
  difference: v.nullable(v.object(interval)),
  evidence: v.nullable(v.object({ weakest: v.string(), strongest: v.string(), ...interval })),
});

const part = v.object({
  name: v.string(),
  run: v.nullable(v.custom<ComparedRun>(isRun)),
  missing: v.array(kind),
  begun: v.boolean(),
  line: v.nullable(line),
  step: share,
  train_accuracy: share,
});

const measuring = v.nullable(
  v.object({
    name: v.string(),
    kind,
    done: number,
    runs: number,
    progress: v.custom<ComparedMeasuring['progress']>((value) =>
      v.is(v.object({ phase: v.string(), fraction: number, round: number, rounds: number }), value),
    ),
    waits: text,
  }),
);

/** Of the host, to a comparison. */
export const isToCompare: Guard<ToCompare> = guardOf<ToCompare>({
  comparison: v.object({
    state: v.object({
      parts: v.nullable(v.array(part)),
      verdict: v.nullable(verdict),
      falls: v.exactOptional(share),
      measuring,
      problem: text,
    }),
  }),
  measuring: v.object({ measuring, problem: text }),
});

const isOwn = guardOf<Exclude<FromCompare, { readonly type: 'savePicture' }>>({
  ready: v.object({}),
  openRun: v.object({ directory: v.string() }),
  measureMissing: v.object({}),
  cancelMeasuring: v.object({}),
  exportComparison: v.object({ format: v.picklist(COMPARISON_FORMATS) }),
});

/** Of a comparison. */
export const isFromCompare: Guard<FromCompare> = (data): data is FromCompare =>
  isOwn(data) || (isFromStudy(data) && data.type === 'savePicture');
