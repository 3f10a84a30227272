import type { CurveRun } from '../../../../src/protocol/webview';
import { moment } from '../../../shared/format';

/** The panel's own runs before those laid beside, so that adding one changes no colour. */
export function ownFirst(runs: readonly CurveRun[]): CurveRun[] {
  return [...runs.filter(({ own }) => own), ...runs.filter(({ own }) => !own)];
}

/** What runs are called so that each is told from the others: by title, else by operator too, else by time too. */
export function runNames(runs: readonly CurveRun[]): string[] {
  const tries: readonly ((run: CurveRun) => string)[] = [
    ({ title }) => title,
    ({ title, record }) => `${title}, ${record.spec.operator}`,
    ({ title, record }) => `${title}, ${moment(record.created)}`,
  ];
  return runs.map((run) => {
    const telling = tries.find((name) => runs.filter((other) => name(other) === name(run)).length === 1);
    return (telling ?? (({ record }) => record.id))(run);
  });
}
