import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromCompare, ToCompare } from '../../src/protocol/compareState';
import type {
  FromInspector,
  FromModelPage,
  FromStudy,
  ToInspector,
  ToModelPage,
  ToStudy,
} from '../../src/protocol/webview';
import { PageServer, type Language, type ViewName } from './pages';
import { THEMES, type TestTheme } from './themes';

const ARTEFACTS = path.join(__dirname, '../artefacts/webview');

/** What {@link PageServer}'s pages put on `window`. */
interface Editor {
  posted: unknown[];
  violations: string[];
  setTheme(theme: TestTheme): void;
  saved(): unknown;
  deliver(message: unknown): void;
}

declare global {
  interface Window {
    editor: Editor;
  }
}

/** How a view is opened. */
export interface Opening {
  readonly theme?: keyof typeof THEMES;
  readonly width?: number;
  readonly height?: number;
  readonly ratio?: number;
  /** View state of an earlier life of the page. */
  readonly saved?: unknown;
  readonly language?: Language;
}

/** One open view in Chromium. */
export class View {
  /** Everything that went wrong in the page so far. */
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(error.stack ?? error.message));
  }

  /** Sends messages as the extension host does and waits until they are on screen. */
  async deliver(...messages: readonly (ToStudy | ToInspector | ToModelPage | ToCompare)[]): Promise<void> {
    for (const message of messages) {
      await this.page.evaluate((packed) => window.editor.deliver(packed), pack(message));
    }
    await this.settled();
  }

  /** Waits until the page has drawn what it knows. */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) =>
          setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())), 30),
        ),
    );
  }

  /** What the view has posted, oldest first. */
  async posted(): Promise<(FromStudy | FromInspector | FromModelPage | FromCompare)[]> {
    return (await this.page.evaluate(() => window.editor.posted)) as (
      FromStudy | FromInspector | FromModelPage | FromCompare
    )[];
  }

  /** Posted messages of one type. */
  async postedOf<Type extends FromStudy['type']>(type: Type): Promise<Extract<FromStudy, { type: Type }>[]> {
    const all = (await this.posted()) as FromStudy[];
    return all.filter((message): message is Extract<FromStudy, { type: Type }> => message.type === type);
  }

  async saved(): Promise<unknown> {
    return this.page.evaluate(() => window.editor.saved());
  }

  async setTheme(name: keyof typeof THEMES): Promise<void> {
    await this.page.evaluate((theme) => window.editor.setTheme(theme), THEMES[name]);
    await this.settled();
  }

  async violations(): Promise<string[]> {
    return this.page.evaluate(() => window.editor.violations);
  }

  /** Colour of a heatmap at a point in CSS pixels of its canvas, `#rrggbb`, or `none` where nothing is drawn. */
  async pixel(measure: string, x: number, y: number): Promise<string> {
    return this.page.evaluate(
      ({ measure, x, y }) => {
        const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-measure="${measure}"]`);
        const one = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        if (canvas === null || one === null) throw new Error(`no canvas for ${measure}`);
        const ratio = canvas.width / canvas.clientWidth;
        one.drawImage(canvas, -Math.floor(x * ratio), -Math.floor(y * ratio));
        const [r = 0, g = 0, b = 0, a = 0] = one.getImageData(0, 0, 1, 1).data;
        if (a === 0) return 'none';
        return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      },
      { measure, x, y },
    );
  }

  /** Leaves a picture of the page among the test artefacts. */
  async screenshot(name: string, fullPage = true): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: path.join(ARTEFACTS, `${name}.png`), fullPage });
  }

  /** Elements whose content is wider than they are, and the page itself if it scrolls sideways. */
  async cutTexts(): Promise<string[]> {
    return this.page.evaluate(() => {
      const root = document.documentElement;
      const found: string[] = [];
      if (root.scrollWidth > root.clientWidth) {
        found.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
      }
      for (const element of document.querySelectorAll<HTMLElement>('#root *')) {
        // What scrolls by itself, or is for screen readers, is not cut.
        const kept = element.closest('.unseen, .table-row') !== null || element.textContent.trim() === '';
        if (kept) continue;
        if (element.matches('.table-scroller, .compare-many-frame')) continue;
        if (element.scrollWidth <= element.clientWidth + 1) continue;
        const { display, overflowX } = getComputedStyle(element);
        if (display === 'inline' || display === 'contents' || element.clientWidth === 0) continue;
        if (overflowX === 'visible' && element.closest('.table-scroller') !== null) continue;
        const name = `${element.tagName}.${element.className}`;
        found.push(
          `${name} ${element.scrollWidth} > ${element.clientWidth}: ${element.textContent.slice(0, 60)}`,
        );
      }
      return found;
    });
  }
}

/** Chromium with the built views. */
export class Bench {
  private constructor(
    private readonly browser: Browser,
    private readonly server: PageServer,
  ) {}

  static async start(): Promise<Bench> {
    const server = await PageServer.start();
    const browser = await chromium.launch({
      executablePath: execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new Bench(browser, server);
  }

  /** Opens a view and waits for its `ready`. */
  async open(view: ViewName, opening: Opening = {}): Promise<View> {
    const { theme = 'dark', width = 1200, height = 900, ratio = 1, saved, language } = opening;
    const context = await this.browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: ratio,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const opened = new View(await context.newPage());
    await opened.page.goto(this.server.add(view, THEMES[theme], saved, language));
    await opened.page.waitForFunction(() => window.editor.posted.length > 0);
    return opened;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

/** Typed arrays do not cross into the page; see `revive` in pages.ts. */
function pack(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { typed: value.constructor.name, base64: bytes.toString('base64') };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
}

/**
 * A bench for the tests of a describe block. After each its view must have had no problem and no violation of its
 * content security policy.
 * @param view the one that the test opened
 */
export function benchForEach(view: () => View): Pick<Bench, 'open'> {
  let bench: Bench;
  before(async () => (bench = await Bench.start()));
  after(() => bench.stop());
  afterEach(async () => {
    assert.deepEqual(view().problems, []);
    assert.deepEqual(await view().violations(), []);
    await view().page.context().close();
  });
  return { open: (...opening) => bench.open(...opening) };
}

/** What stands in the first of some elements, its blanks and line ends as one space each. */
export async function textOf({ page }: View, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim();
}
