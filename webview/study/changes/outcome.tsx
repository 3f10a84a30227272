import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Evaluation, RunRecord } from '../../../src/protocol/run';
import type { StudyState } from '../../../src/protocol/webview';
import { count, nats, percent, samples, signed } from '../../shared/format';
import { useLatest } from './latest';

/** Accuracy before and after, large; loss and flips below. With nothing deleted, what to do. */
export function Outcome({
  state,
  record,
}: {
  readonly state: StudyState;
  readonly record: RunRecord;
}): VNode {
  const { deleted, problem } = state.deletion;
  const { value, stale } = useLatest(state, (evaluation) => evaluation);
  if (deleted.length === 0) return <Untouched record={record} />;
  return (
    <section class="outcome" aria-label={t('What changes')}>
      <h2>
        {deleted.length === 1 ? t('Without 1 neuron') : t('Without {0} neurons', count(deleted.length))}
      </h2>
      <Figures evaluation={value ?? null} record={record} stale={stale} />
      <p class={`outcome-note${problem === null ? '' : ' problem'}`} role="status">
        {problem ?? (stale ? t('Measuring…') : t('Measured on {0} samples.', count(value?.samples ?? NaN)))}
      </p>
    </section>
  );
}

function Untouched({ record }: { readonly record: RunRecord }): VNode {
  const { baseline } = record;
  return (
    <section class="outcome" aria-label={t('What changes')}>
      <h2>{t('Nothing is deleted')}</h2>
      <p class="outcome-accuracy">
        <span class="outcome-name">{t('Accuracy')}</span>
        <strong>{percent(baseline.accuracy)}</strong>
      </p>
      <dl class="outcome-facts">
        <Fact name={t('Loss')} value={t('{0} nats', nats(baseline.loss))} />
        <Fact name={t('Right')} value={t('{0} of {1}', count(baseline.correct), count(baseline.samples))} />
      </dl>
      <p class="outcome-note invitation">
        <span class="codicon codicon-lightbulb" aria-hidden="true" />
        {t('Click neurons in the map to delete them: what that changes shows here.')}
      </p>
    </section>
  );
}

function Figures({
  evaluation,
  record,
  stale,
}: {
  readonly evaluation: Evaluation | null;
  readonly record: RunRecord;
  readonly stale: boolean;
}): VNode {
  const before = evaluation?.before ?? record.baseline;
  const after = evaluation?.accuracy ?? NaN;
  const change = (after - before.accuracy) * 100;
  return (
    <div class={stale ? 'stale' : ''}>
      <p class="outcome-accuracy">
        <span class="outcome-name">{t('Accuracy')}</span>
        <span class="outcome-before">{percent(before.accuracy)}</span>
        <span class="codicon codicon-arrow-right" role="img" aria-label={t('becomes')} />
        <strong>{percent(after)}</strong>
        <span class={`outcome-points ${change < 0 ? 'worse' : change > 0 ? 'better' : ''}`}>
          {t('{0} points', signed(change, 2))}
        </span>
      </p>
      <dl class="outcome-facts">
        <Fact
          name={t('Loss')}
          value={t('{0} to {1} nats', nats(before.loss), nats(evaluation?.loss ?? NaN))}
        />
        <Fact name={t('Now wrong')} value={samples(evaluation?.flips_to_wrong ?? NaN)} />
        <Fact name={t('Now right')} value={samples(evaluation?.flips_to_right ?? NaN)} />
      </dl>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
