import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { Dropdown, IconButton } from '../../../shared/controls';
import { PictureFrame } from '../../frame/pictureFrame';
import type { ViewProps } from '../../viewProps';
import { unitTwin } from '../table/unitTwin';
import { exportedMap } from './exportedMap';
import { MapCanvas } from './mapCanvas';
import { MapLegend } from './mapLegend';
import { MAP_MEASURE, MAP_MEASURES } from './mapMeasures';
import { mapModel } from './mapModel';

/** The network with every unit as a cell; a click deletes one, a drag many. */
export function NetworkMap(view: ViewProps): VNode {
  const { store, host } = view;
  const model = useMemo(() => mapModel(view), [store, host]);
  const { measure, selecting } = model.choices.value;
  const controls = (
    <>
      <Dropdown
        label={t('Shaded by')}
        value={measure}
        options={MAP_MEASURES.map((id) => ({ id, label: MAP_MEASURE[id].label() }))}
        onChange={(id) => (model.choices.value = { ...model.choices.peek(), measure: id })}
      />
      <IconButton
        icon="inspect"
        label={t('Clicks select and do not delete')}
        pressed={selecting}
        onClick={() => (model.choices.value = { ...model.choices.peek(), selecting: !selecting })}
      />
    </>
  );
  return (
    <PictureFrame
      id="network-map"
      title={t('The network')}
      explanation={
        selecting
          ? t('A click selects a neuron, a drag takes many.')
          : t('A click deletes a neuron or restores it, a drag takes many. Ctrl+click only selects.')
      }
      controls={controls}
      twin={() => unitTwin(store)}
      exported={() => exportedMap(view, model, t('The network'))}
      view={view}
    >
      <MapLegend view={view} model={model} />
      <MapCanvas view={view} model={model} />
    </PictureFrame>
  );
}
