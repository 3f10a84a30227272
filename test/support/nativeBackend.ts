import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { requireNative } from './requirements';

/** Computes on native tfjs-node from here on; to be called in a `before` hook, and skips like {@link requireNative}. */
export async function requireNativeBackend(context: Mocha.Context): Promise<void> {
  requireNative(context);
  await loadBackend({ backend: 'tfjs-node', native: defaultNativeFolders(), log: () => undefined });
}
