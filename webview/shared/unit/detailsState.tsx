import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { InspectorState } from '../../../src/protocol/webview';

/** In the place of a unit's details: that they are being found, or why there are none. */
export function DetailsPending({ state }: { readonly state: InspectorState }): VNode {
  if (state.problem !== null) {
    return (
      <p class="details-problem" role="status">
        <span class="codicon codicon-info" aria-hidden="true" />
        <span>{state.problem}</span>
      </p>
    );
  }
  return (
    <div class="skeleton" aria-busy="true">
      <p class="quiet" role="status">
        {t('Looking at its activations on all samples…')}
      </p>
      <span class="skeleton-bar" aria-hidden="true" />
      <span class="skeleton-bar" aria-hidden="true" />
      <span class="skeleton-bar" aria-hidden="true" />
      <span class="skeleton-block" aria-hidden="true" />
    </div>
  );
}
