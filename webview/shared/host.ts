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
 * @param types the message types this view knows; anything else that arrives is ignored
 * @param defaults view state where none was saved
 */
export function connectHost<
  Incoming extends { readonly type: string },
  Outgoing extends { readonly type: string },
  View extends object,
>(
  types: readonly Incoming['type'][],
  defaults: View,
  receive: (message: Incoming) => void,
): Host<Outgoing | { readonly type: 'ready' }, View> {
  const api = acquireVsCodeApi();
  let view: View = { ...defaults, ...(api.getState() as Partial<View> | undefined) };
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isMessage<Incoming>(event.data, types)) receive(event.data);
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

function isMessage<Incoming extends { readonly type: string }>(
  data: unknown,
  types: readonly Incoming['type'][],
): data is Incoming {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return typeof data.type === 'string' && types.includes(data.type);
}
