import { layoutMap, rectOf, type MapLayout } from '../../src/pictures/networkMapLayout';
import type { UnitRef } from '../../src/protocol/study';
import { textOf, type View } from './browser';
import type { syntheticStudy } from './syntheticStudy';

export type Study = ReturnType<typeof syntheticStudy>;

/** The unit of a row of the table. */
export function unitOf(study: Study, row: number): UnitRef {
  let first = 0;
  for (const site of study.record.sites) {
    if (row < first + site.units) return { site: site.name, unit: row - first };
    first += site.units;
  }
  throw new Error(`no row ${row}`);
}

/** The network map on an open page: where its cells are, what is drawn there, and hands for it. */
export class MapPage {
  constructor(private readonly view: View) {}

  /** Where the page must have drawn everything. */
  async layoutOf(study: Study): Promise<MapLayout> {
    const width = await this.view.page
      .locator('.map-frame')
      .evaluate((frame) => Math.floor(frame.clientWidth));
    return layoutMap(study.record.sites, width, { shape: '28 × 28', classes: study.record.classes });
  }

  /** The centre of a unit's cell in the window. */
  async placeOf(study: Study, row: number): Promise<{ x: number; y: number }> {
    const { x, y, w, h } = rectOf(await this.layoutOf(study), row);
    const at = y + h / 2;
    const box = await this.view.page.locator('.map-marks').evaluate((canvas, at) => {
      window.scrollTo(0, window.scrollY + canvas.getBoundingClientRect().top + at - window.innerHeight / 2);
      const { left, top } = canvas.getBoundingClientRect();
      return { left, top };
    }, at);
    return { x: box.left + x + w / 2, y: box.top + at };
  }

  async click(study: Study, row: number, modifiers: ('Control' | 'Shift')[] = []): Promise<void> {
    const { x, y } = await this.placeOf(study, row);
    for (const key of modifiers) await this.view.page.keyboard.down(key);
    await this.view.page.mouse.click(x, y);
    for (const key of modifiers) await this.view.page.keyboard.up(key);
    await this.view.settled();
  }

  async drag(study: Study, from: number, to: number, key?: 'Alt'): Promise<void> {
    const start = await this.placeOf(study, from);
    const layout = await this.layoutOf(study);
    const [first, last] = [rectOf(layout, from), rectOf(layout, to)];
    const end = { x: start.x + last.x - first.x, y: start.y + last.y - first.y };
    if (key !== undefined) await this.view.page.keyboard.down(key);
    await this.view.page.mouse.move(start.x - 5, start.y - 5);
    await this.view.page.mouse.down();
    await this.view.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.view.page.mouse.move(end.x + 5, end.y + 5);
    await this.view.page.mouse.up();
    if (key !== undefined) await this.view.page.keyboard.up(key);
    await this.view.settled();
  }

  /** Colour of one of the two canvases at a point of it, `none` where nothing is drawn. */
  async pixel(canvas: 'network' | 'marks', x: number, y: number): Promise<string> {
    return this.view.page.locator(`.map-${canvas}`).evaluate(
      (element: HTMLCanvasElement, [x, y]) => {
        const one = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
        const ratio = element.width / element.clientWidth;
        one.drawImage(element, -Math.floor(x * ratio), -Math.floor(y * ratio));
        const [r = 0, g = 0, b = 0, a = 0] = one.getImageData(0, 0, 1, 1).data;
        return a === 0 ? 'none' : `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      },
      [x, y] as const,
    );
  }

  /** Colour in the middle of a unit's cell. */
  async colourAt(study: Study, row: number): Promise<string> {
    const { x, y, w, h } = rectOf(await this.layoutOf(study), row);
    return this.pixel('network', x + w / 2, y + h / 2);
  }

  /** What is spoken of the keyboard's place. */
  async readout(): Promise<string> {
    return textOf(this.view, '.map-frame .readout');
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.view.page.locator('.map-marks').focus();
    for (const key of keys) await this.view.page.keyboard.press(key);
    await this.view.settled();
  }
}
