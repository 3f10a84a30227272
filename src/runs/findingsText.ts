import type { TrainingFinding } from '../protocol/training';

/** Whether a claim holds, in a word. */
export function holdsText(holds: boolean | null): string {
  return holds === null ? 'cannot be told' : holds ? 'yes' : 'no';
}

/** How many of an experiment's expectations hold. */
export function findingsHeadline(findings: readonly TrainingFinding[]): string {
  const count = (holds: boolean | null): number => findings.filter((one) => one.holds === holds).length;
  const [yes, no, open] = [count(true), count(false), count(null)];
  const parts = [
    `${String(yes)} of ${String(findings.length)} expectations from the paper ${yes === 1 ? 'holds' : 'hold'} here`,
    ...(no === 0 ? [] : [`${String(no)} ${no === 1 ? 'does' : 'do'} not`]),
    ...(open === 0 ? [] : [`${String(open)} cannot be told`]),
  ];
  return `${parts.join(', ')}.`;
}
