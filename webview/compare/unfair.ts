import { t } from '@vscode/l10n';
import type { RunRecord } from '../../src/protocol/run';
import { count } from '../shared/format';
import { scaleText } from '../shared/scaleText';
import type { ComparedRun } from '../../src/protocol/compareState';
import type { Runs } from './compareView';

/** Why some runs are not to be compared as they stand, a sentence each; none where they are. */
export function unfairness(runs: Runs): readonly string[] {
  const [first, ...others] = runs;
  const reasons = first === undefined ? [] : others.flatMap((other) => differences(first, other));
  return [...new Set(reasons), ...runs.flatMap(unfinished)];
}

function unfinished({ record, title }: ComparedRun): string[] {
  const { done, samples } = record.rounds;
  return record.status === 'complete'
    ? []
    : [
        t(
          '{0} is not finished ({1} of {2} rounds): its figures are provisional.',
          title,
          done,
          samples.length,
        ),
      ];
}

function differences(first: ComparedRun, second: ComparedRun): string[] {
  const [a, b] = [first.record, second.record];
  const reasons: string[] = [];
  if (a.data.sha256 !== b.data.sha256) {
    reasons.push(t('The data differ: what differs between the runs may be the data, not the networks.'));
  } else if (labelsOf(a) !== labelsOf(b)) {
    reasons.push(t('The labels differ: what counts as right is not the same.'));
  }
  if (a.baseline.samples !== b.baseline.samples) {
    const [one, other] = [count(a.baseline.samples), count(b.baseline.samples)];
    reasons.push(t('The one was measured on {0} samples, the other on {1}.', one, other));
  }
  if (a.preprocessing.chosen !== b.preprocessing.chosen) {
    const [one, other] = [scaleText(a.preprocessing.chosen), scaleText(b.preprocessing.chosen)];
    reasons.push(t('The preprocessing differs: {0} and {1}.', one, other));
  }
  if (a.spec.operator !== b.spec.operator) {
    reasons.push(
      t('Deleted neurons were clamped differently ({0} and {1}): importance does not mean the same.', a.spec.operator, b.spec.operator), // prettier-ignore
    );
  }
  const curves = [first.curves?.record.curves?.options, second.curves?.record.curves?.options];
  if (
    curves[0] !== undefined &&
    curves[1] !== undefined &&
    JSON.stringify(curves[0]) !== JSON.stringify(curves[1])
  ) {
    reasons.push(t('The curves were measured with different settings.'));
  }
  return reasons;
}

/** The same file may hold several sets of labels: which of them was taken is in the spec. */
function labelsOf({ data, spec }: RunRecord): string {
  const array = (path: string | undefined): string => path?.split('#')[1] ?? '';
  return [data.labels_sha256, array(spec.labels), spec.label_column, spec.label_pattern].join('\n');
}
