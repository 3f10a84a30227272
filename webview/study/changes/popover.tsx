import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../shared/controls';

/** A button that opens a small panel below it; Escape or a press elsewhere closes it. */
export function Popover({
  icon,
  text,
  label,
  children,
}: {
  readonly icon?: string;
  readonly text: string;
  /** What the panel is for. */
  readonly label: string;
  readonly children: ComponentChildren;
}): VNode {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open.value) return undefined;
    if (panel.current !== null) keepInWindow(panel.current);
    const close = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) open.value = false;
    };
    window.addEventListener('pointerdown', close);
    return () => window.removeEventListener('pointerdown', close);
  }, [open.value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.value) return;
    open.value = false;
    box.current?.querySelector<HTMLElement>('vscode-button')?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="popover" ref={box} onKeyDown={onKeyDown}>
      <Button
        {...(icon === undefined ? {} : { icon })}
        title={label}
        onClick={() => (open.value = !open.value)}
      >
        {text}
        <span class={`codicon codicon-chevron-${open.value ? 'up' : 'down'}`} aria-hidden="true" />
      </Button>
      {open.value && (
        <div class="popover-panel" ref={panel} role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

/** Moves a panel to the left until its right edge is inside the window. */
function keepInWindow(panel: HTMLElement): void {
  const over = panel.getBoundingClientRect().right - (document.documentElement.clientWidth - 12);
  if (over > 0) panel.style.left = `${-over}px`;
}
