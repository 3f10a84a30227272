import type { StoredRun } from '../protocol/engine';
import { scaleFormula } from '../protocol/scale';
import type { Operator } from '../protocol/study';
import { count, decimal, html, NONE, percent, points, tableMarkup, type Markup } from './reportMarkup';
import { layerSummary, topUnits } from './summary';

/** More classes than this: the table shows those with the lowest recall. */
const CLASSES_SHOWN = 40;

const OPERATORS: Readonly<Record<Operator, string>> = {
  zero: 'zero',
  mean: "the unit's mean over the data",
  resample: 'its activation on other samples',
  optimal: 'the constant with the least mean loss',
};

/** What was measured, and the definitions. */
export function methodSection({ record }: StoredRun): Markup {
  const units = record.sites.reduce((sum, site) => sum + site.units, 0);
  const done = record.rounds.samples.slice(0, record.rounds.done).reduce((sum, samples) => sum + samples, 0);
  return html`<h2>Method</h2>
    <p>
      Each of ${count(units)} units in ${count(record.sites.length)}
      ${record.sites.length === 1 ? 'site' : 'sites'} was deleted on its own by clamping its activation to
      ${OPERATORS[record.spec.operator]} (operator <code>${record.spec.operator}</code>), and the network was
      measured on ${count(done)} of ${count(record.baseline.samples)} samples. A unit is one output of a dense
      layer, or one whole feature map of a convolution.
    </p>
    <p>
      <b>Importance</b> is the baseline accuracy minus the accuracy without the unit, in percentage points
      (accuracy drop); its 95 % interval is that of Bonett and Price for paired proportions, and a unit is
      <i>within noise</i> where the exact McNemar test does not reject at a false discovery rate of 5 % over
      all units (Benjamini and Hochberg). The unit in the first line was chosen on one half of the samples and
      its figure measured on the other, so it may differ from the first row of the table.
      <b>Selectivity</b> is the class selectivity index (μ<sub>max</sub> − μ<sub>−max</sub>) / (μ<sub
        >max</sub
      >
      + μ<sub>−max</sub>), where μ<sub>max</sub> is the largest class mean of the unit’s activation and μ<sub
        >−max</sub
      >
      the mean over all other classes: 0 for a unit that answers all classes alike, 1 for one that answers a
      single class (Morcos et al., ICLR 2018).
    </p>`;
}

/** The network before any deletion, and each class. */
export function baselineSection({ record }: StoredRun): Markup {
  const { baseline } = record;
  const classes = [...baseline.per_class];
  const many = classes.length > CLASSES_SHOWN;
  const shown = many
    ? classes.sort((a, b) => (a.recall ?? 2) - (b.recall ?? 2)).slice(0, CLASSES_SHOWN)
    : classes;
  const caption = many
    ? `The ${CLASSES_SHOWN} of ${classes.length} classes with the lowest recall`
    : 'Each class before any deletion';
  return html`<h2>Baseline</h2>
    <p>
      ${count(baseline.correct)} of ${count(baseline.samples)} samples are classified correctly: accuracy
      ${percent(baseline.accuracy)}, balanced accuracy ${percent(baseline.balanced_accuracy)}, mean
      cross-entropy ${decimal(baseline.loss)} nats.
    </p>
    ${(record.notes ?? []).map((note) => html`<p>${note}</p>`)}
    ${tableMarkup(
      caption,
      [
        ['Class', 'text'],
        ['Samples', 'figure'],
        ['Correct', 'figure'],
        ['Recall', 'figure'],
        ['Precision', 'figure'],
      ],
      shown.map((one) => [
        one.class,
        count(one.samples),
        count(one.correct),
        percent(one.recall),
        percent(one.precision),
      ]),
    )}`;
}

/** Which preprocessing was tried and taken. */
export function preprocessingSection({ record }: StoredRun): Markup {
  const { chosen, by, candidates } = record.preprocessing;
  const how = by === 'auto' ? 'chosen automatically among the candidates below' : 'set by the user';
  const table = tableMarkup(
    'Candidates on the trial samples',
    [
      ['Scale', 'text'],
      ['Accuracy', 'figure'],
      ['Correct', 'figure'],
      ['Samples', 'figure'],
      ['Loss (nats)', 'figure'],
      ['', 'text'],
    ],
    candidates.map((trial) => [
      trial.scale,
      percent(trial.accuracy),
      count(trial.correct),
      count(trial.samples),
      decimal(trial.loss),
      trial.scale === chosen ? 'chosen' : '',
    ]),
  );
  return html`<h2>Preprocessing</h2>
    <p>Inputs were scaled with <code>${chosen}</code> (${scaleFormula(chosen)}), ${how}.</p>
    ${candidates.length === 0 ? null : table}`;
}

function classCell(run: StoredRun, index: number): string {
  return run.record.classes[index] ?? NONE;
}

/** The ten most important units. */
export function topSection(run: StoredRun): Markup {
  const top = topUnits(run, 10);
  if (top.length === 0)
    return html`<h2>Most important units</h2>
      <p>No unit has been measured yet.</p>`;
  return html`<h2>Most important units</h2>
    ${tableMarkup(
      `The ${top.length} units with the largest importance; being picked as the largest, their figures lean upwards`,
      [
        ['Unit', 'text'],
        ['Importance (points)', 'figure'],
        ['95 % interval', 'figure'],
        ['Loss increase (nats)', 'figure'],
        ['Largest class drop (points)', 'figure'],
        ['in class', 'text'],
        ['Selectivity', 'figure'],
        ['Prefers class', 'text'],
        ['', 'text'],
      ],
      top.map((unit) => [
        `${unit.site}\u00a0#${unit.unit}`,
        points(unit.accuracy_drop),
        Number.isNaN(unit.drop_low) ? NONE : `${points(unit.drop_low)} … ${points(unit.drop_high)}`,
        decimal(unit.loss_increase),
        points(unit.max_class_drop),
        classCell(run, unit.max_class),
        decimal(unit.selectivity, 2),
        classCell(run, unit.preferred_class),
        unit.within_noise === 1 ? 'within\u00a0noise' : '',
      ]),
    )}`;
}

/** One line a site. */
export function layerSection(run: StoredRun): Markup {
  return html`<h2>Sites</h2>
    ${tableMarkup(
      'Every site in the order of the network',
      [
        ['Site', 'text'],
        ['Kind', 'text'],
        ['Units', 'figure'],
        ['Dead', 'figure'],
        ['Within noise', 'figure'],
        ['Worst unit', 'figure'],
        ['Its importance (points)', 'figure'],
        ['Median importance (points)', 'figure'],
        ['Median selectivity', 'figure'],
      ],
      layerSummary(run).map((layer) => [
        layer.site,
        layer.kind,
        count(layer.units),
        count(layer.dead),
        count(layer.within_noise),
        layer.worst === null ? NONE : `#${layer.worst.unit}`,
        points(layer.worst?.accuracy_drop ?? NaN),
        points(layer.median_drop ?? NaN),
        decimal(layer.median_selectivity, 2),
      ]),
    )}`;
}

function backendText({ record }: StoredRun): string {
  const { backend } = record;
  const parts = [
    backend.name === 'wasm' ? 'WebAssembly' : 'tfjs-node',
    ...(backend.tensorflow === null ? [] : [`TensorFlow ${backend.tensorflow}`]),
    `${backend.threads} ${backend.threads === 1 ? 'thread' : 'threads'}`,
    ...(backend.onednn === null ? [] : [`oneDNN ${backend.onednn ? 'on' : 'off'}`]),
  ];
  return parts.join(', ') + (backend.fallback === null ? '' : ` (${backend.fallback})`);
}

/** All that is needed to do it again. */
export function provenanceSection(run: StoredRun): Markup {
  const { record } = run;
  const { data, model, near_ties, rounds, versions } = record;
  const item = (term: string, text: Markup | string): Markup =>
    html`<dt>${term}</dt>
      <dd>${text}</dd> `;
  const hash = (sha256: string): Markup => html`<code>${sha256}</code>`;
  const items = [
    item('Model', html`${model.path} (${model.format})`),
    item('sha256', hash(model.sha256)),
    item('Data', html`${data.path} (${count(data.samples)} × ${data.shape.join(' × ')}, ${data.dtype})`),
    item('sha256', hash(data.sha256)),
    ...(data.labels_path === null ? [] : [item('Labels', data.labels_path)]),
    ...(data.labels_sha256 === null ? [] : [item('sha256', hash(data.labels_sha256))]),
    item('Seed', String(record.seed)),
    item('Rounds', `${rounds.done} of ${rounds.samples.length}, of ${rounds.samples.join(', ')} samples`),
    item(
      'Near ties',
      `${count(near_ties.pairs)} pairs of unit and sample whose two best scores lay closer than ${Number(near_ties.bound.toPrecision(2))}, decided by the plain forward pass at batch size ${near_ties.batch}`,
    ),
    item('Backend', backendText(run)),
    item(
      'Versions',
      `Neuron Deletion ${versions.neuron_deletion}, TensorFlow.js ${versions.tfjs}, Node ${versions.node}`,
    ),
    item(
      'Run',
      html`${record.id}, begun
      ${record.created}${record.finished === null ? '' : `, finished ${record.finished}`}`,
    ),
    item('Computing', `${decimal(record.seconds, 1)} s`),
  ];
  return html`<h2>Provenance</h2>
    <dl>${items}</dl>`;
}

/** What these figures do not say. */
export function limitsSection({ record, table }: StoredRun): Markup {
  const invalid = table.columns.selectivity_valid.filter((value) => value === 0).length;
  const excluded = record.excluded.map((one) => `${one.name} (${one.reason})`).join('; ');
  const limits = [
    'Units were deleted one at a time: nothing here says what happens when several are deleted together.',
    'The figures are about this model file and these samples; another training run or other data may give others.',
    'Each 95 % interval stands for its own unit; among many units some intervals miss by chance.',
    ...(record.spec.operator === 'zero' ? ['Another constant than zero may do more or less damage.'] : []),
    ...(invalid > 0
      ? [
          `${count(invalid)} ${invalid === 1 ? 'unit has' : 'units have'} negative activations, for which the selectivity index is not meaningful.`,
        ]
      : []),
    ...(excluded === '' ? [] : [`Not measured: ${excluded}.`]),
  ];
  return html`<h2>Limits</h2>
    <ul>
      ${limits.map((limit) => html`<li>${limit}</li> `)}
    </ul>`;
}
