import { basename } from 'node:path';
import type { CurvePlot } from '../pictures/curves';
import { paperTheme } from '../pictures/theme';
import type { ComparedModel, Verdict } from '../protocol/compare';
import type { StoredRun } from '../protocol/engine';
import { meanCurves, meanNoise } from '../protocol/meanCurves';
import type { ModelRuns } from './comparison';
import { areaText, lineAndBand, noiseAxis, plotFigure, SHARES } from './reportCurveFigures';
import { decimal, html, NONE, percent, points, tableMarkup, type Markup } from './reportMarkup';
import { reportPage } from './reportPage';

/** A comparison as it is reported. */
export interface Comparison {
  readonly models: readonly (ComparedModel & { readonly train_accuracy: number | null })[];
  /** In the same order; `noise`: a finished run of noise. */
  readonly runs: readonly (ModelRuns & { readonly noise: StoredRun })[];
  readonly verdict: Verdict;
  /** Of checkpoints: where robustness falls, in a sentence; null for others. */
  readonly falls: string | null;
}

/** The report of a comparison as one HTML page. */
export function comparisonHtml({ models, runs, verdict, falls }: Comparison): string {
  const [first] = runs;
  const record = first?.curves.record;
  return reportPage({
    title: `Neuron deletion: ${models.map(({ model }) => model).join(', ')}`,
    by: record === undefined ? '' : `${basename(record.data.path)} · ${record.created.slice(0, 10)}`,
    headline: verdict.text,
    body: html`${falls === null ? null : html`<p>${falls}</p>`}
      <h2>Neurons deleted together</h2>
      <figure>
        ${curvesFigure(runs)}
        <figcaption>
          Accuracy while random neurons of all layers are deleted, mean of the orderings with one standard
          deviation. Every model on its own labels where they were given.
        </figcaption>
      </figure>
      <h2>Noise in all neurons</h2>
      <figure>
        ${noiseFigure(runs)}
        <figcaption>
          Accuracy against the size of the noise, in standard deviations of each neuron.
        </figcaption>
      </figure>
      ${figuresTable(models)} ${provenance(runs)}`,
  });
}

function chanceOf(runs: readonly ModelRuns[]): number {
  return Math.max(0, ...runs.map(({ curves }) => curves.record.curves?.summary[0]?.chance ?? 0));
}

const COMMON = { yLabel: 'accuracy', yTicks: SHARES, cursor: null, theme: paperTheme, title: '' } as const;

function level(chance: number): CurvePlot['levels'] {
  return [{ at: chance, text: `chance: the largest class, ${(100 * chance).toFixed(1)} %` }];
}

function curvesFigure(runs: Comparison['runs']): Markup {
  const curves = runs.flatMap(({ name, curves: run }, colour) => {
    const rows = run.experiment?.name === 'curves' ? run.experiment.rows : [];
    const mean = meanCurves(rows).find(({ order, data }) => order === 'random' && data === 'test');
    const summary = run.record.curves?.summary.find(
      ({ order, data }) => order === 'random' && data === 'test',
    );
    if (mean === undefined || summary === undefined) return [];
    return [
      {
        name,
        figure: areaText(summary),
        ...lineAndBand(mean.fractions, mean.accuracy),
        repeats: [],
        colour,
        dash: 0,
      },
    ];
  });
  const plot = {
    ...COMMON,
    curves,
    xLabel: 'share of the units deleted',
    xTicks: SHARES,
    levels: level(chanceOf(runs)),
  };
  return plotFigure('Accuracy against the share of units deleted, of every model', [plot]);
}

function noiseFigure(runs: Comparison['runs']): Markup {
  const lines = runs.flatMap(({ name, noise }, colour) =>
    noise.experiment?.name === 'noise' ? [{ name, colour, line: meanNoise(noise.experiment.rows) }] : [],
  );
  const axis = noiseAxis(lines.flatMap(({ line }) => [...line.scales]));
  const curves = lines.map(({ name, colour, line }) => ({
    name,
    figure: '',
    ...lineAndBand(line.scales.map(axis.at), line.accuracy),
    repeats: [],
    colour,
    dash: 0,
  }));
  const plot = {
    ...COMMON,
    curves,
    xLabel: 'noise, in standard deviations of each unit',
    xTicks: axis.ticks,
    levels: level(chanceOf(runs)),
  };
  return plotFigure('Accuracy against the size of the noise in all units, of every model', [plot]);
}

function figuresTable(models: Comparison['models']): Markup {
  const trained = models.some(({ train_accuracy }) => train_accuracy !== null);
  const table = tableMarkup(
    'Every model in figures',
    [
      ['Model', 'text'],
      ...(trained ? [['Right on training data', 'figure'] as const] : []),
      ['Right', 'figure'],
      ['AUC', 'figure'],
      ['sd', 'figure'],
      ['Relative', 'figure'],
      ['Half way down after', 'figure'],
      ['Worst neuron, points', 'figure'],
      ['Dead', 'figure'],
    ],
    models.map((model) => [
      model.model,
      ...(trained ? [percent(model.train_accuracy)] : []),
      percent(model.baseline_accuracy),
      decimal(model.auc),
      decimal(model.auc_sd),
      decimal(model.auc_relative, 3),
      Number.isNaN(model.half_fraction) ? NONE : percent(model.half_fraction, 0),
      points(model.worst_unit_drop),
      Number.isNaN(model.dead_units) ? NONE : String(model.dead_units),
    ]),
  );
  return html`<h2>In figures</h2>
    ${table}
    <p>
      AUC: area under the accuracy, x from 0 to 1, standard deviation over orderings. Relative: (AUC − chance)
      / (accuracy − chance). Worst neuron: chosen on one half of the samples and measured on the other.
    </p>`;
}

function provenance(runs: Comparison['runs']): Markup {
  const items = runs.map(({ name, curves: { record } }) => {
    const { spec, model, data, preprocessing, seed, versions, backend } = record;
    const labels = spec.labels === undefined ? '' : `, labels ${spec.labels}`;
    return html`<dt>${name}</dt>
      <dd>
        ${model.path} (${model.format}), sha256 <code>${model.sha256}</code>; ${spec.data}${labels}, sha256
        <code>${data.sha256}</code>; preprocessing ${preprocessing.chosen}, seed ${String(seed)}, Neuron
        Deletion ${versions.neuron_deletion}, TensorFlow.js ${versions.tfjs}, ${backend.name}
      </dd> `;
  });
  return html`<h2>Provenance</h2>
    <dl>${items}</dl>`;
}
