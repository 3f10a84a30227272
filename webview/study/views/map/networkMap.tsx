import type { VNode } from 'preact';
import type { ViewProps } from '../../viewProps';

export function NetworkMap(_view: ViewProps): VNode {
  return <section />;
}
