import type { VNode } from 'preact';
import type { ViewProps } from '../viewProps';

export function Changes(_view: ViewProps): VNode {
  return <section />;
}
