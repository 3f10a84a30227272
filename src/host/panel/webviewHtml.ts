import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Which bundle of dist/webview a page shows, and what it has to remember over a reload. */
export interface Page {
  readonly name: 'study' | 'inspector' | 'model' | 'compare';
  readonly title: string;
  /** Put into the page's saved state, for the panel serializer. */
  readonly remember?: Readonly<Record<string, string>>;
}

/** Options of every webview of ours: scripts, and no files but our bundles. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
}

/** The HTML of a page: links to its bundle, and a policy that lets in nothing else. */
export function webviewHtml(webview: vscode.Webview, extension: vscode.Uri, page: Page): string {
  const nonce = randomBytes(16).toString('base64');
  // What webview/shared/l10n.ts reads: data, which no policy stops; undefined in English.
  const texts = vscode.l10n.bundle;
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', file)).toString();
  const policy = [
    // Nothing that is not named below.
    `default-src 'none'`,
    // Our style sheets; the nonce is for the one that the controls add at run time.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    // The codicons.
    `font-src ${webview.cspSource}`,
    // Canvases saved as pictures.
    `img-src ${webview.cspSource} data: blob:`,
    // Only scripts that this very page names.
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(texts === undefined ? 'en' : vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title)}</title>
<link rel="stylesheet" href="${uri('codicon.css')}">
<link rel="stylesheet" href="${uri(`${page.name}.css`)}">
</head>
<body>
<div id="root"></div>
${texts === undefined ? '' : `<script type="application/json" id="l10n">${json(texts)}</script>`}
${page.remember === undefined ? '' : rememberScript(page.remember, nonce)}
<script nonce="${nonce}" src="${uri(`${page.name}.js`)}"></script>
</body>
</html>`;
}

/** VS Code hands the saved state to the serializer, and gives the API out only once: so it is passed on. */
function rememberScript(remember: Readonly<Record<string, string>>, nonce: string): string {
  return `<script nonce="${nonce}">
{
  const api = acquireVsCodeApi();
  api.setState({ ...api.getState(), ...${json(remember)} });
  globalThis.acquireVsCodeApi = () => api;
}
</script>`;
}

/** JSON that cannot end the script element it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
