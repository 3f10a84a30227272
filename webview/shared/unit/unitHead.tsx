import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { InspectorState } from '../../../src/protocol/webview';
import { Checkbox } from '../controls';
import { Effect } from '../effect';
import { count, percent, points } from '../format';
import { IntervalBar } from './intervalBar';
import type { UnitPageView } from './unitActions';

/** What must be known of a unit before its figures: that it is dead, within noise, a duplicate, not final. */
export function Tags({ state }: { readonly state: InspectorState }): VNode | null {
  const { values } = state;
  const tags = [
    values.dead === 1 ? t('never fires') : null,
    values.within_noise === 1 ? t('within noise') : null,
    values.duplicate_of >= 0 ? t('goes along with #{0}', values.duplicate_of) : null,
    state.provisional ? t('provisional') : null,
  ].filter((tag) => tag !== null);
  if (tags.length === 0) return null;
  return (
    <ul class="tags" aria-label={t('Marks')}>
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  );
}

/** The switch that deletes the unit, and what the deleted units do together. */
export function DeleteSwitch({
  state,
  view,
}: {
  readonly state: InspectorState;
  readonly view: UnitPageView;
}): VNode {
  return (
    <section class="delete" aria-label={t('Deletion')}>
      <Checkbox checked={state.deleted} onToggle={(deleted) => view.setDeleted(state.unit, deleted)}>
        {t('Delete this neuron')}
      </Checkbox>
      <DeletionEffect state={state} />
    </section>
  );
}

function DeletionEffect({ state }: { readonly state: InspectorState }): VNode {
  const { deletion, baseline, classes } = state;
  const others = deletion.deleted.length - (state.deleted ? 1 : 0);
  if (deletion.deleted.length === 0) {
    return <p class="quiet">{t('Accuracy is {0} with nothing deleted.', percent(baseline.accuracy))}</p>;
  }
  return (
    <div class="delete-effect">
      <Effect deletion={deletion} classes={others > 0 ? classes : null} />
      {others > 0 && <p class="quiet">{othersText(others, state.deleted)}</p>}
    </div>
  );
}

function othersText(others: number, deleted: boolean): string {
  if (deleted) {
    return others === 1
      ? t('Together with 1 other neuron.')
      : t('Together with {0} other neurons.', count(others));
  }
  return others === 1
    ? t('By 1 other deleted neuron; this one is in place.')
    : t('By {0} other deleted neurons; this one is in place.', count(others));
}

/** The importance large, in its interval. */
export function Importance({ state }: { readonly state: InspectorState }): VNode {
  const { values } = state;
  return (
    <>
      <p class="big">
        <span class="big-number">{points(values.accuracy_drop)}</span>
        <span class="quiet">{t('accuracy points lost without it')}</span>
      </p>
      <IntervalBar value={values.accuracy_drop} low={values.drop_low} high={values.drop_high} />
    </>
  );
}
