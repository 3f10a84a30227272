import type { VNode } from 'preact';
import type { ViewProps } from '../viewProps';

export function DeletionBar(_view: ViewProps): VNode {
  return <section />;
}
