import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { benchForEach, type View } from './browser';
import { everyView, type Scene } from './everyView';
import { THEMES } from './themes';

const AXE = readFileSync(path.join(__dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe finds of moderate weight or more, a line each. */
async function found(view: View): Promise<string[]> {
  const options: RunOptions = {
    resultTypes: ['violations'],
    rules: {
      // A panel is a part of VS Code's page, which has landmarks and levels of headings of its own.
      region: { enabled: false },
      'page-has-heading-one': { enabled: false },
      'landmark-one-main': { enabled: false },
      'heading-order': { enabled: false },
    },
  };
  const { violations } = await view.page.evaluate(
    (given) =>
      (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${impact ?? ''} ${id} ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
}

/** What is found in a scene in each theme, the first few lines. */
async function foundInThemes(view: View, state: string): Promise<string[]> {
  const all: string[] = [];
  for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    await view.setTheme(theme);
    all.push(...(await found(view)).map((line) => `${state}, ${theme}: ${line}`));
  }
  return all.slice(0, 12);
}

/** What opens something beside or instead of what is there. */
const OPENERS = [
  ['tables', '[data-picture] vscode-button[aria-pressed=false] .codicon-table'],
  ['a menu', '.menu vscode-button'],
] as const;

describe('access', function () {
  this.timeout(180_000);
  let view: View;
  const bench = benchForEach(() => view);

  async function open(scene: Scene, opening: Parameters<typeof bench.open>[1] = {}): Promise<void> {
    view = await bench.open(scene.view, { saved: scene.saved, ...opening });
    await view.deliver(...scene.messages);
  }

  for (const scene of everyView()) {
    it(`axe finds nothing in any theme: ${scene.name}`, async () => {
      await open(scene, { height: 1400 });
      await view.page.evaluate(AXE);
      const all = await foundInThemes(view, 'as it opens');
      for (const [state, selector] of OPENERS) {
        const openers = view.page.locator(selector);
        const count = state === 'tables' ? await openers.count() : Math.min(1, await openers.count());
        if (count === 0) continue;
        // A pressed button no longer fits its selector.
        for (let i = 0; i < count; i++) await openers.first().click();
        await view.settled();
        all.push(...(await foundInThemes(view, state)));
        await view.page.keyboard.press('Escape');
      }
      assert.deepEqual(all, []);
    });
  }

  it('axe would find a text of too little contrast, in any theme, and a button without a name', async () => {
    const [scene] = everyView();
    assert.ok(scene);
    await open(scene);
    await view.page.evaluate(AXE);
    await view.page.evaluate(() => {
      const text = document.createElement('p');
      text.textContent = 'Faint';
      text.style.color = 'rgba(128, 128, 128, 0.5)';
      document.querySelector('main')?.append(text, document.createElement('button'));
    });
    const all = await foundInThemes(view, 'spoiled');
    for (const theme of Object.keys(THEMES)) {
      assert.ok(
        all.some((line) => line.includes(`${theme}: serious color-contrast`)),
        theme,
      );
    }
    assert.ok(all.some((line) => line.includes('button-name')));
  });

  for (const scene of everyView()) {
    it(`Tab reaches every control and shows where it is: ${scene.name}`, async () => {
      await open(scene, { height: 1000 });
      const controls = await markControls(view);
      const [reached, hidden] = await tabThrough(view, controls.length);
      assert.deepEqual(
        controls.filter((_, index) => !reached.has(String(index))),
        [],
        'not reached',
      );
      assert.deepEqual(hidden, [], 'focus is not seen');
    });
  }

  for (const scene of everyView()) {
    it(`cuts nothing at 200 %: ${scene.name}`, async () => {
      const width = scene.view === 'inspector' ? 300 : 600;
      await open(scene, { width, height: 500, ratio: 2 });
      assert.deepEqual(await view.cutTexts(), []);
    });
  }

  it('stands still where people ask for less motion', async () => {
    for (const scene of everyView().filter(({ name }) => /running|before|with a deletion/.test(name))) {
      if ((view as View | undefined) !== undefined) await view.page.context().close();
      await open(scene);
      await view.page.emulateMedia({ reducedMotion: 'reduce' });
      await view.page.mouse.move(300, 300);
      const moving = await view.page.evaluate(() =>
        document
          .getAnimations()
          .filter(
            ({ playState, timeline }) => playState === 'running' && timeline instanceof DocumentTimeline,
          )
          .map(({ effect }) => (effect as KeyframeEffect).target?.className ?? ''),
      );
      assert.deepEqual(moving, [], scene.name);
      assert.equal(await view.page.locator('vscode-progress-ring').first().isVisible(), false);
    }
  });
});

/** Numbers everything that is to be reached by Tab and returns what each is called. */
async function markControls(view: View): Promise<string[]> {
  return view.page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex], [role=application], ' +
        'vscode-button, vscode-checkbox, vscode-dropdown, vscode-text-field',
    );
    const controls = [...all].filter((element) => {
      const disabled = element.matches(':disabled, [disabled], [aria-disabled=true]');
      // One of a group that the arrow keys go through.
      const inGroup = element.matches('[tabindex="-1"]') && element.matches('[role]');
      return element.checkVisibility({ visibilityProperty: true }) && !disabled && !inGroup;
    });
    return controls.map((element, index) => {
      element.dataset['control'] = String(index);
      const name = element.getAttribute('aria-label') ?? element.textContent.trim();
      return `${element.localName} ${name.slice(0, 50)}`;
    });
  });
}

/** Tabs from the first control to the last: which were reached, and those on which the focus changes nothing. */
async function tabThrough(view: View, controls: number): Promise<[ReadonlySet<string>, string[]]> {
  const reached = new Set<string>();
  const hidden: string[] = [];
  for (let press = 0; press < 2 * controls + 10; press++) {
    await view.page.keyboard.press('Tab');
    const at = await view.page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const control = element?.closest<HTMLElement>('[data-control]');
      if (control === null || control === undefined) return null;
      const { x, y, width, height } = control.getBoundingClientRect();
      return {
        id: control.dataset['control'] ?? '',
        name: control.outerHTML.slice(0, 90),
        x,
        y,
        width,
        height,
      };
    });
    if (at === null) {
      if (reached.size > 0) break;
      continue;
    }
    if (reached.has(at.id)) break;
    reached.add(at.id);
    const clip = {
      x: Math.max(0, at.x - 6),
      y: Math.max(0, at.y - 6),
      width: at.width + 12,
      height: at.height + 12,
    };
    const focused = await view.page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
    await view.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const blurred = await view.page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
    if (focused.equals(blurred)) hidden.push(at.name);
  }
  return [reached, hidden];
}
