import type { VNode } from 'preact';
import { Changes, ChangesBelow } from '../../changes/changes';
import { DeletionBar } from '../../changes/deletionBar';
import type { ViewProps } from '../../viewProps';
import { NetworkMap } from './networkMap';

/** The network as a map whose units a click deletes, and beside it what that changes. */
export function MapView(view: ViewProps): VNode {
  return (
    <div class="map-view">
      <DeletionBar {...view} />
      <div class="map-columns">
        <NetworkMap {...view} />
        <Changes {...view} />
      </div>
      <ChangesBelow {...view} />
    </div>
  );
}
