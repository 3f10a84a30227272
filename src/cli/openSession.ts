import { defaultNativeFolders, type BackendOptions } from '../engine/backend';
import { preloadQuietly } from '../engine/nativeAddon';
import { Session } from '../engine/session';
import type { BackendChoice } from './program';
import type { Terminal } from './terminal';

/** What computes, as the flags say. The engine's log is shown with `--verbose`. */
export function backendOptions(options: BackendChoice, terminal: Terminal): BackendOptions {
  const native = defaultNativeFolders();
  if (options.backend !== 'wasm' && !options.verbose) preloadQuietly(native);
  return {
    backend: options.backend,
    native,
    log: (level, text) => {
      if (!options.verbose) return;
      terminal.err(
        options.json ? `${JSON.stringify({ event: 'log', level, text })}\n` : `${level}: ${text}\n`,
      );
    },
  };
}

/** The engine, in this process. */
export function openSession(options: BackendChoice, terminal: Terminal): Session {
  const { memoryLimit, way } = options;
  return new Session({
    ...backendOptions(options, terminal),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(way === undefined ? {} : { way }),
  });
}
