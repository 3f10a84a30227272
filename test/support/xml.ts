import assert from 'node:assert/strict';

/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const TOKEN = /<\?[^?]*\?>|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** The elements of an XML document in their order; fails where it is not well-formed (no comments, no CDATA). */
export function xmlElements(text: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    assert.ok(token, `not well-formed at ${at}: ${text.slice(at, at + 60)}`);
    const [, closed, opened, attributes = '', selfClosed, content = ''] = token;
    assert.doesNotMatch(content + attributes, /&(?!(amp|lt|gt|quot|#39);)/, `a bare & at ${at}`);
    if (closed !== undefined) assert.equal(closed, open.pop(), `closed at ${at}`);
    if (opened === undefined) continue;
    if (selfClosed === '') open.push(opened);
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    elements.push({
      name: opened,
      attributes: Object.fromEntries(pairs.map(([, name, value]) => [name!, value!])),
    });
  }
  assert.deepEqual(open, [], 'left open');
  return elements;
}

/** How many cells of units a picture has: filled squares of a heatmap that are no part of its colour bar. */
export function cellsOf(svg: string): number {
  const filled = xmlElements(svg).filter(
    ({ name, attributes }) => name === 'rect' && attributes['fill'] !== 'none',
  );
  const bar = filled.find(({ attributes }) => attributes['width'] === '260')?.attributes['y'];
  return filled.filter(({ attributes: { width, height, y } }) => width === height && y !== bar).length;
}
