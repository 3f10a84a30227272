import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { operatorAgreement, type OperatorAgreement } from '../core/measures/agreement';
import { Failure } from '../protocol/failure';
import type { StoredRun } from '../protocol/engine';
import type { RunRecord } from '../protocol/run';
import { experimentOf } from './experimentFiles';
import { readRun } from './readRun';
import { readRecord } from './runRecord';

/** Are these finished analyses of the same sites of one model on the same data, under different operators? */
function differOnlyInOperator(a: RunRecord, b: RunRecord): boolean {
  const key = ({ model, data, sites, preprocessing, spec }: RunRecord): string =>
    JSON.stringify([
      [model.sha256, data.sha256, data.labels_sha256, preprocessing.chosen],
      [sites, spec.samples, spec.seed],
    ]);
  return a.spec.operator !== b.spec.operator && key(a) === key(b);
}

/**
 * How far the operators agree that a study was run under: a finished run and the latest others beside it that differ
 * from it in nothing but the operator. Empty where there are none.
 */
export async function agreementBeside(directory: string, run: StoredRun): Promise<OperatorAgreement[]> {
  if (run.record.status !== 'complete' || run.experiment !== undefined) return [];
  const folder = dirname(resolve(directory));
  const latest = new Map<string, { readonly place: string; readonly record: RunRecord }>();
  for (const name of await readdir(folder)) {
    const place = join(folder, name);
    const record = await readRecord(place).catch(() => null);
    if (record?.status !== 'complete' || experimentOf(record) !== null) continue;
    if (!differOnlyInOperator(run.record, record)) continue;
    const known = latest.get(record.spec.operator);
    if (known === undefined || known.record.created < record.created) {
      latest.set(record.spec.operator, { place, record });
    }
  }
  const others = await Promise.all([...latest.values()].map(({ place }) => readRun(place)));
  return others.length === 0 ? [] : agreementOf([run, ...others]);
}

/**
 * How far the operators of some runs agree.
 * @throws Failure where the runs are not analyses of one model on one data set
 */
export function agreementOf(runs: readonly StoredRun[]): OperatorAgreement[] {
  const [first] = runs;
  for (const { record } of runs) {
    const experiment = experimentOf(record);
    if (experiment !== null) {
      throw new Failure(
        `The run ${record.id} is of ${experiment}, not of single units: give runs of the command analyze.`,
      );
    }
    if (
      record.model.sha256 === first?.record.model.sha256 &&
      record.data.sha256 === first.record.data.sha256
    ) {
      continue;
    }
    throw new Failure(
      `The run ${record.id} is of another model or other data than ${first?.record.id ?? ''}: give runs that differ in the operator alone.`,
    );
  }
  const tables = runs.map(({ record, table }) => ({
    operator: record.spec.operator,
    sites: record.sites,
    table,
  }));
  return operatorAgreement(tables, first?.record.seed ?? 0);
}
