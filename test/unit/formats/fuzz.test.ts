import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { FuzzNews, FuzzOrder } from '../../support/fuzz/child';
import { TARGETS } from '../../support/fuzz/targets';

/** `ND_FUZZ_SEED` replays what a seed gave, `ND_FUZZ_CASE` one case of it, `ND_FUZZ_RUNS` tries so many times more. */
const SEED = process.env['ND_FUZZ_SEED'] ?? '5';
const ONLY = process.env['ND_FUZZ_CASE'] === undefined ? null : Number(process.env['ND_FUZZ_CASE']);
const SCALE = Number(process.env['ND_FUZZ_RUNS'] ?? 1);
const CASES = 24;
/** A case that takes so long (milliseconds) hangs: most take one. */
const PATIENCE = 60_000;
/** What a reader may take (bytes), with Node, TensorFlow.js and the files themselves. */
const MEMORY = 2 ** 30;

describe(`mutated files (ND_FUZZ_SEED=${SEED}) are read, or refused in a sentence:`, function () {
  this.timeout(Math.max(180_000, SCALE * 60_000));
  let child: ChildProcess | null = null;

  const start = (): ChildProcess => {
    const execArgv = ['--import=tsx', '--max-old-space-size=600'];
    return fork(join(__dirname, '../../support/fuzz/child.ts'), [], {
      execArgv,
      stdio: 'pipe',
      serialization: 'json',
    });
  };

  /** Has a child try the cases; it is ended when one hangs, and the next order begins a new one. */
  const carriedOut = (order: FuzzOrder): Promise<{ wrong: string[]; rss: number }> =>
    new Promise((resolve) => {
      const running = (child ??= start());
      const wrong: string[] = [];
      let at = order.first;
      let said = '';
      const replay = (): string => `ND_FUZZ_SEED=${SEED} ND_FUZZ_CASE=${at} --grep '${order.target}$'`;
      const end = (rss: number): void => {
        clearTimeout(timer);
        running.removeAllListeners();
        running.stderr?.removeAllListeners('data');
        resolve({ wrong, rss });
      };
      const lost = (what: string): void => {
        wrong.push(`${replay()}: ${what}`);
        child = null;
        running.kill('SIGKILL');
        end(0);
      };
      const timer = setTimeout(() => lost(`hangs for ${PATIENCE / 1000} seconds`), PATIENCE);
      running.stderr?.on('data', (chunk) => (said = (said + String(chunk)).slice(-2000)));
      running.on('exit', (code, signal) => lost(`ends the process (${code ?? signal ?? ''}): ${said}`));
      running.on('message', (news: FuzzNews) => {
        timer.refresh();
        if (news.kind === 'case') at = news.at;
        else if (news.kind === 'wrong') wrong.push(`${replay()}: ${news.what}`);
        else end(news.rss);
      });
      running.send(order);
    });

  after(() => child?.disconnect());

  for (const { name, share = 1 } of TARGETS) {
    it(name, async () => {
      const runs = ONLY === null ? Math.ceil(CASES * share * SCALE) : 1;
      const { wrong, rss } = await carriedOut({ target: name, seed: SEED, first: ONLY ?? 0, runs });
      assert.deepEqual(wrong, []);
      assert.ok(rss < MEMORY, `takes ${rss} bytes`);
    });
  }
});
