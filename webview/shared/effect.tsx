import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { DeletionState } from '../../src/protocol/webview';
import { percent, samples, signed } from './format';
import { RecallChanges } from './recallChanges';

/**
 * What the deleted units do together: accuracy, flips and recalls, before and after; or why it is not known.
 * @param classes null where recalls are shown elsewhere
 */
export function Effect({
  deletion,
  classes,
}: {
  readonly deletion: DeletionState;
  readonly classes: readonly string[] | null;
}): VNode {
  const { evaluation, problem } = deletion;
  if (problem !== null && evaluation === null) {
    return (
      <span class="effect effect-problem" role="status">
        {problem}
      </span>
    );
  }
  if (evaluation === null) {
    return (
      <span class="effect quiet" role="status">
        {t('Measuring…')}
      </span>
    );
  }
  const { accuracy, before } = evaluation;
  return (
    <span class="effect" role="status">
      <span class="effect-numbers">
        <span>{t('Accuracy {0}', percent(before.accuracy))}</span>
        <span class="codicon codicon-arrow-right" aria-label={t('becomes')} role="img" />
        <strong>{percent(accuracy)}</strong>
        <span class="quiet">{t('({0} points)', signed((accuracy - before.accuracy) * 100, 2))}</span>
      </span>
      <span class="quiet">
        {t(
          '{0} newly wrong, {1} newly right',
          samples(evaluation.flips_to_wrong),
          samples(evaluation.flips_to_right),
        )}
      </span>
      {classes !== null && <RecallChanges evaluation={evaluation} classes={classes} />}
    </span>
  );
}
