import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './controls';

/** One entry of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  readonly onChoose: () => void;
}

/** A button that opens a list of actions, for the pointer and the keyboard. */
export function Menu({
  icon,
  label,
  items,
}: {
  readonly icon: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
}): VNode {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open.value) return undefined;
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const close = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) open.value = false;
    };
    window.addEventListener('pointerdown', close);
    return () => window.removeEventListener('pointerdown', close);
  }, [open.value]);
  const closeAndReturn = (): void => {
    open.value = false;
    box.current?.querySelector<HTMLElement>('vscode-button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    // Closed, it is a button like any other: Tab goes on.
    if (!open.value) return;
    if (event.key === 'Escape' || event.key === 'Tab') closeAndReturn();
    else if (to !== undefined) all[to]?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <IconButton icon={icon} label={label} onClick={() => (open.value = !open.value)} />
      {open.value && (
        <ul class="menu-list" role="menu" aria-label={label}>
          {items.map((item) => (
            <li key={item.label} role="none">
              <button
                type="button"
                role="menuitem"
                onClick={() => {
                  closeAndReturn();
                  item.onChoose();
                }}
              >
                <span class={`codicon codicon-${item.icon ?? 'blank'}`} aria-hidden="true" />
                {item.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
