import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CurveRun } from '../../src/protocol/webview';
import { keptSignal } from '../shared/keptSignal';
import {
  CUMULATIVE_CHOICES,
  cumulativePlot,
  feasible,
  findCurves,
  optionsOf,
} from '../study/views/curves/cumulative';
import { CurvePicture } from '../study/views/curves/curvePicture';
import { cumulativeTwin } from '../study/views/curves/curveTwin';
import { PlotOptions } from '../study/views/curves/plotOptions';
import type { CompareView, Pair } from './compareView';

/** The curves of both runs on one plot, where there are any. */
export function ComparedCurves({ pair, view }: { readonly pair: Pair; readonly view: CompareView }): VNode {
  const runs = pair.flatMap(({ curves }) => curves ?? []);
  if (runs.length === 0) {
    return (
      <section class="frame" aria-label={t('Deleting more and more neurons')}>
        <h2>{t('Deleting more and more neurons')}</h2>
        <p class="quiet">
          {t('No curves were measured of either run; the Curves view of each has a button for that.')}
        </p>
      </section>
    );
  }
  const key = runs.map(({ directory }) => directory).join('\n');
  return <Plot key={key} runs={runs} pair={pair} view={view} />;
}

function Plot({
  runs,
  pair,
  view,
}: {
  readonly runs: readonly CurveRun[];
  readonly pair: Pair;
  readonly view: CompareView;
}): VNode {
  const { host } = view;
  const choices = useMemo(() => keptSignal(host, 'curves', CUMULATIVE_CHOICES), [host]);
  const found = useMemo(() => findCurves(runs), [runs]);
  const plot = useComputed(() => cumulativePlot(found, feasible(choices.value, optionsOf(found))));
  const repeated = plot.value.lines.some(({ repeats }) => repeats.length > 1);
  const missing = pair.find(({ curves }) => curves === null);
  return (
    <CurvePicture
      view={view}
      id="compared-curves"
      title={t('Deleting more and more neurons')}
      explanation={missing === undefined ? '' : t('No curves were measured of {0}.', missing.title)}
      options={<PlotOptions choices={choices} repeated={repeated} />}
      plot={plot}
      choices={choices}
      twin={() => cumulativeTwin(runs)}
    />
  );
}
