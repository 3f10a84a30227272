import { html, Markup, STYLE } from './reportMarkup';

/** What stands on a report's page. */
export interface PageParts {
  readonly title: string;
  /** Below it: data and date. */
  readonly by: string;
  /** What was found, in a sentence or two. */
  readonly headline: string;
  readonly body: Markup;
}

/** A report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
export function reportPage({ title, by, headline, body }: PageParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p class="by">${by}</p>
          </header>
          <p class="headline">${headline}</p>
          ${body}
        </main>
      </body>
    </html> `.text;
}
