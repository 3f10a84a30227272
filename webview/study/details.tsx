import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { RunRecord } from '../../src/protocol/run';
import { count, duration, fixed, moment, nats, NONE, percent } from '../shared/format';
import { scaleText } from '../shared/scaleText';

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
      <summary>{t('Classes, preprocessing and run')}</summary>
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
      <h3>{t('Recall of each class, nothing deleted')}</h3>
      <table class="small-table">
        <thead>
          <tr>
            <th scope="col">{t('Class')}</th>
            <th scope="col" class="wide bar-column">
              <span class="unseen">{t('Recall as a bar')}</span>
            </th>
            <th scope="col" class="number">
              {t('Recall')}
            </th>
            <th scope="col" class="number">
              {t('Precision')}
            </th>
            <th scope="col" class="number">
              {t('Samples')}
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
      <h3>{by === 'auto' ? t('Preprocessing, chosen automatically') : t('Preprocessing, chosen by you')}</h3>
      <table class="small-table">
        <thead>
          <tr>
            <th scope="col" class="wide">
              {t('Input')}
            </th>
            <th scope="col" class="number">
              {t('Accuracy')}
            </th>
            <th scope="col" class="number">
              {t('Loss')}
            </th>
            <th scope="col" class="number">
              {t('Samples')}
            </th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((trial) => (
            <tr key={trial.scale} class={trial.scale === chosen ? 'chosen' : undefined}>
              <th scope="row" class="wide">
                {scaleText(trial.scale)}
                {trial.scale === chosen && (
                  <span class="codicon codicon-check" role="img" aria-label={t('chosen')} />
                )}
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
      <h3>{t('Layers left out')}</h3>
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
function operatorText({ spec, clamp }: RunRecord): string {
  switch (spec.operator) {
    case 'zero':
      return t('zero (each neuron clamped to 0)');
    case 'mean':
      return t('mean (each neuron clamped to its mean over the data)');
    case 'resample': {
      const draws = clamp?.operator === 'resample' ? clamp.draws : null;
      if (draws === null) return t('resample (each neuron as on another sample)');
      return draws === 1
        ? t('resample (each neuron as on another sample, drawn once)')
        : t('resample (each neuron as on another sample, drawn {0} times)', draws);
    }
    case 'optimal': {
      const fitted = clamp?.operator === 'optimal' ? clamp.fitted_on.length : null;
      if (fitted === null) return t('optimal (each neuron clamped to the constant with the least loss)');
      return fitted === 1
        ? t('optimal (each neuron clamped to the constant with the least loss on 1 other sample)')
        : t(
            'optimal (each neuron clamped to the constant with the least loss on {0} other samples)',
            count(fitted),
          );
    }
  }
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
    [t('Model'), model.path, `${model.format}\nsha256 ${model.sha256}`],
    [
      t('Data'),
      data.path,
      `${data.dtype} [${[data.samples, ...data.shape].join(', ')}]\nsha256 ${data.sha256}`,
    ],
    ...(data.labels_path === null
      ? []
      : [[t('Labels'), data.labels_path, `sha256 ${data.labels_sha256 ?? NONE}`] as const]),
    [t('Ablation'), operatorText(record)],
    ...(ways.length === 0 ? [] : [[t('Computed by'), ways.join(', '), waysBySite(record)] as const]),
    [t('Seed'), String(record.seed)],
    [t('Started'), moment(record.created)],
    [t('Computed for'), duration(record.seconds)],
    [
      t('Near-ties'),
      t('{0} decided by a full pass', count(ties.pairs)),
      t('pairs of neuron and sample whose two best scores were closer than {0}', fixed(ties.bound, 7)),
    ],
    [
      t('Versions'),
      t(
        'Neuron Deletion {0}, TensorFlow.js {1}, Node {2}',
        record.versions.neuron_deletion,
        record.versions.tfjs,
        record.versions.node,
      ),
    ],
  ];
  return (
    <section class="card">
      <h3>{t('Run {0}', record.id)}</h3>
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
