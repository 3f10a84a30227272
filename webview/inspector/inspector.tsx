import type { ReadonlySignal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useCallback } from 'preact/hooks';
import { drawHistogram, histogramHeight } from '../../src/pictures/histogram';
import type { Surface } from '../../src/pictures/surface';
import type { UnitDetails } from '../../src/protocol/details';
import type { InspectorState } from '../../src/protocol/webview';
import { activation, points } from '../shared/format';
import { ClassBars } from '../shared/unit/classBars';
import { Connections } from '../shared/unit/connections';
import { DetailsPending } from '../shared/unit/detailsState';
import { Drawing } from '../shared/unit/drawing';
import { ImportanceFigures, RanksNote, ResponseFigures } from '../shared/unit/figures';
import { Strips } from '../shared/unit/strips';
import type { UnitPageView } from '../shared/unit/unitActions';
import { UnitExamples } from '../shared/unit/unitExamples';
import { DeleteSwitch, Importance, Tags } from '../shared/unit/unitHead';
import { fewerClasses, histogramPlot, unitClasses } from '../shared/unit/unitPictures';

/** Side of a sample's picture, CSS pixels: two fit beside each other in the narrowest side bar. */
const PICTURE = 64;

/** The selected unit: what it does, to which classes, what it responds to, and a switch that deletes it. */
export function Inspector({
  state,
  view,
}: {
  readonly state: ReadonlySignal<InspectorState | null>;
  readonly view: UnitPageView;
}): VNode {
  const shown = state.value;
  if (shown === null) {
    return (
      <div class="nothing">
        <span class="codicon codicon-target nothing-icon" aria-hidden="true" />
        <p class="nothing-title">{t('No neuron selected')}</p>
        <p>{t('Select one in a study panel, by a click in a picture or in the table.')}</p>
      </div>
    );
  }
  return <Unit state={shown} view={view} />;
}

function Unit({ state, view }: { readonly state: InspectorState; readonly view: UnitPageView }): VNode {
  const { unit, details } = state;
  const fewer = fewerClasses(state, details);
  return (
    <main class="unit" data-site={unit.site} data-unit={unit.unit}>
      <header class="unit-head">
        <h1>
          <span class="unit-site">{unit.site}</span> <span class="unit-index">#{unit.unit}</span>
        </h1>
        <p class="quiet">{state.title}</p>
        <Tags state={state} />
      </header>
      <DeleteSwitch state={state} view={view} />
      <section aria-label={t('Importance')}>
        <h2>{t('Importance')}</h2>
        <Importance state={state} />
        <ImportanceFigures state={state} />
      </section>
      <section aria-label={t('What it responds to')}>
        <h2>{t('What it responds to')}</h2>
        <ResponseFigures state={state} />
        <RanksNote state={state} />
      </section>
      <section aria-label={t('Among its site')}>
        <h2>{t('Among its site')}</h2>
        <Strips state={state} view={view} />
      </section>
      <section aria-label={t('Recall lost of each class')}>
        <h2>{t('Recall lost of each class, points')}</h2>
        {fewer !== null && <p class="quiet">{fewer}</p>}
        <ClassBars
          values={state.class_drop}
          classes={unitClasses(state, details)}
          format={points}
          label={t('Recall lost of each class')}
          preferred={state.values.preferred_class}
        />
      </section>
      {details === null ? (
        <DetailsPending state={state} />
      ) : (
        <Details state={state} details={details} view={view} />
      )}
    </main>
  );
}

function Details({
  state,
  details,
  view,
}: {
  readonly state: InspectorState;
  readonly details: UnitDetails;
  readonly view: UnitPageView;
}): VNode {
  const { classes } = state;
  const shown = unitClasses(state, details);
  const theme = view.theme.value;
  const height = histogramHeight(shown.length);
  const draw = useCallback(
    (surface: Surface, width: number) =>
      drawHistogram(surface, { x: 0, y: 0, w: width, h: height }, histogramPlot(state, details, theme)),
    [state, details, theme, height],
  );
  return (
    <>
      <Section title={t('Mean activation on each class')}>
        <ClassBars
          values={details.class_means}
          classes={shown}
          format={activation}
          label={t('Mean activation on each class')}
          preferred={state.values.preferred_class}
          means
        />
      </Section>
      <Section title={t('Its activations')}>
        <Drawing
          height={height}
          label={t('How often it has which activation, class by class')}
          draw={draw}
          view={view}
          id="histogram"
        />
      </Section>
      <Section title={t('Most active on')}>
        <UnitExamples
          examples={details.most}
          classes={classes}
          size={PICTURE}
          label={t('Most active on')}
          view={view}
        />
      </Section>
      <Section title={t('Least active on')}>
        <UnitExamples
          examples={details.least}
          classes={classes}
          size={PICTURE}
          label={t('Least active on')}
          view={view}
        />
      </Section>
      {details.incoming.length > 0 && (
        <Section title={t('Strongest incoming')}>
          <Connections connections={details.incoming} label={t('Strongest incoming')} view={view} />
        </Section>
      )}
      {details.outgoing.length > 0 && (
        <Section title={t('Strongest outgoing')}>
          <Connections connections={details.outgoing} label={t('Strongest outgoing')} view={view} />
        </Section>
      )}
      {details.to_classes !== null && (
        <Section title={t('Weights to the classes')}>
          <ClassBars
            values={details.to_classes}
            classes={shown}
            format={activation}
            label={t('Weights to the classes')}
            preferred={state.values.preferred_class}
          />
        </Section>
      )}
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: VNode }): VNode {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
