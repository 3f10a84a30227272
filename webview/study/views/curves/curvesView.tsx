import type { VNode } from 'preact';
import type { ViewProps } from '../../viewProps';

export function CurvesView(_view: ViewProps): VNode {
  return <section />;
}
