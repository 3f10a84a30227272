import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestTheme } from './themes';

const BUNDLES = path.join(__dirname, '../../dist/webview');
const NONCE = 'test-nonce';

// What the extension's own pages allow (src/host/panel/webviewHtml.ts).
const POLICY = [
  `default-src 'none'`,
  `style-src 'self' 'nonce-${NONCE}'`,
  `font-src 'self'`,
  `img-src 'self' data: blob:`,
  `script-src 'nonce-${NONCE}'`,
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.map': 'application/json',
};

/** The views that have a page. */
export type ViewName = 'study' | 'inspector' | 'model' | 'compare';

/** Another language than English. */
export interface Language {
  /** As in `lang`. */
  readonly name: string;
  /** Translations by English text; an English text without one stays as it is. */
  readonly texts: Readonly<Record<string, string>>;
}

/** The page of a view as the extension writes it, with a stand-in for the editor around it. */
function html(view: string, theme: TestTheme, saved: unknown, language: Language | undefined): string {
  const texts = language === undefined ? '' : JSON.stringify(language.texts).replace(/</g, '\\u003c');
  return `<!DOCTYPE html>
<html lang="${language?.name ?? 'en'}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/codicon.css">
<link rel="stylesheet" href="/${view}.css">
</head>
<body>
<div id="root"></div>
${texts === '' ? '' : `<script type="application/json" id="l10n">${texts}</script>`}
<script nonce="${NONCE}">globalThis.__name = (named) => named; // the test runner's compiler calls it
(${editor.toString()})(${JSON.stringify({ view, theme, saved })});</script>
<script nonce="${NONCE}" src="/${view}.js"></script>
</body>
</html>`;
}

/** Runs in the page: VS Code's API and theme, and a record of what the view posts. */
function editor(given: { view: string; theme: TestTheme; saved: unknown }): void {
  const posted: unknown[] = [];
  const violations: string[] = [];
  let state = given.saved;
  const setTheme = (theme: TestTheme): void => {
    const { style } = document.documentElement;
    style.cssText = '';
    for (const [name, value] of Object.entries(theme.variables)) style.setProperty(`--vscode-${name}`, value);
    style.background = `var(--vscode-${given.view === 'inspector' ? 'sideBar' : 'editor'}-background)`;
    document.body.className = theme.kind;
    document.body.dataset['vscodeThemeKind'] = theme.kind;
  };
  /** Typed arrays come as `{ typed: 'Float64Array', base64 }`: numbers one by one would take minutes. */
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive);
    if (typeof value !== 'object' || value === null) return value;
    if ('typed' in value && 'base64' in value) {
      const { typed, base64 } = value as { typed: 'Float64Array'; base64: string };
      const binary = atob(base64);
      const bytes = new Uint8Array(binary.length);
      for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
      return new window[typed](bytes.buffer);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
  };
  document.addEventListener('securitypolicyviolation', (event) =>
    violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample} ${event.sourceFile}`),
  );
  setTheme(given.theme);
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => posted.push(structuredClone(message)),
      getState: () => state,
      setState: (next: unknown) => (state = structuredClone(next)),
    }),
    editor: {
      posted,
      violations,
      setTheme,
      saved: () => state,
      deliver: (message: unknown) => window.postMessage(revive(message), '*'),
    },
  });
}

/** Serves the built views on 127.0.0.1, each page with its own theme and saved state. */
export class PageServer {
  private readonly pages = new Map<string, string>();
  private constructor(private readonly server: Server) {}

  /** Throws where the bundles are not built. */
  static async start(): Promise<PageServer> {
    for (const file of ['study', 'inspector', 'model', 'compare'].flatMap((view) => [
      `${view}.js`,
      `${view}.css`,
    ])) {
      await readFile(path.join(BUNDLES, file)).catch(() => {
        throw new Error(`dist/webview/${file} is missing: run npm run build`);
      });
    }
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const page = served.pages.get(pathname);
      if (page !== undefined) {
        response.setHeader('content-type', 'text/html');
        response.end(page);
        return;
      }
      const file = path.basename(pathname);
      readFile(path.join(BUNDLES, file)).then(
        (content) => {
          response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
          response.end(content);
        },
        () => {
          response.statusCode = 404;
          response.end();
        },
      );
    });
    server.unref();
    const served = new PageServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return served;
  }

  /** Address of a page of that view. */
  add(view: ViewName, theme: TestTheme, saved: unknown, language?: Language): string {
    const route = `/page-${this.pages.size}`;
    this.pages.set(route, html(view, theme, saved, language));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${route}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
