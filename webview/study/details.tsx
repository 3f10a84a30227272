import type { VNode } from 'preact';
import type { RunRecord } from '../../src/protocol/run';
import { scaleFormula } from '../../src/protocol/scale';
import type { Operator } from '../../src/protocol/study';
import { count, duration, fixed, nats, NONE, percent, plural } from '../shared/format';

/** What is behind the headline figures: classes, preprocessing, layers left out, the run itself. */
export function Details({
  record,
  open,
  onToggle,
}: {
  readonly record: RunRecord;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}): VNode {
  return (
    <details class="details" open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>Classes, preprocessing and run</summary>
      {open && (
        <div class="cards">
          <ClassCard record={record} />
          <div class="card-column">
            <PreprocessingCard record={record} />
            {record.excluded.length > 0 && <ExcludedCard record={record} />}
            <RunCard record={record} />
          </div>
        </div>
      )}
    </details>
  );
}

function ClassCard({ record }: { readonly record: RunRecord }): VNode {
  return (
    <section class="card">
      <h3>Recall of each class, nothing deleted</h3>
      <table class="small-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="wide bar-column">
              <span class="unseen">Recall as a bar</span>
            </th>
            <th scope="col" class="number">
              Recall
            </th>
            <th scope="col" class="number">
              Precision
            </th>
            <th scope="col" class="number">
              Samples
            </th>
          </tr>
        </thead>
        <tbody>
          {record.baseline.per_class.map((row) => (
            <tr key={row.class}>
              <th scope="row">{row.class}</th>
              <td class="wide bar-column">
                <div class="bar-track">
                  <div class="bar-fill" style={{ width: `${(row.recall ?? 0) * 100}%` }} />
                </div>
              </td>
              <td class="number">{row.recall === null ? NONE : percent(row.recall, 1)}</td>
              <td class="number">{row.precision === null ? NONE : percent(row.precision, 1)}</td>
              <td class="number">{count(row.samples)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function PreprocessingCard({ record }: { readonly record: RunRecord }): VNode {
  const { chosen, by, candidates } = record.preprocessing;
  return (
    <section class="card">
      <h3>Preprocessing, {by === 'auto' ? 'chosen automatically' : 'chosen by you'}</h3>
      <table class="small-table">
        <thead>
          <tr>
            <th scope="col" class="wide">
              Input
            </th>
            <th scope="col" class="number">
              Accuracy
            </th>
            <th scope="col" class="number">
              Loss
            </th>
            <th scope="col" class="number">
              Samples
            </th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((trial) => (
            <tr key={trial.scale} class={trial.scale === chosen ? 'chosen' : undefined}>
              <th scope="row" class="wide">
                {scaleFormula(trial.scale)}
                {trial.scale === chosen && <span class="codicon codicon-check" aria-label="chosen" />}
              </th>
              <td class="number">{percent(trial.accuracy)}</td>
              <td class="number">{nats(trial.loss)}</td>
              <td class="number">{count(trial.samples)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ExcludedCard({ record }: { readonly record: RunRecord }): VNode {
  return (
    <section class="card">
      <h3>Layers left out</h3>
      <ul class="reasons">
        {record.excluded.map((site) => (
          <li key={site.name}>
            <code>{site.name}</code> {site.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a deleted neuron is clamped to. */
const OPERATOR_TEXTS: Readonly<Record<Operator, string>> = {
  zero: 'zero (each neuron clamped to 0)',
  mean: 'mean (each neuron clamped to its mean over the data)',
  resample: 'resample (each neuron as on another sample)',
  optimal: 'optimal (each neuron clamped to the constant with the least loss)',
};

function operatorText({ spec, clamp }: RunRecord): string {
  const text = OPERATOR_TEXTS[spec.operator];
  if (clamp === null) return text;
  if (clamp.operator === 'resample') return `${text}, ${plural(clamp.draws, 'draw')}`;
  return `${text}, fitted on ${plural(clamp.fitted_on.length, 'other sample')}`;
}

function waysBySite({ ways }: RunRecord): string {
  return Object.entries(ways)
    .map(([site, way]) => `${site}: ${way}`)
    .join('\n');
}

function RunCard({ record }: { readonly record: RunRecord }): VNode {
  const { data, model, near_ties: ties } = record;
  const ways = [...new Set(Object.values(record.ways))];
  const rows: readonly (readonly [string, string, string?])[] = [
    ['Model', model.path, `${model.format}\nsha256 ${model.sha256}`],
    ['Data', data.path, `${data.dtype} [${[data.samples, ...data.shape].join(', ')}]\nsha256 ${data.sha256}`],
    ...(data.labels_path === null
      ? []
      : [['Labels', data.labels_path, `sha256 ${data.labels_sha256 ?? NONE}`] as const]),
    ['Ablation', operatorText(record)],
    ...(ways.length === 0 ? [] : [['Computed by', ways.join(', '), waysBySite(record)] as const]),
    ['Seed', String(record.seed)],
    ['Started', new Date(record.created).toLocaleString()],
    ['Computed for', duration(record.seconds)],
    [
      'Near-ties',
      `${count(ties.pairs)} decided by a full pass`,
      `pairs of neuron and sample whose two best scores were closer than ${fixed(ties.bound, 7)}`,
    ],
    [
      'Versions',
      `Neuron Deletion ${record.versions.neuron_deletion}, TensorFlow.js ${record.versions.tfjs}, Node ${record.versions.node}`,
    ],
  ];
  return (
    <section class="card">
      <h3>Run {record.id}</h3>
      <dl class="pairs">
        {rows.map(([name, text, title]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={title ?? text}>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
