import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { BackendInfo, RunRecord } from '../../src/protocol/run';
import type { StudyState } from '../../src/protocol/webview';
import { Menu } from '../shared/menu';
import { count, nats, percent } from '../shared/format';
import { headlineText } from '../shared/headline';
import { operatorName } from '../shared/operatorName';
import { scaleText } from '../shared/scaleText';

/** Title, state of the run, what the pictures show in one sentence, and the network as it is. */
export function Header({
  state,
  onExport,
}: {
  readonly state: StudyState;
  readonly onExport: (format: 'csv' | 'json' | 'html') => void;
}): VNode {
  const { record } = state;
  return (
    <header class="header">
      <div class="title-row">
        <h1>{state.title}</h1>
        {record !== null && (
          <Menu
            icon="export"
            label={t('Export this run')}
            items={[
              { label: t('Report (HTML)'), icon: 'file-text', onChoose: () => onExport('html') },
              { label: t('Table of all neurons (CSV)'), icon: 'table', onChoose: () => onExport('csv') },
              { label: t('Everything (JSON)'), icon: 'json', onChoose: () => onExport('json') },
            ]}
          />
        )}
      </div>
      {record?.headline != null && (
        <div>
          <p class="headline">{headlineText(record)}</p>
          {record.headline.worst !== null && (
            <p class="headline-note">
              {t(
                'Chosen on one half of the samples and measured on the other, so that the choice does not flatter ' +
                  'the figure; the pictures and the table are measured on all.',
              )}
            </p>
          )}
        </div>
      )}
      {record !== null && <Facts record={record} />}
      {record?.notes?.map((note) => (
        <p key={note} class="headline-note">
          {note}
        </p>
      ))}
    </header>
  );
}

function Facts({ record }: { readonly record: RunRecord }): VNode {
  const { baseline, preprocessing } = record;
  const accuracy = percent(baseline.accuracy);
  const balanced = percent(baseline.balanced_accuracy);
  return (
    <dl class="facts">
      <Fact
        name={t('Accuracy, nothing deleted')}
        value={accuracy}
        note={t('{0} of {1}', count(baseline.correct), count(baseline.samples))}
      />
      {balanced !== accuracy && (
        <Fact name={t('Balanced accuracy')} value={balanced} note={t('mean recall')} />
      )}
      <Fact name={t('Loss')} value={nats(baseline.loss)} note={t('nats')} />
      <Fact
        name={t('Preprocessing')}
        value={scaleText(preprocessing.chosen)}
        note={
          preprocessing.by === 'user'
            ? t('chosen by you')
            : t('of {0} tried', preprocessing.candidates.length)
        }
      />
      {record.spec.operator !== 'zero' && (
        <Fact name={t('Ablation')} value={operatorName(record.spec.operator)} note={operatorNote(record)} />
      )}
      <Backend backend={record.backend} />
    </dl>
  );
}

/** What an operator other than zero takes in place of a deleted neuron. */
function operatorNote({ spec, clamp }: RunRecord): string {
  if (spec.operator === 'mean') return t('over the data');
  if (clamp?.operator !== 'resample') return t('constants');
  return t(clamp.draws === 1 ? '{0} draw' : '{0} draws', clamp.draws);
}

function Backend({ backend }: { readonly backend: BackendInfo }): VNode {
  const threads = t(backend.threads === 1 ? '{0} thread' : '{0} threads', backend.threads);
  if (backend.name === 'wasm') {
    return <Fact name={t('Backend')} value="WebAssembly" note={threads} />;
  }
  return (
    <Fact
      name={t('Backend')}
      value="tfjs-node"
      note={
        backend.tensorflow === null
          ? t('TensorFlow of unknown version, {0}', threads)
          : t('TensorFlow {0}, {1}', backend.tensorflow, threads)
      }
    />
  );
}

function Fact({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}): VNode {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <span class="fact-value">{value}</span>
        <span class="fact-note">{note}</span>
      </dd>
    </div>
  );
}
