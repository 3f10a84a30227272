import type { VNode } from 'preact';
import type { DeletionState } from '../../src/protocol/webview';
import { count, percent, signed } from './format';

/** What the deleted units do together: accuracy before and after, and the flips; or why it is not known. */
export function Effect({
  before,
  deletion,
}: {
  readonly before: number;
  readonly deletion: DeletionState;
}): VNode {
  const { evaluation, problem } = deletion;
  if (problem !== null) {
    return (
      <span class="effect effect-problem" role="status">
        {problem}
      </span>
    );
  }
  if (evaluation === null) {
    return (
      <span class="effect quiet" role="status">
        Measuring…
      </span>
    );
  }
  const change = evaluation.accuracy - before;
  return (
    <span class="effect" role="status">
      <span class="effect-numbers">
        <span>Accuracy {percent(before)}</span>
        <span class="codicon codicon-arrow-right" aria-label="to" />
        <strong>{percent(evaluation.accuracy)}</strong>
        <span class="quiet">({signed(change * 100, 2)} points)</span>
      </span>
      <span class="quiet">
        {count(evaluation.flips_to_wrong)} newly wrong, {count(evaluation.flips_to_right)} newly right
      </span>
    </span>
  );
}
