import * as v from 'valibot';
import { guardOf, type Guard } from './validate';
import { isFromStudy } from './validateFromWebview';
import { COMPARED_COLUMNS, type ComparedRun, type FromCompare, type ToCompare } from './webview';

const text = v.nullable(v.string());

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
    curves: v.nullable(v.object({ record: v.object({}), experiment: v.object({ name: v.string() }) })),
  });
  return v.is(shape, value) && COMPARED_COLUMNS.every((column) => value.columns[column] !== undefined);
}

/** Of the host, to a comparison. */
export const isToCompare: Guard<ToCompare> = guardOf<ToCompare>({
  comparison: v.object({
    state: v.object({
      runs: v.nullable(v.tuple([v.custom<ComparedRun>(isRun), v.custom<ComparedRun>(isRun)])),
      problem: text,
    }),
  }),
});

const isOwn = guardOf<Exclude<FromCompare, { readonly type: 'savePicture' }>>({
  ready: v.object({}),
  openRun: v.object({ directory: v.string() }),
});

/** Of a comparison. */
export const isFromCompare: Guard<FromCompare> = (data): data is FromCompare =>
  isOwn(data) || (isFromStudy(data) && data.type === 'savePicture');
