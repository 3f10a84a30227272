/**
 * Runs the experiments on the sample digits and writes what they found. Bundled and run by findings.mjs, its first
 * argument the repository.
 */
import { defaultNativeFolders } from '../src/engine/backend';
import { preloadQuietly } from '../src/engine/nativeAddon';
import { Session } from '../src/engine/session';
import { findingsOptions, makeFindings } from './makeFindings';

/** The command: exit code 0, 1 for an error, 130 where it was cancelled. */
async function main(args: readonly string[], repository: string): Promise<number> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    const options = findingsOptions(args, repository);
    const native = defaultNativeFolders();
    preloadQuietly(native);
    const session = new Session({
      backend: 'auto',
      native,
      log: (level, text) => {
        if (level === 'error') say(text);
      },
    });
    const cancel = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => cancel.abort());
    return (await makeFindings(options, session, say, cancel.signal)) ? 0 : 130;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

const [repository, ...args] = process.argv.slice(2);
void main(args, repository!).then((code) => process.exit(code));
