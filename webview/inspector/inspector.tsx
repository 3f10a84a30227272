import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { UnitRef } from '../../src/protocol/study';
import type { InspectorState } from '../../src/protocol/webview';
import { Checkbox } from '../shared/controls';
import { Effect } from '../shared/effect';
import {
  activation,
  className,
  count,
  fixed,
  nats,
  NONE,
  percent,
  plural,
  points,
  samples,
} from '../shared/format';
import { ClassBars } from './classBars';
import { IntervalBar } from './intervalBar';

/** The selected unit: what it does, to which classes, and a switch that deletes it. */
export function Inspector({
  state,
  onDelete,
}: {
  readonly state: ReadonlySignal<InspectorState | null>;
  readonly onDelete: (unit: UnitRef, deleted: boolean) => void;
}): VNode {
  const shown = state.value;
  if (shown === null) {
    return (
      <div class="nothing">
        <span class="codicon codicon-target nothing-icon" aria-hidden="true" />
        <p class="nothing-title">No neuron selected</p>
        <p>Select one in a study panel, by a click in a heatmap or in the table.</p>
      </div>
    );
  }
  return <Unit state={shown} onDelete={onDelete} />;
}

function Unit({
  state,
  onDelete,
}: {
  readonly state: InspectorState;
  readonly onDelete: (unit: UnitRef, deleted: boolean) => void;
}): VNode {
  const { unit, values } = state;
  return (
    <main class="unit" data-site={unit.site} data-unit={unit.unit}>
      <header class="unit-head">
        <h1>
          <span class="unit-site">{unit.site}</span> <span class="unit-index">#{unit.unit}</span>
        </h1>
        <p class="quiet">{state.title}</p>
        <Tags state={state} />
      </header>
      <section class="delete" aria-label="Deletion">
        <Checkbox checked={state.deleted} onToggle={(deleted) => onDelete(unit, deleted)}>
          Delete this neuron
        </Checkbox>
        <DeletionEffect state={state} />
      </section>
      <section aria-label="Importance">
        <h2>Importance</h2>
        <p class="big">
          <span class="big-number">{points(values.accuracy_drop)}</span>
          <span class="quiet">accuracy points lost without it</span>
        </p>
        <IntervalBar value={values.accuracy_drop} low={values.drop_low} high={values.drop_high} />
        <dl class="pairs">
          <Pair name="Newly wrong" value={samples(values.flips_to_wrong)} />
          <Pair name="Newly right" value={samples(values.flips_to_right)} />
          <Pair
            name="Loss increase"
            value={Number.isFinite(values.loss_increase) ? `${nats(values.loss_increase, true)} nats` : NONE}
          />
          <Pair
            name="First-order estimate"
            value={Number.isFinite(values.first_order) ? `${nats(values.first_order, true)} nats` : NONE}
          />
          <Pair
            name="Measured on"
            value={
              state.provisional
                ? `${count(values.n)} of ${count(state.baseline.samples)} samples`
                : `${count(values.n)} samples`
            }
          />
        </dl>
      </section>
      <section aria-label="What it responds to">
        <h2>What it responds to</h2>
        <dl class="pairs">
          <Pair name="Preferred class" value={className(state.classes, values.preferred_class)} />
          <Pair name="Selectivity" value={fixed(values.selectivity, 3)} />
          <Pair
            name="Mutual information"
            value={
              Number.isFinite(values.mutual_information_corrected)
                ? `${fixed(values.mutual_information_corrected, 3)} bits`
                : NONE
            }
          />
          <Pair name="Mean activation" value={activation(values.mean_activation)} />
          <Pair name="Active on" value={percent(values.active_fraction, 1)} />
        </dl>
        {values.selectivity_valid === 0 && (
          <p class="remark">Its activations go below 0, so the selectivity index is not meaningful here.</p>
        )}
      </section>
      <section aria-label="Recall lost of each class">
        <h2>Recall lost of each class, points</h2>
        <ClassBars drops={state.class_drop} classes={state.classes} />
      </section>
    </main>
  );
}

function Tags({ state }: { readonly state: InspectorState }): VNode | null {
  const { values } = state;
  const tags = [
    values.dead === 1 ? 'never fires' : null,
    values.within_noise === 1 ? 'within noise' : null,
    values.duplicate_of >= 0 ? `goes along with #${values.duplicate_of}` : null,
    state.provisional ? 'provisional' : null,
  ].filter((tag) => tag !== null);
  if (tags.length === 0) return null;
  return (
    <ul class="tags">
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  );
}

function DeletionEffect({ state }: { readonly state: InspectorState }): VNode {
  const { deletion, baseline, classes } = state;
  const others = deletion.deleted.length - (state.deleted ? 1 : 0);
  if (deletion.deleted.length === 0) {
    return <p class="quiet">Accuracy is {percent(baseline.accuracy)} with nothing deleted.</p>;
  }
  return (
    <div class="delete-effect">
      <Effect deletion={deletion} classes={others > 0 ? classes : null} />
      {others > 0 && (
        <p class="quiet">
          {state.deleted
            ? `Together with ${plural(others, 'other neuron')}.`
            : `By ${plural(others, 'other deleted neuron')}; this one is in place.`}
        </p>
      )}
    </div>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
