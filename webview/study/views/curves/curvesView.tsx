import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { CurveRun } from '../../../../src/protocol/webview';
import type { ViewProps } from '../../viewProps';
import { CumulativeCurves } from './cumulativeCurves';
import { AddedRuns, MeasureButtons, MeasuringStatus } from './measuring';
import { NoiseCurves } from './noiseCurves';

/** How far the network can be deleted, or disturbed, before it breaks. */
export function CurvesView(view: ViewProps): VNode | null {
  const { store, host } = view;
  const curves = store.state.value?.curves;
  if (curves === undefined) return null;
  const has = (name: CurveRun['experiment']['name']): boolean =>
    curves.runs.some(({ experiment }) => experiment.name === name && experiment.rows.length > 0);
  const [cumulative, noise] = [has('curves'), has('noise')];
  const empty = !cumulative && !noise;
  return (
    <section class="curves-view" aria-label={t('Curves')}>
      {empty ? (
        <div class="waiting curves-empty">
          <span class="codicon codicon-graph-line waiting-icon" aria-hidden="true" />
          <p class="waiting-title">
            {curves.measuring === null ? t('No curves yet') : t('The first line comes with the first curve')}
          </p>
          <p>
            {t(
              'Curves delete more and more neurons together and show how far the network can go before it breaks; one that relies on single neurons, as one that memorized does, falls early.',
            )}{' '}
            {t('Noise adds more and more of it to all neurons at once, and asks the same.')}
          </p>
          <MeasureButtons curves={curves} host={host} primary />
        </div>
      ) : (
        <div class="curves-head">
          <AddedRuns runs={curves.runs} host={host} />
          <MeasureButtons curves={curves} host={host} primary={false} />
        </div>
      )}
      <MeasuringStatus curves={curves} run={store.record.value?.id ?? null} host={host} />
      <div class="curves-pictures">
        {cumulative && <CumulativeCurves view={view} />}
        {noise && <NoiseCurves view={view} />}
      </div>
    </section>
  );
}
