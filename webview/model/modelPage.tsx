import { t } from '@vscode/l10n';
import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { isRefused, type ModelDescription, type ModelInfo } from '../../src/protocol/study';
import type { ModelPageState } from '../../src/protocol/webview';
import { Busy, Button } from '../shared/controls';
import { count } from '../shared/format';
import { ModelFacts } from './facts';
import { Refused } from './refused';
import { LayerTable, SiteTable } from './tables';

/** What is in a model: facts, the neurons that can be deleted, what would stop an analysis, and all layers. */
export function ModelPage({
  state,
  onAnalyze,
  onReadAgain,
}: {
  readonly state: ReadonlySignal<ModelPageState | null>;
  readonly onAnalyze: () => void;
  readonly onReadAgain: () => void;
}): VNode {
  const shown = state.value;
  if (shown === null) return <Reading />;
  const { name, place, model } = shown;
  return (
    <main class="model">
      <header class="header">
        <div class="title-row">
          <h1>{name}</h1>
          {model !== null &&
            (isRefused(model) ? (
              <Button icon="refresh" onClick={onReadAgain}>
                {t('Read Again')}
              </Button>
            ) : (
              <Button primary icon="play" onClick={onAnalyze}>
                {t('Analyze Neurons…')}
              </Button>
            ))}
        </div>
        <p class="place">{place}</p>
        {model !== null && isRefused(model) && <Refused model={model} />}
        {model !== null && <ModelFacts model={model} />}
      </header>
      {model === null ? <Reading /> : <Content model={model} />}
    </main>
  );
}

function Content({ model }: { readonly model: ModelDescription }): VNode {
  return (
    <div class="content">
      {!isRefused(model) && (
        <div class="column">
          <Sites model={model} />
          <Stops model={model} />
        </div>
      )}
      {model.layers.length > 0 && (
        <section class="column" aria-label={t('Layers')}>
          <h2>{t(model.layers.length === 1 ? '{0} layer' : '{0} layers', count(model.layers.length))}</h2>
          <LayerTable layers={model.layers} />
        </section>
      )}
    </div>
  );
}

function Sites({ model: { sites } }: { readonly model: ModelInfo }): VNode | null {
  if (sites.length === 0) return null;
  const units = sites.reduce((sum, site) => sum + site.units, 0);
  return (
    <section aria-label={t('Sites')}>
      <h2>{neuronsInSites(units, sites.length)}</h2>
      <SiteTable sites={sites} />
    </section>
  );
}

function neuronsInSites(units: number, sites: number): string {
  const args = [count(units), count(sites)];
  if (units === 1) return t('{0} neuron in {1} site', ...args);
  return sites === 1 ? t('{0} neurons in {1} site', ...args) : t('{0} neurons in {1} sites', ...args);
}

/** What would stop an analysis, of the whole model or of a part of it. */
function Stops({ model: { sites, excluded } }: { readonly model: ModelInfo }): VNode {
  return (
    <section aria-label={t('What would stop an analysis')}>
      <h2>{t('What would stop an analysis')}</h2>
      {sites.length === 0 && (
        <p class="stop">
          <span class="codicon codicon-error" aria-hidden="true" />
          <span>{t('It has no neurons that can be deleted.')}</span>
        </p>
      )}
      {sites.length > 0 && excluded.length === 0 && (
        <p class="stop">
          <span class="codicon codicon-pass" aria-hidden="true" />
          <span>{t('Nothing: every layer that makes neurons can be analyzed.')}</span>
        </p>
      )}
      {excluded.length > 0 && (
        <>
          {sites.length > 0 && <p class="quiet">{t('These parts are left out, the rest is analyzed:')}</p>}
          <ul class="stops">
            {excluded.map(({ name, reason }) => (
              <li key={name} class="stop">
                <span class="codicon codicon-circle-slash" aria-hidden="true" />
                <span>
                  <strong>{name}</strong> {reason}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Reading(): VNode {
  return (
    <div class="reading" role="status">
      <Busy label={t('Reading the model')} />
      <p class="quiet">{t('Reading the model…')}</p>
    </div>
  );
}
