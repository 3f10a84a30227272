import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { BackendInfo, RunRecord } from '../../src/protocol/run';
import { scaleFormula } from '../../src/protocol/scale';
import type { StudyState } from '../../src/protocol/webview';
import { Menu } from '../shared/menu';
import { count, nats, percent, plural } from '../shared/format';

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
          <p class="headline">{record.headline.text}</p>
          {record.headline.worst !== null && (
            <p class="headline-note">
              Chosen on one half of the samples and measured on the other, so that the choice does not flatter
              the figure; the pictures and the table are measured on all.
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
        name="Accuracy, nothing deleted"
        value={accuracy}
        note={`${count(baseline.correct)} of ${count(baseline.samples)}`}
      />
      {balanced !== accuracy && <Fact name="Balanced accuracy" value={balanced} note="mean recall" />}
      <Fact name="Loss" value={nats(baseline.loss)} note="nats" />
      <Fact
        name="Preprocessing"
        value={scaleFormula(preprocessing.chosen)}
        note={preprocessing.by === 'user' ? 'chosen by you' : `of ${preprocessing.candidates.length} tried`}
      />
      {record.spec.operator !== 'zero' && (
        <Fact name="Ablation" value={record.spec.operator} note={operatorNote(record)} />
      )}
      <Backend backend={record.backend} />
    </dl>
  );
}

/** What an operator other than zero takes in place of a deleted neuron. */
function operatorNote({ spec, clamp }: RunRecord): string {
  if (spec.operator === 'mean') return 'over the data';
  return clamp?.operator === 'resample' ? plural(clamp.draws, 'draw') : 'constants';
}

function Backend({ backend }: { readonly backend: BackendInfo }): VNode {
  const threads = `${backend.threads} thread${backend.threads === 1 ? '' : 's'}`;
  if (backend.name === 'wasm') {
    return <Fact name="Backend" value="WebAssembly" note={threads} />;
  }
  return (
    <Fact
      name="Backend"
      value="tfjs-node"
      note={`TensorFlow ${backend.tensorflow ?? 'of unknown version'}, ${threads}`}
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
