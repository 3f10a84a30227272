import type * as vscode from 'vscode';
import type { Guard } from '../../protocol/validate';

/**
 * Calls `receive` with every message of a webview that is one of its messages; anything else is logged and ignored.
 * @param fits what a message must be beside that, as things stand now
 */
export function onFittingMessage<Message>(
  webview: vscode.Webview,
  guard: Guard<Message>,
  log: vscode.LogOutputChannel,
  receive: (message: Message) => void,
  fits: (message: Message) => boolean = () => true,
): vscode.Disposable {
  return webview.onDidReceiveMessage((data: unknown) => {
    if (guard(data) && fits(data)) receive(data);
    else log.warn(`A message of a webview does not fit and is ignored: ${typeOf(data)}`);
  });
}

/** What it calls itself; not what it carries, which may be large or private. */
function typeOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('type' in data)) return typeof data;
  return String(data.type).slice(0, 40);
}
