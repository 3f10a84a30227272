import type { ReadonlySignal } from '@preact/signals';
import type { PictureTheme } from '../../src/pictures/theme';
import type { FromStudy } from '../../src/protocol/webview';
import type { Host } from '../shared/host';
import type { StudyStore } from '../shared/store';
import type { UnitActions } from './actions';

/** What the panel remembers of itself while it is closed or hidden: each part keeps what it likes under its own key. */
export type StudyView = Record<string, unknown>;

export type StudyHost = Host<FromStudy, StudyView>;

/** What each of the panel's views gets. */
export interface ViewProps {
  readonly store: StudyStore;
  readonly host: StudyHost;
  readonly actions: UnitActions;
  readonly theme: ReadonlySignal<PictureTheme>;
  /** Device pixels a CSS pixel. */
  readonly ratio: ReadonlySignal<number>;
}
