import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { AT_ONCE, until } from './until';

/** The themes pictures are taken in. */
export const THEMES = {
  light: { label: 'Light Modern', className: 'vs' },
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  'high-contrast': { label: 'Dark High Contrast', className: 'hc-black' },
} as const;

export type Theme = keyof typeof THEMES;

/** A row of a picker: its main text, and what stands beside and below it. */
export interface Pick {
  readonly label: string;
  readonly text: string;
}

/** VS Code in a browser, driven as a person would: by what is on screen. */
export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    /** What the pages wrote to their consoles as errors, webviews among them. */
    readonly consoleErrors: readonly string[],
  ) {}

  /** Starts a browser and opens the workbench at `url`. */
  static async open(url: string): Promise<Workbench> {
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    const workbench = new Workbench(browser, page, errors);
    await workbench.goto(url);
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** Reloads the window with *Developer: Reload Window*. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.command('Developer: Reload Window')]);
    await this.ready();
  }

  /** Shows another workspace of the same server. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 60_000 });
    await this.page.locator('.activitybar .action-item').first().waitFor();
  }

  // Side bar

  /** Opens a view container by the name of its activity-bar icon, unless it is open. */
  async openContainer(name: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(a[aria-label^="${name}"])`).first();
    await icon.waitFor();
    const open = async (): Promise<boolean> =>
      (await this.page.locator('.sidebar .composite.title h2').first().textContent())
        ?.toLowerCase()
        .includes(name.toLowerCase()) ?? false;
    if (await open()) return;
    await icon.click();
    await until(`the ${name} side bar`, open);
  }

  /** The section of the side bar with this title, expanded. */
  async section(title: string): Promise<Locator> {
    const header = this.page.locator(`.sidebar .pane-header[aria-label^="${title}"]`).first();
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    return this.page.locator(`.sidebar .pane:has(> .pane-header[aria-label^="${title}"])`).first();
  }

  /** The rows of a tree, each as its label and what stands beside it, once there is at least one. */
  async treeRows(title: string): Promise<string[]> {
    const section = await this.section(title);
    await section.locator('.monaco-list-row').first().waitFor();
    return section
      .locator('.monaco-list-row')
      .evaluateAll((rows) =>
        rows.map((row) =>
          ['.label-name', '.label-description']
            .map((part) => row.querySelector(part)?.textContent ?? '')
            .join(' '),
        ),
      );
  }

  /** A tree's row whose label is `label`. */
  async treeRow(title: string, label: string | RegExp): Promise<Locator> {
    const section = await this.section(title);
    const row = section.locator('.monaco-list-row', { hasText: label }).first();
    await row.waitFor();
    return row;
  }

  /** Clicks a button that appears beside a tree's row. */
  async treeAction(title: string, label: string | RegExp, action: string): Promise<void> {
    const row = await this.treeRow(title, label);
    await until(`“${action}” beside ${String(label)}`, async () => {
      await row.hover({ timeout: AT_ONCE });
      await row.locator(`.action-label[aria-label*="${action}"]`).first().click({ timeout: AT_ONCE });
      return true;
    });
  }

  /** A file of the explorer, its folders expanded on the way. `file`: relative to the workspace. */
  async explorerFile(file: string): Promise<Locator> {
    await this.openContainer('Explorer');
    const tree = this.page.locator('.explorer-folders-view');
    const parts = file.split('/');
    const rowAt = (depth: number): Locator => {
      // Same names recur in different folders: the title tells the path.
      const path = parts.slice(0, depth).join('/');
      return tree.locator(`.monaco-list-row:has(.monaco-icon-label[aria-label$="/${path}"])`).first();
    };
    await rowAt(1).waitFor();
    for (let depth = 1; depth < parts.length; depth++) {
      await until(`what is in ${parts.slice(0, depth).join('/')}`, async () => {
        const folder = rowAt(depth);
        // A tree that is just being redrawn loses a click, or takes it late: then a second one closes the folder.
        if ((await folder.getAttribute('aria-expanded', { timeout: AT_ONCE })) !== 'true') {
          await folder.click({ timeout: AT_ONCE });
        }
        await rowAt(depth + 1).waitFor({ timeout: AT_ONCE });
        return true;
      });
    }
    return rowAt(parts.length);
  }

  /** Whether the explorer shows a file or folder of its top level, soon. */
  async showsFile(name: string, timeout: number): Promise<boolean> {
    await this.openContainer('Explorer');
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    return row
      .first()
      .waitFor({ timeout })
      .then(() => true)
      .catch(() => false);
  }

  /** Right-click on a file of the explorer, then the menu item. */
  async explorerMenu(file: string, item: string): Promise<void> {
    await this.menu(await this.explorerFile(file), item);
  }

  /** Right-click on a tree's row, then the menu item. */
  async treeMenu(title: string, label: string | RegExp, item: string): Promise<void> {
    await this.menu(await this.treeRow(title, label), item);
  }

  private async menu(row: Locator, item: string): Promise<void> {
    const action = this.page.locator('.monaco-menu .action-label', { hasText: item }).first();
    await until(`“${item}” in the menu of ${(await row.textContent()) ?? ''}`, async () => {
      await row.click({ button: 'right', timeout: AT_ONCE });
      await this.page.locator('.monaco-menu .action-label').first().waitFor({ timeout: AT_ONCE });
      if (await action.isVisible()) return true;
      // Opened before the extensions had brought their items: close it and look again.
      await this.page.keyboard.press('Escape');
      return false;
    });
    await until('the menu to take the click', async () => {
      // A menu ignores the button in its first moments.
      if (await action.isVisible()) await action.click({ timeout: AT_ONCE });
      return !(await action.isVisible());
    });
  }

  // Palette and pickers

  private readonly quickInput = '.quick-input-widget:visible';

  /** Runs a command by its whole title in the palette. */
  async command(title: string): Promise<void> {
    const input = this.page.locator(`${this.quickInput} input[type="text"]`).first();
    const row = this.page.locator(`${this.quickInput} .monaco-list-row`, { hasText: title }).first();
    await until(`“${title}” in the palette`, async () => {
      await this.page.keyboard.press('F1');
      await input.waitFor({ timeout: AT_ONCE });
      await input.fill(`>${title}`, { timeout: AT_ONCE });
      await row.click({ timeout: AT_ONCE });
      return true;
    });
  }

  /** The open picker's rows, once there are any and `ready` holds for them. */
  async picks(ready: (picks: Pick[]) => boolean = (picks) => picks.length > 0): Promise<Pick[]> {
    const rows = this.page.locator(`${this.quickInput} .quick-input-list .monaco-list-row`);
    return until(
      'a picker with the rows asked for',
      async () => {
        const picks = await rows.evaluateAll((elements) =>
          elements.map((row) => ({
            label: row.querySelector('.monaco-icon-label .label-name')?.textContent ?? '',
            text: row.getAttribute('aria-label') ?? '',
          })),
        );
        return ready(picks) ? picks : null;
      },
      30_000,
    );
  }

  /** Chooses the row of the open picker whose text has `text` in it. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.page.locator(`${this.quickInput} .quick-input-list .monaco-list-row`, { hasText: text });
    await row.first().waitFor({ timeout: 30_000 });
    await row.first().click();
  }

  /** The open picker's title. */
  async pickerTitle(): Promise<string> {
    return (await this.page.locator(`${this.quickInput} .quick-input-title`).textContent()) ?? '';
  }

  /** Types into the open input box, waits for the row `expected` if there is to be one, and confirms. */
  async typeAndEnter(text: string, expected?: string): Promise<void> {
    const input = this.page.locator(`${this.quickInput} input[type="text"]`).first();
    await input.fill(text);
    if (expected !== undefined) {
      await this.page.locator(`${this.quickInput} .monaco-list-row.focused`, { hasText: expected }).waitFor();
    }
    await input.press('Enter');
  }

  /** Waits until the open picker has come to rest: its hint begins like this. */
  async pickerHint(hint: string): Promise<void> {
    await this.page.locator(`${this.quickInput} input[placeholder^="${hint}"]`).waitFor();
  }

  /** Presses a button in the title of the open picker, once its hint begins like this. */
  async pickerButton(hint: string): Promise<void> {
    await this.page.locator(`${this.quickInput} .action-label[aria-label^="${hint}"]`).first().click();
  }

  /** Answers the open file dialog, which is an input box here, with a path. */
  async choosePath(path: string): Promise<void> {
    const input = this.page.locator(`${this.quickInput} input[type="text"]`).first();
    const parent = this.page.locator(`${this.quickInput} .monaco-list-row .label-name`, {
      hasText: /^\.\.$/,
    });
    // Until it lists its folder, it overwrites what is typed.
    await parent.waitFor();
    await until(`the file dialog to take ${path}`, async () => {
      await input.fill(path, { timeout: AT_ONCE });
      await input.press('Enter', { timeout: AT_ONCE });
      await input.waitFor({ state: 'hidden', timeout: AT_ONCE });
      return true;
    });
  }

  // Messages

  /** All messages on screen now, notifications and modal dialogs. */
  async messages(): Promise<string[]> {
    return this.page
      .locator(
        '.notification-toast .notification-list-item-message, .monaco-dialog-box .dialog-message-container',
      )
      .allTextContents();
  }

  /** Waits for a message that matches; returns it. */
  async message(pattern: RegExp, timeout = 30_000): Promise<string> {
    return until(
      `a message like ${String(pattern)}`,
      async () => (await this.messages()).find((text) => pattern.test(text)),
      timeout,
    );
  }

  /** Presses a button of the message that matches. */
  async answer(pattern: RegExp, button: string): Promise<void> {
    await this.message(pattern);
    const toast = this.page.locator('.notification-toast, .monaco-dialog-box', { hasText: pattern }).first();
    // A toast shows its buttons under the pointer only.
    await toast.hover();
    await toast.locator('.monaco-button, .monaco-text-button', { hasText: button }).first().click();
  }

  /** Clears all notifications. */
  async clearMessages(): Promise<void> {
    if ((await this.messages()).length === 0) return;
    await this.command('Notifications: Clear All Notifications');
    await until('no messages', async () => (await this.messages()).length === 0);
  }

  // Editors and webviews

  /** Titles of the open editor tabs. */
  async tabs(): Promise<string[]> {
    return this.page
      .locator('.tabs-container .tab')
      .evaluateAll((tabs) => tabs.map((tab) => tab.querySelector('.label-name')?.textContent ?? ''));
  }

  async closeAllEditors(): Promise<void> {
    await this.command('View: Close All Editors');
    await until('no open editors', async () => (await this.tabs()).length === 0);
  }

  /** The webview frame in which `selector` is to be seen. Webviews are nested frames without names. */
  async webview(selector: string, timeout = 30_000): Promise<Frame> {
    return until(
      `a webview with ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          if (frame === this.page.mainFrame()) continue;
          const found = await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false);
          if (found) return frame;
        }
        return null;
      },
      timeout,
    );
  }

  /** Changes the colour theme by its picker. */
  async setTheme(theme: Theme): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.pickerHint('Select Color Theme');
    await this.typeAndEnter(THEMES[theme].label, THEMES[theme].label);
    await this.page.locator(`.monaco-workbench.${THEMES[theme].className}`).first().waitFor();
  }

  /** Leaves a picture of the window. */
  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }
}
