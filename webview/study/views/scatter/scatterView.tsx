import type { VNode } from 'preact';
import type { ViewProps } from '../../viewProps';

export function ScatterView(_view: ViewProps): VNode {
  return <section />;
}
