import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the real models and data sets the tests use: `ND_ASSETS`, or `../shared/assets`. */
export const ASSETS = path.resolve(
  process.env['ND_ASSETS'] ?? path.join(__dirname, '../../../shared/assets'),
);

/** What stands between this machine and native tfjs-node, in a sentence; null where it is in place. */
export function nativeMissing(): string | null {
  const folder = path.join(__dirname, '../../node_modules/@tensorflow/tfjs-node');
  const parts = ['lib/napi-v8/tfjs_binding.node', 'deps/lib'];
  const missing = parts.filter((part) => !existsSync(path.join(folder, part)));
  if (missing.length === 0) return null;
  return `native tfjs-node is not set up (no ${missing.join(', ')} in ${folder}): run npm run setup`;
}

/**
 * To be called in a `before` hook or a test that computes on native tfjs-node. Where it is missing the tests are
 * skipped and the reason is printed; with `REQUIRE_NATIVE=1` they fail instead.
 */
export function requireNative(context: Mocha.Context): void {
  const missing = nativeMissing();
  if (missing !== null) skip(context, missing);
}

/**
 * To be called in a `before` hook or a test that reads real models or data. Skips or fails like
 * {@link requireNative}.
 *
 * @param names files or folders below the assets folder
 * @returns their absolute paths, in order
 */
export function requireAssets<const Names extends readonly string[]>(
  context: Mocha.Context,
  ...names: Names
): { [Index in keyof Names]: string } {
  const paths = names.map((name) => path.join(ASSETS, name));
  const missing = paths.filter((file) => !existsSync(file));
  if (missing.length > 0)
    skip(context, `${missing.join(', ')} not found: set ND_ASSETS to the assets folder`);
  return paths as { [Index in keyof Names]: string };
}

/** Skips the tests and prints the reason; with `REQUIRE_NATIVE=1` they fail with it instead. */
export function skip(context: Mocha.Context, reason: string): never {
  if (process.env['REQUIRE_NATIVE'] === '1') throw new Error(reason);
  console.warn(`    skipped: ${reason}`);
  return context.skip();
}
