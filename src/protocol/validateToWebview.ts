import * as v from 'valibot';
import { UNIT_COLUMNS, type UnitTable } from './units';
import { guardOf, number, unit, units, whole, type Guard } from './validate';
import type { InspectorState, StudyState, ToInspector, ToModelPage, ToStudy } from './webview';

// What the views are told: the kind of every field, not every number. What is large is looked at as a whole.

type Fields<State> = Readonly<Record<keyof State, v.GenericSchema>>;

const list = v.custom<readonly unknown[]>((value) => Array.isArray(value));
const text = v.nullable(v.string());
const doubles = v.instance(Float64Array);

function isTable(value: unknown): value is UnitTable {
  const shape = v.object({
    rows: whole,
    classes: whole,
    columns: v.record(v.string(), doubles),
    class_drop: doubles,
    class_mean: doubles,
  });
  if (!v.is(shape, value)) return false;
  const { rows, classes, columns, class_drop, class_mean } = value;
  return (
    UNIT_COLUMNS.every((column) => columns[column]?.length === rows) &&
    class_drop.length === rows * classes &&
    class_mean.length === rows * classes
  );
}

const table = v.custom<UnitTable>(isTable);

const record = v.object({
  id: v.string(),
  created: v.string(),
  status: v.string(),
  error: text,
  spec: v.object({ operator: v.string() }),
  model: v.object({ path: v.string() }),
  data: v.object({ path: v.string() }),
  versions: v.object({}),
  backend: v.object({ name: v.string(), threads: number }),
  preprocessing: v.object({ chosen: v.string(), candidates: list }),
  baseline: v.object({ accuracy: number, samples: number, per_class: list }),
  classes: v.array(v.string()),
  sites: v.array(v.object({ name: v.string(), units: whole })),
  excluded: list,
  rounds: v.object({ samples: list, done: whole }),
  ways: v.object({}),
});

const evaluation = v.object({
  accuracy: number,
  samples: number,
  recalls: list,
  flips_to_wrong: number,
  flips_to_right: number,
  before: v.object({ accuracy: number, recalls: list }),
  confusion: v.nullable(v.object({ before: doubles, after: doubles })),
  examples: v.optional(list),
});

const deletion = v.object({
  deleted: units,
  evaluation: v.nullable(evaluation),
  problem: text,
  canUndo: v.boolean(),
  canRedo: v.boolean(),
});

const progress = v.object({ phase: v.string(), fraction: number, round: number, rounds: number });

const details = v.object({
  unit,
  samples: number,
  class_means: doubles,
  histogram: v.object({ edges: doubles, counts: doubles }),
  most: list,
  least: list,
  incoming: list,
  outgoing: list,
  to_classes: v.nullable(doubles),
});

const study = {
  title: v.string(),
  record: v.nullable(record),
  table: v.nullable(table),
  progress: v.nullable(progress),
  notice: v.nullable(v.object({ severity: v.picklist(['info', 'warning', 'error']), text: v.string() })),
  stale: text,
  selection: v.nullable(unit),
  deletion,
  sets: v.array(v.object({ name: v.string(), units })),
  unit: v.nullable(v.object({ unit, details: v.nullable(details), problem: text })),
  correlations: v.nullable(v.object({ sites: list })),
  curves: v.object({
    runs: v.array(v.object({ directory: v.string(), title: v.string(), record, experiment: v.object({}) })),
    measuring: v.nullable(v.object({ experiment: v.string(), progress })),
    problem: text,
  }),
} satisfies Fields<StudyState>;

const inspector = {
  unit,
  title: v.string(),
  values: v.record(v.string(), number),
  class_drop: list,
  classes: v.array(v.string()),
  baseline: v.object({ accuracy: number, samples: number }),
  provisional: v.boolean(),
  deleted: v.boolean(),
  deletion,
  ranks: v.record(v.string(), number),
  siteUnits: whole,
  spreads: list,
  details: v.nullable(details),
  problem: text,
} satisfies Fields<InspectorState>;

const model = v.object({
  path: v.string(),
  format: text,
  producer: text,
  inputs: list,
  outputs: list,
  parameters: v.nullable(number),
  layers: list,
});

/** What fits `shape` is taken to be all of `State`. */
function kinds<State>(shape: v.GenericSchema): v.GenericSchema<State> {
  return v.custom<State>((value) => v.is(shape, value));
}

const { table: _, ...changing } = study;
const oneUnit = v.object({ unit: v.nullable(unit) });

/** For the study panel. */
export const isToStudy: Guard<ToStudy> = guardOf<ToStudy>({
  snapshot: v.object({ state: kinds<StudyState>(v.object(study)) }),
  change: v.object({ change: kinds<Partial<Omit<StudyState, 'table'>>>(v.partial(v.object(changing))) }),
  units: v.object({ from: whole, rows: table }),
  hover: oneUnit,
});

/** For the unit inspector. */
export const isToInspector: Guard<ToInspector> = guardOf<ToInspector>({
  state: v.object({ state: v.nullable(kinds<InspectorState>(v.object(inspector))) }),
  hover: oneUnit,
});

/** For the page of a model. */
export const isToModelPage: Guard<ToModelPage> = guardOf<ToModelPage>({
  model: v.object({
    state: kinds<ToModelPage['state']>(
      v.object({ name: v.string(), place: v.string(), model: v.nullable(model) }),
    ),
  }),
});
