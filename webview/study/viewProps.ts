import type { ReadonlySignal } from '@preact/signals';
import type { PictureTheme } from '../../src/pictures/theme';
import type { FromStudy } from '../../src/protocol/webview';
import type { Host } from '../shared/host';
import type { StudyStore } from '../shared/store';
import type { TwinView } from '../shared/twin/twinTable';
import type { UnitActions } from './actions';

/** What the panel remembers of itself while it is closed or hidden: each part keeps what it likes under its own key. */
export type StudyView = Record<string, unknown>;

/** Asks for a picture to be saved. */
type SavePicture = Extract<FromStudy, { readonly type: 'savePicture' }>;

export type StudyHost = Host<FromStudy, StudyView>;

/** What a picture with its frame and table needs, on whatever page. */
export interface PictureView extends TwinView {
  readonly host: { post(message: SavePicture): void };
  readonly theme: ReadonlySignal<PictureTheme>;
  /** Device pixels a CSS pixel. */
  readonly ratio: ReadonlySignal<number>;
}

/** What each of the panel's views gets. */
export interface ViewProps extends PictureView {
  readonly store: StudyStore;
  readonly host: StudyHost;
  readonly actions: UnitActions;
}
