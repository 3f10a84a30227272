import type { VNode } from 'preact';
import type { ViewProps } from '../../viewProps';

export function UnitView(_view: ViewProps): VNode {
  return <section />;
}
