import { useComputed, type ReadonlySignal, type Signal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { Checkbox, Dropdown, IconButton } from '../../../shared/controls';
import { count } from '../../../shared/format';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ViewProps } from '../../viewProps';
import { exportedScatter } from './exportedScatter';
import { Relations } from './relations';
import { ScatterCanvas } from './scatterCanvas';
import { swapped, type PlotChoice, type ScatterChoices } from './scatterChoices';
import { SCATTER_MEASURE, SCATTER_MEASURES, type ScatterMeasureName } from './scatterMeasures';
import { scatterModel, type ScatterPart } from './scatterModel';
import { rowsOf, scatterParts, type PlottedSite } from './scatterParts';
import { scatterTwin } from './scatterTwin';

const clamped = (low: number, value: number, high: number): number =>
  Math.round(Math.min(high, Math.max(low, value)));
const wholeHeight = (width: number): number => clamped(260, width * 0.6, 460);
const partHeight = (width: number): number => clamped(180, width * 0.75, 320);

/** One of the view's plots, with the measures on its axes to be chosen, and what its ρ says. */
export function ScatterFigure({
  view,
  choices,
  sites,
  at,
}: {
  readonly view: ViewProps;
  readonly choices: Signal<ScatterChoices>;
  readonly sites: ReadonlySignal<readonly PlottedSite[]>;
  /** Which of the plots. */
  readonly at: number;
}): VNode | null {
  const { store, theme } = view;
  const parts = useComputed(() =>
    scatterParts(store.table.value?.table ?? null, sites.value, choices.value, at),
  );
  const state = store.state.value;
  const choice = choices.value.plots[at];
  if (choice === undefined || state === null) return null;
  const { apart } = choices.value;
  const change = (part: Partial<PlotChoice>): void => {
    const plots = choices.peek().plots.with(at, { ...choice, ...part });
    choices.value = { ...choices.peek(), plots };
  };
  const shown = sites.value.filter((site) => site.shown);
  const title = t('{0} against {1}', SCATTER_MEASURE[choice.y].label(), SCATTER_MEASURE[choice.x].label());
  return (
    <PictureFrame
      id={`scatter-${at + 1}`}
      title={title}
      explanation={explained(choice)}
      controls={<Controls choice={choice} onChange={change} />}
      twin={() => scatterTwin(store, rowsOf(shown), choice)}
      exported={() => exportedScatter(view, parts.peek(), shown, choice, title)}
      view={view}
    >
      {apart ? (
        <div class="scatter-parts">
          {shown.map((site, i) => (
            <div class="scatter-part" key={site.name}>
              <h3>{site.name}</h3>
              <Plot view={view} parts={parts} site={site.name} id={`${at + 1}-${i + 1}`} label={site.name} />
              <Relations state={state} choice={choice} sites={[site]} theme={theme.value} bare />
            </div>
          ))}
        </div>
      ) : (
        <>
          <Plot view={view} parts={parts} site={null} id={String(at + 1)} label={title} />
          <Relations state={state} choice={choice} sites={shown} theme={theme.value} />
        </>
      )}
    </PictureFrame>
  );
}

/** One canvas. */
function Plot({
  view,
  parts,
  site,
  id,
  label,
}: {
  readonly view: ViewProps;
  readonly parts: ReadonlySignal<readonly ScatterPart[]>;
  /** Whose part it is; null: of all. */
  readonly site: string | null;
  readonly id: string;
  readonly label: string;
}): VNode {
  const own = useComputed(() => parts.value.find((part) => part.site === site) ?? NOTHING);
  const model = useMemo(
    () => scatterModel(view, own, site === null ? wholeHeight : partHeight),
    [view.store, view.theme, own],
  );
  const without = own.value.rows.length - model.plot.value.points.rows.length;
  return (
    <div class="scatter-plot">
      <ScatterCanvas view={view} model={model} choice={own.value.choice} id={id} label={label} />
      {without > 0 && <p class="quiet scatter-without">{withoutText(without, own.value.choice)}</p>}
    </div>
  );
}

const NOTHING: ScatterPart = {
  site: null,
  choice: { x: 'selectivity', y: 'accuracy_drop', xLog: false, yLog: false },
  rows: new Int32Array(),
  xEnds: [NaN, NaN],
  yEnds: [NaN, NaN],
};

function withoutText(units: number, { xLog, yLog }: PlotChoice): string {
  if (xLog || yLog) {
    return units === 1
      ? t('1 neuron has no place here: no value, or one that is not above 0.')
      : t('{0} neurons have no place here: no value, or one that is not above 0.', count(units));
  }
  return units === 1
    ? t('1 neuron has no place here: no value.')
    : t('{0} neurons have no place here: no value.', count(units));
}

/** What is on the axes. */
function Controls({
  choice,
  onChange,
}: {
  readonly choice: PlotChoice;
  readonly onChange: (part: Partial<PlotChoice>) => void;
}): VNode {
  const options = SCATTER_MEASURES.map((id) => ({ id, label: SCATTER_MEASURE[id].label() }));
  const loggable = (name: ScatterMeasureName): boolean => SCATTER_MEASURE[name].loggable === true;
  return (
    <>
      <Dropdown
        label={t('Upwards')}
        value={choice.y}
        options={options}
        onChange={(y) => onChange({ y, yLog: choice.yLog && loggable(y) })}
      />
      {loggable(choice.y) && (
        <Checkbox checked={choice.yLog} onToggle={(yLog) => onChange({ yLog })}>
          {t('Upwards logarithmic')}
        </Checkbox>
      )}
      <IconButton
        icon="arrow-swap"
        label={t('Exchange the axes')}
        onClick={() => onChange(swapped(choice))}
      />
      <Dropdown
        label={t('Across')}
        value={choice.x}
        options={options}
        onChange={(x) => onChange({ x, xLog: choice.xLog && loggable(x) })}
      />
      {loggable(choice.x) && (
        <Checkbox checked={choice.xLog} onToggle={(xLog) => onChange({ xLog })}>
          {t('Across logarithmic')}
        </Checkbox>
      )}
    </>
  );
}

function explained({ x, y }: PlotChoice): string {
  const pair = [x, y].sort().join(' ');
  if (pair === 'accuracy_drop selectivity') return t('Do neurons that respond to one class matter more?');
  if (pair === 'max_class_drop selectivity') return t('Do they matter more to a class of their own?');
  return t('One dot a neuron.');
}
