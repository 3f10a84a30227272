import type { Guard } from '../../src/protocol/validate';

/** The object VS Code gives a webview, once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What a view needs of VS Code: post, and keep its own view state over a reload. */
export interface Host<Outgoing, View extends object> {
  post(message: Outgoing): void;
  /** The view state as it was last saved, over the defaults. */
  readonly view: View;
  /** Saves part of the view state. */
  saveView(change: Partial<View>): void;
}

/**
 * Connects a view to its host. When the view is rendered it posts `ready`; the host answers with all it shows.
 * @param isMessage tells the messages this view knows; anything else that arrives is ignored
 * @param defaults view state where none was saved
 */
export function connectHost<
  Incoming extends { readonly type: string },
  Outgoing extends { readonly type: string },
  View extends object,
>(
  isMessage: Guard<Incoming>,
  defaults: View,
  receive: (message: Incoming) => void,
): Host<Outgoing | { readonly type: 'ready' }, View> {
  const api = acquireVsCodeApi();
  let view: View = { ...defaults, ...(api.getState() as Partial<View> | undefined) };
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isMessage(event.data)) receive(event.data);
    else console.debug('ignored', event.data);
  });
  return {
    post: (message) => api.postMessage(message),
    get view() {
      return view;
    },
    saveView(change) {
      view = { ...view, ...change };
      api.setState(view);
    },
  };
}
