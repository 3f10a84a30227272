import { resolve } from 'node:path';
import type { CurveSummary } from '../protocol/curves';
import type { RunRecord } from '../protocol/run';
import { experimentOf } from '../runs/experimentFiles';

/** Of some runs, the newest first, the newest analysis of a model that has figures; undefined where there is none. */
export function newestOf<R extends { readonly record: RunRecord | null }>(
  model: string,
  runs: readonly R[],
): (R & { readonly record: RunRecord }) | undefined {
  return runs.find(
    (run): run is R & { readonly record: RunRecord } =>
      run.record !== null &&
      experimentOf(run.record) === null &&
      resolve(run.record.model.path) === resolve(model),
  );
}

/** Are these curves of the network and the data that the other run is of? */
export function curvesBelong(curves: RunRecord, to: RunRecord): boolean {
  return (
    curves.curves !== undefined &&
    curves.model.sha256 === to.model.sha256 &&
    curves.data.sha256 === to.data.sha256 &&
    curves.data.labels_sha256 === to.data.labels_sha256 &&
    curves.spec.operator === to.spec.operator
  );
}

/** The one figure that stands for a run's curves: of random orders over as many sites as there are. */
export function mainCurve(record: RunRecord): CurveSummary | null {
  const [best] = [...(record.curves?.summary ?? [])]
    .filter(({ data }) => data === 'test')
    .sort((a, b) => rank(b) - rank(a) || b.sites.length - a.sites.length);
  return best ?? null;
}

function rank({ order }: CurveSummary): number {
  return order === 'random' ? 1 : 0;
}

/** Area under the curve of a run: its own, or that of the newest curves of the same study; null where there is none. */
export function aucOf(record: RunRecord, all: readonly RunRecord[]): number | null {
  if (record.curves !== undefined) return mainCurve(record)?.auc ?? null;
  for (const other of all) {
    const main = curvesBelong(other, record) ? mainCurve(other) : null;
    if (main !== null) return main.auc;
  }
  return null;
}
