import { escapeMarkup } from '../pictures/svgSurface';

/** Markup that is safe to put into a page as it stands. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = string | number | Markup | null | readonly Markup[];

/** A template whose values are escaped unless they are {@link Markup}; null is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  const rendered = values.map((value) => {
    if (value === null) return '';
    if (value instanceof Markup) return value.text;
    if (typeof value === 'object') return value.map((one) => one.text).join('');
    return escapeMarkup(String(value));
  });
  return new Markup(strings.map((text, i) => text + (rendered[i] ?? '')).join(''));
}

/** A column of a table: its heading, and whether it holds figures. */
export type Heading = readonly [text: string, align: 'text' | 'figure'];

/** A table with a caption for screen readers; the first cell of each row is its heading. */
export function tableMarkup(
  caption: string,
  headings: readonly Heading[],
  rows: readonly (readonly Piece[])[],
): Markup {
  const classOf = (index: number): Markup | null =>
    headings[index]?.[1] === 'figure' ? new Markup(' class="figure"') : null;
  const head = headings.map(([text], i) => html`<th scope="col" ${classOf(i)}>${text}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((value, i) =>
      i === 0 ? html`<th scope="row" ${classOf(i)}>${value}</th>` : html`<td${classOf(i)}>${value}</td>`,
    );
    return html`<tr>
      ${cells}
    </tr> `;
  });
  return html`<div class="wide">
    <table>
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** What stands for "not computed" in a table. */
export const NONE = '–';

function signed(text: string): string {
  return text.replaceAll('-', '−');
}

/** Hundredths of one, as "points": 0.0123 → `1.23`. */
export function points(value: number, digits = 2): string {
  if (Number.isNaN(value)) return NONE;
  const text = (100 * value).toFixed(digits);
  return signed(Number(text) === 0 ? (0).toFixed(digits) : text);
}

/** A share as a percentage: 0.9875 → `98.75 %`; `–` where there is none. */
export function percent(value: number | null, digits = 2): string {
  return value === null || Number.isNaN(value) ? NONE : `${(100 * value).toFixed(digits)} %`;
}

/** A number with four decimals, or in powers of ten where that would show nothing. */
export function decimal(value: number | null, digits = 4): string {
  if (value === null || Number.isNaN(value)) return NONE;
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) return signed(value.toExponential(1));
  return signed(value.toFixed(digits));
}

/** A count with thin spaces between thousands: 10 000. */
export function count(value: number | null): string {
  return value === null ? NONE : String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** The page's style: paper by day, dim by night, pictures always on paper. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1b1f; --dim: #5c5f66; --rule: #d9dce1; --page: #ffffff; --tint: #f4f5f7; --accent: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e4e7; --dim: #a3a7af; --rule: #3b3e45; --page: #17181b; --tint: #222428; --accent: #9ec2ff; }
}
@media print { :root { --text: #000; --dim: #444; --rule: #bbb; --page: #fff; --tint: #f4f5f7; --accent: #000; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
header { border-bottom: 1px solid var(--rule); margin-bottom: 2rem; padding-bottom: 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h3 { font-size: 1rem; line-height: 1.3; margin: 1.6rem 0 .4rem; break-after: avoid; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.5rem 0 .6rem; break-after: avoid; }
p { margin: 0 0 .8rem; max-width: 44rem; }
.by { color: var(--dim); font-size: .9rem; margin: 0; }
.headline { font-size: 1.2rem; line-height: 1.45; margin: 0 0 1rem; }
.notice { border-left: 3px solid var(--accent); background: var(--tint); padding: .6rem .9rem; }
/* A shade at an edge behind which there is more; the page's colour, which moves along, covers it at the ends. */
.wide { overflow-x: auto; margin: .4rem 0 1rem; background: linear-gradient(to right, var(--page) 40%, transparent) left / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--page) 40%, transparent) right / 2.5rem 100% no-repeat local, linear-gradient(to right, var(--rule), transparent) left / 1rem 100% no-repeat scroll, linear-gradient(to left, var(--rule), transparent) right / 1rem 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums; min-width: 60%; }
caption { text-align: left; color: var(--dim); padding-bottom: .35rem; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(100vw - 4rem, 51rem); }
thead th { border-bottom: 1.5px solid var(--text); vertical-align: bottom; }
tbody th, tbody td { border-bottom: 1px solid var(--rule); }
tbody tr { break-inside: avoid; }
th, td { text-align: left; padding: .28rem .9rem .28rem 0; font-weight: 400; }
th { font-weight: 600; }
tbody th, tbody td { max-width: 18rem; overflow-wrap: break-word; }
.figure { text-align: right; white-space: nowrap; }
thead th.figure { white-space: normal; }
th:last-child, td:last-child { padding-right: 0; }
figure { margin: .4rem 0 1.4rem; break-inside: avoid; }
figure svg { display: block; max-width: 100%; height: auto; background: #ffffff; }
@media (prefers-color-scheme: dark) { figure svg { border-radius: 6px; } }
figcaption { color: var(--dim); font-size: .875rem; max-width: 44rem; margin-top: .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; font-size: .875rem; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .85em ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
details { margin: 0 0 1rem; }
summary { color: var(--accent); cursor: pointer; font-size: .875rem; }
.matrix tbody td.figure { padding: .28rem .5rem; min-width: 3.6em; }
.matrix thead th.figure { padding-right: .5rem; }
.matrix td[style] { color: #1b1b1f; }
.findings { width: 100%; }
.findings tbody th, .findings tbody td { max-width: none; vertical-align: top; }
.findings tbody th { width: 24%; } .findings td { width: 27%; } .findings td:nth-child(3) { width: auto; } .findings td:last-child { width: 6rem; }
@media (max-width: 36rem) {
  .findings thead { position: absolute; clip-path: inset(50%); }
  .findings tbody tr, .findings tbody th, .findings tbody td { display: block; width: auto !important; border: 0; padding-right: 0; }
  .findings tbody tr { border-bottom: 1px solid var(--rule); padding: .5rem 0; }
  .findings td::before { content: attr(data-of) ': '; color: var(--dim); }
}
sub { line-height: 0; }
ul { padding-left: 1.2rem; max-width: 44rem; } li { margin-bottom: .3rem; }
@media (max-width: 36rem) { h1 { font-size: 1.35rem; } figure { overflow-x: auto; } figure svg { max-width: none; width: max(100%, 38rem); } figcaption { position: sticky; left: 0; } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@page { margin: 18mm; }
@media print { main { padding: 0; max-width: none; } body { font-size: 10.5pt; } table { font-size: 8.5pt; } th, td { padding-right: .5rem; } .wide { overflow: visible; background: none; } .figure { white-space: normal; } }
`;
