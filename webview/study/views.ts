import { t } from '@vscode/l10n';
import type { ComponentType } from 'preact';
import { CurvesView } from './views/curves/curvesView';
import { HeatmapsView } from './views/heatmaps/heatmapsView';
import { MapView } from './views/map/mapView';
import { ScatterView } from './views/scatter/scatterView';
import { TableView } from './views/table/tableView';
import { UnitView } from './views/unit/unitView';
import type { ViewProps } from './viewProps';

/** The panel's views, in the order of their tabs. */
export const VIEW_NAMES = ['map', 'heatmaps', 'scatter', 'curves', 'unit', 'table'] as const;

export type ViewName = (typeof VIEW_NAMES)[number];

export const VIEWS: Readonly<Record<ViewName, ComponentType<ViewProps>>> = {
  map: MapView,
  heatmaps: HeatmapsView,
  scatter: ScatterView,
  curves: CurvesView,
  unit: UnitView,
  table: TableView,
};

/** What the tabs say. */
export function viewLabels(): Readonly<Record<ViewName, string>> {
  return {
    map: t('Map'),
    heatmaps: t('Heatmaps'),
    scatter: t('Scatter'),
    curves: t('Curves'),
    unit: t('Neuron'),
    table: t('Table'),
  };
}
