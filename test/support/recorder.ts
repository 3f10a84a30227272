import type { Terminal } from '../../src/cli/terminal';

/** A terminal that keeps what is written. */
export function recorder(): Terminal & { stdout: string; stderr: string } {
  const kept = {
    stdout: '',
    stderr: '',
    cwd: '/work',
    screen: null,
    signal: new AbortController().signal,
    out: (text: string) => void (kept.stdout += text),
    err: (text: string) => void (kept.stderr += text),
  };
  return kept;
}
