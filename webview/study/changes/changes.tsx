import type { VNode } from 'preact';
import type { ViewProps } from '../viewProps';
import { ConfusionPicture } from './confusionPicture';
import { ExamplesPicture } from './examplesPicture';
import { Outcome } from './outcome';
import { RecallPicture } from './recallPicture';

/** What the deleted units change, beside the map: accuracy and confusions. */
export function Changes(view: ViewProps): VNode | null {
  const state = view.store.state.value;
  const record = view.store.record.value;
  if (state === null || record === null) return null;
  return (
    <div class="changes">
      <Outcome state={state} record={record} />
      <ConfusionPicture view={view} state={state} record={record} />
    </div>
  );
}

/** The same below the map: the recall of each class, and what becomes of some samples. */
export function ChangesBelow(view: ViewProps): VNode | null {
  const state = view.store.state.value;
  const record = view.store.record.value;
  if (state === null || record === null) return null;
  return (
    <div class="changes-below">
      <RecallPicture view={view} state={state} record={record} />
      <ExamplesPicture view={view} state={state} record={record} />
    </div>
  );
}
