import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { ORDERS } from '../../src/protocol/curves';
import type { CurveRun } from '../../src/protocol/webview';
import { keptSignal } from '../shared/keptSignal';
import {
  CUMULATIVE_CHOICES,
  cumulativePlot,
  feasible,
  findCurves,
  optionsOf,
  type CumulativeChoices,
} from '../study/views/curves/cumulative';
import { CurvePicture } from '../study/views/curves/curvePicture';
import { cumulativeTwin, noiseTwin } from '../study/views/curves/curveTwin';
import { noisePlot } from '../study/views/curves/noise';
import { PLOT_CHOICES, type Plot } from '../study/views/curves/plotLine';
import { PlotOptions } from '../study/views/curves/plotOptions';
import type { CompareView, Runs } from './compareView';

/** What is compared: random orderings, which every model has. */
const CHOICES: CumulativeChoices = {
  ...CUMULATIVE_CHOICES,
  without: ORDERS.filter((order) => order !== 'random'),
};

interface Props {
  readonly runs: Runs;
  readonly view: CompareView;
}

/** The cumulative curves of all runs on one plot, where there are any. */
export function ComparedCurves({ runs, view }: Props): VNode {
  const title = t('Deleting more and more neurons');
  const curves = useMemo(() => ofRuns(runs, 'curves'), [runs]);
  if (curves.length === 0) return <Nothing title={title} text={t('No curves are measured yet.')} />;
  return <Cumulative key={keyOf(curves)} title={title} curves={curves} runs={runs} view={view} />;
}

function Cumulative({
  title,
  curves,
  runs,
  view,
}: Props & { readonly title: string; readonly curves: readonly CurveRun[] }): VNode {
  const { host } = view;
  const choices = useMemo(() => keptSignal(host, 'curves', CHOICES), [host]);
  const found = useMemo(() => findCurves(curves), [curves]);
  const plot = useComputed(() =>
    coloured(cumulativePlot(found, feasible(choices.value, optionsOf(found))), runs),
  );
  const repeated = plot.value.lines.some(({ repeats }) => repeats.length > 1);
  const missing = runs.filter((run) => run.curves === null).map((run) => run.title);
  return (
    <CurvePicture
      view={view}
      id="compared-curves"
      title={title}
      explanation={missing.length === 0 ? '' : t('No curves are measured of {0} yet.', missing.join(', '))}
      options={<PlotOptions choices={choices} repeated={repeated} />}
      plot={plot}
      choices={choices}
      twin={() => cumulativeTwin(curves)}
    />
  );
}

/** The noise curves of all runs on one plot, where there are any. */
export function ComparedNoise({ runs, view }: Props): VNode {
  const title = t('Noise in all neurons at once');
  const noise = useMemo(() => ofRuns(runs, 'noise'), [runs]);
  if (noise.length === 0) return <Nothing title={title} text={t('No noise is measured yet.')} />;
  return <Noise key={keyOf(noise)} title={title} noise={noise} runs={runs} view={view} />;
}

function Noise({
  title,
  noise,
  runs,
  view,
}: Props & { readonly title: string; readonly noise: readonly CurveRun[] }): VNode {
  const { host } = view;
  const choices = useMemo(() => keptSignal(host, 'noise', PLOT_CHOICES), [host]);
  const plot = useComputed(() => coloured(noisePlot(noise, choices.value.measure), runs));
  const repeated = plot.value.lines.some(({ repeats }) => repeats.length > 1);
  const missing = runs.filter((run) => run.noise === null).map((run) => run.title);
  return (
    <CurvePicture
      view={view}
      id="compared-noise"
      title={title}
      explanation={
        missing.length === 0
          ? t('Every neuron gets normal noise, as many times its own standard deviation.')
          : t('No noise is measured of {0} yet.', missing.join(', '))
      }
      options={<PlotOptions choices={choices} repeated={repeated} />}
      plot={plot}
      choices={choices}
      twin={() => noiseTwin(noise)}
    />
  );
}

function Nothing({ title, text }: { readonly title: string; readonly text: string }): VNode {
  return (
    <section class="frame" aria-label={title}>
      <h2>{title}</h2>
      <p class="quiet">{text}</p>
    </section>
  );
}

/** Under the directories of the runs they belong to: two analyses of one study share their curves. */
function ofRuns(runs: Runs, kind: 'curves' | 'noise'): CurveRun[] {
  return runs.flatMap((run) => {
    const own = run[kind];
    return own === null ? [] : [{ ...own, directory: run.directory }];
  });
}

function keyOf(curves: readonly CurveRun[]): string {
  return curves.map(({ directory, record }) => `${directory} ${record.id}`).join('\n');
}

/** Every run’s lines in the colour and the dash that it has everywhere here. */
function coloured(plot: Plot, runs: Runs): Plot {
  const lines = plot.lines.map((line) => {
    const at = runs.findIndex(({ directory }) => directory === line.run);
    return { ...line, colour: at, dash: at };
  });
  return { ...plot, lines };
}
