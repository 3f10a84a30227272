import { writeSync } from 'node:fs';
import { defaultNativeFolders, loadBackend } from '../../src/engine/backend';
import { preloadQuietly } from '../../src/engine/nativeAddon';

/** A program that begins by loading the native part; run by the tests of the backend. */
async function main(): Promise<void> {
  writeSync(2, 'before\n');
  preloadQuietly(defaultNativeFolders());
  const info = await loadBackend({ backend: 'auto', native: defaultNativeFolders(), log: () => undefined });
  console.log(info.name);
  console.error('after');
}

void main();
