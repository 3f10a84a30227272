import { signal, type ReadonlySignal } from '@preact/signals';
import type { PictureTheme } from '../../src/pictures/theme';

const KINDS: Readonly<Record<string, PictureTheme['kind']>> = {
  'vscode-light': 'light',
  'vscode-dark': 'dark',
  'vscode-high-contrast': 'hc-dark',
  'vscode-high-contrast-light': 'hc-light',
};

/** The colours that the pictures take from VS Code's theme, as they are now. */
export function readTheme(): PictureTheme {
  const style = getComputedStyle(document.body);
  const colour = (name: string, otherwise: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const kind = KINDS[document.body.dataset.vscodeThemeKind ?? ''] ?? 'dark';
  const foreground = colour('foreground', '#cccccc');
  const contrast = kind === 'hc-dark' || kind === 'hc-light';
  return {
    kind,
    background: colour('editor-background', '#1f1f1f'),
    foreground,
    muted: contrast ? foreground : colour('descriptionForeground', foreground),
    border: colour('disabledForeground', colour('descriptionForeground', foreground)),
    focus: colour('focusBorder', foreground),
    fontFamily: colour('font-family', 'sans-serif'),
  };
}

/** The theme, followed as the user changes it: VS Code rewrites the document's style and the body's class. */
export function watchTheme(): ReadonlySignal<PictureTheme> {
  const theme = signal(readTheme());
  const observer = new MutationObserver(() => {
    const next = readTheme();
    if (JSON.stringify(next) !== JSON.stringify(theme.peek())) theme.value = next;
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['style', 'class', 'data-vscode-theme-kind', 'data-vscode-theme-id'],
  });
  return theme;
}

/** Device pixels a CSS pixel, followed through zooming and moves between screens. */
export function watchPixelRatio(): ReadonlySignal<number> {
  const ratio = signal(window.devicePixelRatio);
  const arm = (): void => {
    ratio.value = window.devicePixelRatio;
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener('change', arm, {
      once: true,
    });
  };
  arm();
  return ratio;
}
