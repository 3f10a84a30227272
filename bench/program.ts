import { readFileSync } from 'node:fs';
import { defaultNativeFolders, loadBackend } from '../src/engine/backend';
import { preloadQuietly } from '../src/engine/nativeAddon';
import type { BackendInfo } from '../src/protocol/run';

/**
 * The frame of a program that the benchmark runs in a process of its own: takes its task from stdin, prints its
 * result as the last line of stdout. What fails is said on stderr, and ends it with code 1.
 */
export function answer(work: (task: never) => Promise<unknown>): void {
  work(JSON.parse(readFileSync(0, 'utf8')) as never)
    .then((result) => {
      process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
    })
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    });
}

/** Loads a tfjs backend into this process. */
export function startBackend(backend: 'tfjs-node' | 'wasm'): Promise<BackendInfo> {
  const native = defaultNativeFolders();
  if (backend === 'tfjs-node') preloadQuietly(native);
  return loadBackend({ backend, native, log: () => undefined });
}

/** The middle of some numbers, the upper one of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
