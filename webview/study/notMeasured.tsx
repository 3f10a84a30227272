import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { RunRecord } from '../../src/protocol/run';
import { Button } from '../shared/controls';

/** Is it a run that deleted many neurons together, and measured none alone? */
export function isExperiment({ curves, noise, pairs }: RunRecord): boolean {
  return curves !== undefined || noise !== undefined || pairs !== undefined;
}

/** What stands in the views of single neurons of a run that has none measured. */
export function NotMeasured({ onShowCurves }: { readonly onShowCurves: () => void }): VNode {
  return (
    <div class="waiting">
      <span class="codicon codicon-graph-line waiting-icon" aria-hidden="true" />
      <p class="waiting-title">{t('This run measured no single neurons')}</p>
      <p>{t('It deleted many of them together. Analyze the model to see each neuron by itself.')}</p>
      <Button icon="graph-line" onClick={onShowCurves}>
        {t('Show Curves')}
      </Button>
    </div>
  );
}
