#!/usr/bin/env node
import { run } from './run';

declare const VERSION: string;

const interrupt = new AbortController();
process.on('SIGINT', () => {
  // The first asks, so that what is finished is kept; the second does not wait.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads may stop before the end, as `| head` does: then all is said.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void run(
  process.argv.slice(2),
  VERSION,
  {
    analyze: async (...args) => (await import('./analyze')).analyze(...args),
    evaluate: async (...args) => (await import('./evaluate')).evaluate(...args),
    curves: async (...args) => (await import('./curves')).curves(...args),
    noise: async (...args) => (await import('./noise')).noise(...args),
    pairs: async (...args) => (await import('./pairs')).pairs(...args),
    compare: async (...args) => (await import('./compare')).compare(...args),
    experiment: async (...args) => (await import('./training')).experiment(...args),
    prune: async (...args) => (await import('./prune')).prune(...args),
    agreement: async (...args) => (await import('./agreement')).agreement(...args),
    inspect: async (...args) => (await import('./inspect')).inspect(...args),
    doctor: async (...args) => (await import('./doctor')).doctor(...args),
    exportRun: async (...args) => (await import('./export')).exportCommand(...args),
  },
  {
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    // Read late: TensorFlow is loaded with stderr led elsewhere, before anything has opened it.
    get screen() {
      return process.stderr.isTTY ? process.stderr : null;
    },
    signal: interrupt.signal,
  },
).then((code) => {
  process.exitCode = code;
});
