import { effect, signal, type Signal } from '@preact/signals';
import type { Host } from './host';

/**
 * A signal whose value is part of the view state: it survives hiding, reload and restart.
 * @param key under which it is kept
 * @param initial where nothing was kept; of objects, what was not kept
 */
export function keptSignal<T>(
  host: Pick<Host<never, Record<string, unknown>>, 'view' | 'saveView'>,
  key: string,
  initial: T,
): Signal<T> {
  const kept = host.view[key] as T | undefined;
  const merged = isObject(kept) && isObject(initial) ? { ...initial, ...kept } : (kept ?? initial);
  const value = signal(merged);
  let last = merged;
  effect(() => {
    if (value.value === last) return;
    last = value.value;
    host.saveView({ [key]: last });
  });
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
