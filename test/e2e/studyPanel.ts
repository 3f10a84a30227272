import type { Frame, Locator } from 'playwright-core';
import type { PictureTheme } from '../../src/pictures/theme';
import { until } from './until';
import type { Workbench } from './workbench';

/** A heatmap's cell as it is on screen. */
export interface ShownCell {
  readonly site: string;
  readonly unit: number;
  /** The value the picture was drawn from. */
  readonly value: number;
  /** `#rrggbb` of the canvas at the centre of the cell. */
  readonly colour: string;
  /** Centre of the cell, CSS pixels of the canvas. */
  readonly x: number;
  readonly y: number;
}

type Measure = 'accuracy_drop' | 'selectivity';

/** The study panel in the editor area. */
export class StudyPanel {
  private constructor(
    private readonly workbench: Workbench,
    private readonly frame: Frame,
  ) {}

  /** The panel that is in front, once it shows anything. */
  static async shown(workbench: Workbench, timeout = 30_000): Promise<StudyPanel> {
    return new StudyPanel(workbench, await workbench.webview('main.panel', timeout));
  }

  /** The panel that is in front, once it shows a study whose title matches. */
  static async titled(workbench: Workbench, title: RegExp): Promise<StudyPanel> {
    return until(`a study panel titled ${String(title)}`, async () => {
      const panel = await StudyPanel.shown(workbench);
      return title.test(await panel.title()) ? panel : null;
    });
  }

  async title(): Promise<string> {
    return (await this.frame.locator('h1').textContent()) ?? '';
  }

  /** All text of the panel, as it is read on screen. */
  async text(): Promise<string> {
    return this.frame.locator('main.panel').innerText();
  }

  /** Waits until the panel says it; returns the whole text. */
  async says(pattern: RegExp, timeout = 60_000): Promise<string> {
    return until(
      `the panel to say ${String(pattern)}`,
      async () => {
        const text = await this.text();
        return pattern.test(text) ? text : null;
      },
      timeout,
    );
  }

  /** Waits until the study is done and exact. */
  async complete(timeout = 120_000): Promise<string> {
    return this.says(/Complete: exact on all/, timeout);
  }

  /** Presses a button by its text. */
  async press(button: string): Promise<void> {
    await this.frame.locator('vscode-button', { hasText: button }).first().click();
  }

  /** Goes to one of the panel's views. */
  async tab(name: 'map' | 'heatmaps' | 'scatter' | 'curves' | 'unit' | 'table'): Promise<void> {
    const tab = this.frame.locator(`#tab-${name}`);
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** Chooses an entry of a menu, which opens by the button of that name. */
  async choose(menu: string, entry: string): Promise<void> {
    await this.frame.locator(`vscode-button[aria-label="${menu}"]`).first().click();
    await this.frame.getByRole('menuitem', { name: entry }).click();
  }

  /** Takes an entry of a list by its label. */
  async option(list: string, entry: string): Promise<void> {
    const control = this.frame.locator(`vscode-dropdown[aria-label="${list}"]`).first();
    await control.click();
    await control.locator('vscode-option', { hasText: entry }).first().click();
  }

  /** Opens what is behind the headline figures. */
  async showDetails(): Promise<void> {
    const details = this.frame.locator('details.details');
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  }

  /** The colours that VS Code gives this webview. */
  async theme(): Promise<PictureTheme> {
    return this.frame.evaluate(() => {
      const style = getComputedStyle(document.body);
      const kinds: Record<string, 'light' | 'dark' | 'hc-dark' | 'hc-light'> = {
        'vscode-light': 'light',
        'vscode-dark': 'dark',
        'vscode-high-contrast': 'hc-dark',
        'vscode-high-contrast-light': 'hc-light',
      };
      const kind = kinds[document.body.dataset['vscodeThemeKind'] ?? ''];
      if (kind === undefined) throw new Error('the webview has no theme');
      const background = style.getPropertyValue('--vscode-editor-background').trim();
      return { kind, background, foreground: '', muted: '', border: '', focus: '', fontFamily: '' };
    });
  }

  private canvas(measure: Measure): Locator {
    return this.frame.locator(`[data-heatmap="${measure}"] canvas[data-measure="${measure}"]`);
  }

  /**
   * Goes over all cells with the arrow keys, then reads their colours off the canvas. The keys are sent inside
   * the page, where they take a moment, not a round trip each.
   */
  async cells(measure: Measure): Promise<ShownCell[]> {
    await this.tab('heatmaps');
    await this.canvas(measure).focus();
    return this.frame.locator(`[data-heatmap="${measure}"]`).evaluate(async (figure: HTMLElement) => {
      const canvas = figure.querySelector<HTMLCanvasElement>('canvas[data-measure]');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) throw new Error('no canvas');
      const data = figure.dataset;
      // No function gets a name here: tsx would mark it with a helper that this page does not have.
      const press = [{ key: 'Home', ctrlKey: true }, { key: 'ArrowRight' }];
      const cells = [];
      for (let last = '', idle = 0; idle < 20;) {
        const [home, right] = press;
        canvas.dispatchEvent(
          new KeyboardEvent('keydown', {
            bubbles: true,
            cancelable: true,
            ...(cells.length === 0 ? home : right),
          }),
        );
        for (idle = 0; idle < 20; idle++) {
          await new Promise((resolve) => setTimeout(resolve));
          const at = `${data['site']} ${data['unit']}`;
          if (at === last || (cells.length === 0 && data['unit'] !== '0')) continue;
          last = at;
          cells.push({
            site: data['site'] ?? '',
            unit: Number(data['unit']),
            value: Number(data['value']),
            x: Number(data['focusX']),
            y: Number(data['focusY']),
          });
          break;
        }
      }
      const { width, height } = canvas;
      const pixels = context.getImageData(0, 0, width, height).data;
      const ratio = width / canvas.clientWidth;
      return cells.map((cell) => {
        const at = 4 * (Math.floor(cell.y * ratio) * width + Math.floor(cell.x * ratio));
        const bytes = [...pixels.slice(at, at + 3)];
        return { ...cell, colour: `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}` };
      });
    });
  }

  /** Clicks a cell. */
  async click(measure: Measure, cell: ShownCell): Promise<void> {
    await this.tab('heatmaps');
    await this.canvas(measure).click({ position: { x: cell.x, y: cell.y } });
  }

  /** Scrolls to the top, keyboard and pointer away from the pictures. */
  async toTop(): Promise<void> {
    await this.frame.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      window.scrollTo(0, 0);
    });
    await this.workbench.page.mouse.move(700, 5);
  }

  /** Shows the table of all neurons. */
  async toTable(): Promise<void> {
    await this.tab('table');
    await this.frame.locator('.table-section').scrollIntoViewIfNeeded();
  }

  /** The most important unit's importance in accuracy points, off the table sorted by importance. */
  async worstImportance(): Promise<number> {
    await this.tab('table');
    const head = this.frame.locator('[role="columnheader"]', { hasText: 'Importance' });
    await until('the table sorted by importance', async () => {
      if ((await head.getAttribute('aria-sort')) === 'descending') return true;
      await head.locator('button').click();
      return (await head.getAttribute('aria-sort')) === 'descending';
    });
    const first = this.frame.locator('[role="row"][aria-rowindex="2"] [role="gridcell"]').nth(2);
    return Number((await first.textContent())?.replace('−', '-'));
  }
}

/** The unit inspector in the side panel. */
export class UnitInspector {
  private constructor(private readonly frame: Frame) {}

  /** The inspector, once it shows this unit. */
  static async showing(workbench: Workbench, site: string, unit: number): Promise<UnitInspector> {
    await workbench.section('Unit Inspector');
    return new UnitInspector(
      await workbench.webview(`main.unit[data-site="${site}"][data-unit="${unit}"]`, 15_000),
    );
  }

  async text(): Promise<string> {
    return this.frame.locator('main.unit').innerText();
  }

  /** Waits until the inspector says it. */
  async says(pattern: RegExp): Promise<string> {
    return until(`the inspector to say ${String(pattern)}`, async () => {
      const text = await this.text();
      return pattern.test(text) ? text : null;
    });
  }

  /** Flips *Delete this neuron*. */
  async toggleDeletion(): Promise<void> {
    await this.frame.locator('vscode-checkbox', { hasText: 'Delete this neuron' }).click();
  }
}
