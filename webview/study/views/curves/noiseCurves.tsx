import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { keptSignal } from '../../../shared/keptSignal';
import type { ViewProps } from '../../viewProps';
import { CurvePicture } from './curvePicture';
import { noiseTwin } from './curveTwin';
import { noisePlot } from './noise';
import { PLOT_CHOICES } from './plotLine';
import { PlotOptions } from './plotOptions';

/** Accuracy or loss against the size of the noise in all neurons. */
export function NoiseCurves({ view }: { readonly view: ViewProps }): VNode {
  const { host, store } = view;
  const choices = useMemo(() => keptSignal(host, 'noise', PLOT_CHOICES), [host]);
  const runs = useComputed(() => store.state.value?.curves.runs ?? []);
  const plot = useComputed(() => noisePlot(runs.value, choices.value.measure));
  const repeated = plot.value.lines.some(({ repeats }) => repeats.length > 1);
  return (
    <CurvePicture
      view={view}
      id="noise-curves"
      title={t('Noise in all neurons at once')}
      explanation={t('Every neuron gets normal noise, as many times its own standard deviation.')}
      options={<PlotOptions choices={choices} repeated={repeated} />}
      plot={plot}
      choices={choices}
      twin={() => noiseTwin(runs.value)}
    />
  );
}
