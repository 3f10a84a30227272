import { useEffect } from 'preact/hooks';
import type { StudyHost } from '../viewProps';

/** Ctrl+Z takes the last deletion back, Ctrl+Shift+Z or Ctrl+Y does it again, wherever no text is typed. */
export function useUndoKeys(host: StudyHost): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event)) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      host.post({ type: key === 'y' || event.shiftKey ? 'redo' : 'undo' });
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [host]);
}

/** The controls have their fields inside: the first of the path is where the key went. */
function isTyping(event: KeyboardEvent): boolean {
  const [at] = event.composedPath();
  return at instanceof HTMLInputElement ? at.type !== 'checkbox' : at instanceof HTMLTextAreaElement;
}
