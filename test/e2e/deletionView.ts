import type { Frame, Locator } from 'playwright-core';
import { until } from './until';
import type { Workbench } from './workbench';

/** A neuron of the map, and the centre of its cell in CSS pixels of the canvas. */
export interface MapCell {
  readonly site: string;
  readonly unit: number;
  readonly x: number;
  readonly y: number;
}

/** One example as the panel tells it. */
export interface ShownExample {
  /** Its place in the data. */
  readonly index: number;
  readonly flip: string;
  /** The classes that the network gives before and after. */
  readonly before: number;
  readonly after: number;
  /** In words, with the probabilities. */
  readonly text: string;
}

/** The map of the study panel, the bar above it and the pictures of what a deletion changes. */
export class DeletionView {
  private constructor(private readonly frame: Frame) {}

  /** The view of the panel that is in front, once it is there. */
  static async shown(workbench: Workbench): Promise<DeletionView> {
    return new DeletionView(await workbench.webview('main.panel .deletion-bar'));
  }

  private get canvas(): Locator {
    return this.frame.locator('.map-frame canvas[role="application"]');
  }

  /** Where the keyboard's cell is. */
  private async cell(): Promise<MapCell> {
    const data = await this.frame
      .locator('.map-frame .readout')
      .evaluate(({ dataset }: HTMLElement): DOMStringMap => Object.fromEntries(Object.entries(dataset)));
    const { site = '', unit, focusX, focusY } = data;
    return { site, unit: Number(unit), x: Number(focusX), y: Number(focusY) };
  }

  /** Every so many-th neuron of each site, found by the keyboard. */
  async neurons(each: number, sites: number): Promise<MapCell[]> {
    const found: MapCell[] = [];
    await this.canvas.press('Control+Home');
    for (let site = 0; site < sites; site++) {
      for (let n = 0; n < each; n++) {
        found.push(await this.cell());
        await this.canvas.press('ArrowDown');
      }
      await this.canvas.press('PageDown');
    }
    return found;
  }

  /** Clicks a neuron of the map. */
  async click({ x, y }: MapCell): Promise<void> {
    await this.canvas.click({ position: { x, y } });
  }

  /** Waits until that many neurons are deleted, and what that does is measured. */
  async measured(deleted: number): Promise<void> {
    await until(`${deleted} deleted neurons, measured`, async () => {
      const text = (await this.frame.locator('.deletion-count').textContent()) ?? '';
      const stale = await this.frame.locator('.stale, .later').count();
      return text.startsWith(`${deleted} of `) && stale === 0;
    });
  }

  /** What it says of accuracy, loss and flips. */
  async outcome(): Promise<string> {
    return (await this.frame.locator('.outcome').innerText()).replace(/\s+/g, ' ');
  }

  /** The confusion matrices, read by the keyboard, row by row. */
  async confusion(classes: number): Promise<{ before: number[][]; after: number[][] }> {
    const cells = await this.walk('confusion', classes ** 2);
    const matrix = (name: string): number[][] =>
      Array.from({ length: classes }, (_, row) =>
        cells.slice(row * classes, (row + 1) * classes).map(({ data }) => Number(data[name])),
      );
    return { before: matrix('before'), after: matrix('after') };
  }

  /** The examples, in the order shown. */
  async examples(count: number): Promise<ShownExample[]> {
    return (await this.walk('examples', count)).map(({ data, text }) => ({
      index: Number(data['index']),
      flip: data['flip'] ?? '',
      before: Number(data['before']),
      after: Number(data['after']),
      text,
    }));
  }

  /** Presses a button of the bar. */
  async press(label: 'Undo' | 'Redo'): Promise<void> {
    await this.frame.locator(`.deletion-bar vscode-button[aria-label^="${label}"]`).click();
  }

  /** Gives the deleted neurons a name. */
  async saveSet(name: string): Promise<void> {
    await this.openSets();
    await this.frame.locator('.set-new input').fill(name);
    await this.frame.locator('.set-new input').press('Enter');
    await this.frame.locator('.set-apply', { hasText: name }).waitFor();
    await this.frame.locator('.set-new input').press('Escape');
  }

  /** Deletes the neurons of a named set. */
  async applySet(name: string): Promise<void> {
    await this.openSets();
    await this.frame.locator('.set-apply', { hasText: name }).click();
    await this.frame.locator('.set-apply').first().press('Escape');
  }

  private async openSets(): Promise<void> {
    await this.frame.locator('.deletion-bar vscode-button', { hasText: 'Sets' }).click();
    await this.frame.locator('.set-new').waitFor();
  }

  /** Goes over the cells of a picture by the keyboard and collects what each says. */
  private async walk(
    picture: string,
    cells: number,
  ): Promise<{ data: Record<string, string | undefined>; text: string }[]> {
    const figure = this.frame.locator(`[data-picture="${picture}"]`);
    await figure.locator('canvas').press('Control+Home');
    // The keys are sent inside the page, where they take a moment, not a round trip each.
    return figure.locator('.cell-canvas').evaluate(async (element: HTMLElement, count) => {
      const canvas = element.querySelector('canvas');
      const found = [];
      for (let n = 0; n < count; n++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        found.push({
          data: Object.fromEntries(Object.entries(element.dataset)),
          text: element.querySelector('.cell-readout')?.textContent ?? '',
        });
        canvas?.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }),
        );
      }
      return found;
    }, cells);
  }
}
