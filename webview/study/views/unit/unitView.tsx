import { useComputed } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { standingOf } from '../../../../src/protocol/standing';
import type { UnitDetails } from '../../../../src/protocol/details';
import type { InspectorState } from '../../../../src/protocol/webview';
import { Button, IconButton } from '../../../shared/controls';
import { unitName } from '../../../shared/format';
import { Connections } from '../../../shared/unit/connections';
import { DetailsPending } from '../../../shared/unit/detailsState';
import { ImportanceFigures, RanksNote, ResponseFigures } from '../../../shared/unit/figures';
import { Strips } from '../../../shared/unit/strips';
import type { UnitPageView } from '../../../shared/unit/unitActions';
import { UnitExamples } from '../../../shared/unit/unitExamples';
import { DeleteSwitch, Importance, Tags } from '../../../shared/unit/unitHead';
import type { ViewProps } from '../../viewProps';
import { ClassFrame, HistogramFrame } from './unitFrames';

/** Side of a sample's picture, CSS pixels. */
const PICTURE = 72;

/** Everything of the selected neuron. */
export function UnitView(view: ViewProps): VNode {
  const { store, actions, theme, ratio } = view;
  const hovered = useComputed(() => store.units.value[store.hovered.value ?? -1] ?? null);
  const page = useMemo(
    (): UnitPageView => ({
      select: (unit) => actions.select(store.rowOf(unit)),
      hover: (unit) => actions.hover(store.rowOf(unit)),
      setDeleted(unit, deleted) {
        const row = store.rowOf(unit);
        if (row !== null && store.deleted.peek().has(row) !== deleted) actions.toggleDeletion(row);
      },
      hovered,
      theme,
      ratio,
    }),
    [store, actions, hovered, theme, ratio],
  );
  const row = store.selected.value;
  const whole = store.state.value;
  const table = store.table.value;
  const state = useMemo(
    // The store's table is the one that rows are written into.
    () =>
      whole === null || row === null ? null : standingOf({ ...whole, table: table?.table ?? null }, row),
    [whole, table, row],
  );
  const units = store.units.value.length;
  if (state === null || row === null) return <NoUnit onFirst={() => actions.select(0)} />;
  return (
    <section
      class="unit-view"
      aria-label={t('Neuron')}
      data-site={state.unit.site}
      data-unit={state.unit.unit}
    >
      <div class="unit-view-head">
        <h2>{unitName(state.unit)}</h2>
        <Tags state={state} />
        <span class="unit-steps" role="group" aria-label={t('Other neurons')}>
          <IconButton
            icon="arrow-left"
            label={t('The neuron before')}
            disabled={row === 0}
            onClick={() => actions.select(row - 1)}
          />
          <IconButton
            icon="arrow-right"
            label={t('The next neuron')}
            disabled={row >= units - 1}
            onClick={() => actions.select(row + 1)}
          />
        </span>
      </div>
      <div class="unit-columns">
        <div class="unit-column">
          <DeleteSwitch state={state} view={page} />
          <Section title={t('Importance')}>
            <Importance state={state} />
            <ImportanceFigures state={state} />
          </Section>
          <Section title={t('What it responds to')}>
            <ResponseFigures state={state} />
            <RanksNote state={state} />
          </Section>
          <Section title={t('Among its site')}>
            <Strips state={state} view={page} />
          </Section>
        </div>
        <div class="unit-column">
          <ClassFrame state={state} details={state.details} view={view} />
          {state.details === null ? (
            <DetailsPending state={state} />
          ) : (
            <HistogramFrame state={state} details={state.details} view={view} />
          )}
        </div>
        {state.details !== null && <Relatives state={state} details={state.details} page={page} />}
      </div>
    </section>
  );
}

/** The samples and the units that a unit has to do with. */
function Relatives({
  state,
  details,
  page,
}: {
  readonly state: InspectorState;
  readonly details: UnitDetails;
  readonly page: UnitPageView;
}): VNode {
  const examples = [
    { title: t('Most active on'), examples: details.most },
    { title: t('Least active on'), examples: details.least },
  ];
  const lists = [
    { title: t('Strongest incoming'), connections: details.incoming },
    { title: t('Strongest outgoing'), connections: details.outgoing },
  ];
  return (
    <div class="unit-column">
      {examples.map(({ title, examples: shown }) => (
        <Section key={title} title={title}>
          <UnitExamples examples={shown} classes={state.classes} size={PICTURE} label={title} view={page} />
        </Section>
      ))}
      {lists.map(({ title, connections }) =>
        connections.length === 0 ? null : (
          <Section key={title} title={title}>
            <Connections connections={connections} label={title} view={page} />
          </Section>
        ),
      )}
    </div>
  );
}

function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function NoUnit({ onFirst }: { readonly onFirst: () => void }): VNode {
  return (
    <div class="unit-none">
      <span class="codicon codicon-target" aria-hidden="true" />
      <p class="unit-none-title">{t('No neuron selected')}</p>
      <p>{t('Select one in another view, by a click in a picture or in the table.')}</p>
      <Button onClick={onFirst}>{t('Begin with the First')}</Button>
    </div>
  );
}
