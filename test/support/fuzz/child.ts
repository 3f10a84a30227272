import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { Failure } from '../../../src/protocol/failure';
import { Chance, mutateBytes, mutateJson } from './mutations';
import { TARGETS, type Parts, type Target } from './targets';

/** What a child is asked to try: cases `first … first + runs − 1` of a reader. */
export interface FuzzOrder {
  readonly target: string;
  readonly seed: string;
  readonly first: number;
  readonly runs: number;
}

/** What it says: that it begins a case, what is wrong with one, and that it is through. */
export type FuzzNews =
  | { readonly kind: 'case'; readonly at: number }
  | { readonly kind: 'wrong'; readonly at: number; readonly what: string }
  | {
      readonly kind: 'done';
      readonly read: number;
      readonly refused: number;
      readonly slowest: number;
      readonly slow: number;
      readonly rss: number;
    };

let folders = 0;

async function carryOut({ target: name, seed, first, runs }: FuzzOrder, scratch: string): Promise<void> {
  const target = TARGETS.find((one) => one.name === name)!;
  const made = join(scratch, String(folders++));
  await mkdir(made);
  const good = await target.parts(made);
  const counts = { read: 0, refused: 0, slowest: -1, slow: 0 };
  for (let at = first; at < first + runs; at++) {
    const folder = join(scratch, String(folders++));
    // It must be out before the case begins, which may never end.
    await new Promise((resolve) => process.send!({ kind: 'case', at } satisfies FuzzNews, resolve));
    const started = performance.now();
    // The first case is the good input itself.
    const changed =
      at === 0
        ? await packed(target, good, made)
        : await mutated(target, good, new Chance(`${seed}:${name}:${at}`), made);
    await write(changed, folder);
    for (const [way, read] of [...target.read, ...(target.also ?? [])].entries()) {
      const before = memory().numTensors;
      const outcome = await tried(() => read(folder));
      const left = memory().numTensors - before;
      const kept = left === 0 || outcome.refused !== null ? null : `leaves ${left} tensors`;
      const wrong =
        outcome.wrong ??
        kept ??
        (at === 0 && way < target.read.length && outcome.refused !== null ? outcome.refused : null);
      if (wrong !== null) tell({ kind: 'wrong', at, what: `way ${way}: ${wrong}` });
      counts[outcome.refused === null ? 'read' : 'refused']++;
    }
    await rm(folder, { recursive: true, force: true });
    const took = performance.now() - started;
    if (took > counts.slow) Object.assign(counts, { slow: took, slowest: at });
  }
  tell({ kind: 'done', ...counts, rss: process.resourceUsage().maxRSS * 1024 });
}

function packed(target: Target, parts: Parts, scratch: string): Promise<Parts> | Parts {
  return target.pack === undefined ? parts : target.pack(parts, scratch);
}

async function mutated(target: Target, good: Parts, chance: Chance, scratch: string): Promise<Parts> {
  if (target.pack !== undefined && chance.below(3) > 0)
    return changeOne(await packed(target, good, scratch), chance);
  return packed(target, changeOne(good, chance), scratch);
}

function changeOne(parts: Parts, chance: Chance): Parts {
  const name = chance.pick(Object.keys(parts));
  const bytes = parts[name]!;
  const json = name.endsWith('.json') && chance.below(4) > 0;
  const changed = json
    ? Buffer.from(mutateJson(JSON.parse(Buffer.from(bytes).toString()), chance))
    : mutateBytes(bytes, chance);
  return { ...parts, [name]: changed };
}

async function write(parts: Parts, folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(parts)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

async function tried(
  read: () => Promise<unknown>,
): Promise<{ refused: string | null; wrong: string | null }> {
  try {
    await read();
    return { refused: null, wrong: null };
  } catch (error) {
    if (!(error instanceof Failure)) {
      return { refused: '', wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    return { refused: error.message, wrong: badSentence(error.message) };
  }
}

/** What is wrong with a sentence for people. */
function badSentence(sentence: string): string | null {
  const isPlain = /^[^\n\r]+[.…]$/.test(sentence) && !/undefined|\[object|    at /.test(sentence);
  return isPlain && sentence.length <= 700 ? null : `says: ${sentence.slice(0, 1000)}`;
}

function tell(news: FuzzNews): void {
  process.send!(news);
}

async function main(): Promise<void> {
  await setBackend('cpu');
  const scratch = await mkdtemp(join(tmpdir(), 'neuron-deletion-fuzz-'));
  process.on('message', (order: FuzzOrder) => {
    void carryOut(order, scratch).catch((error: unknown) => {
      tell({ kind: 'wrong', at: -1, what: String(error instanceof Error ? error.stack : error) });
      process.exit(1);
    });
  });
  process.once('disconnect', () => {
    void rm(scratch, { recursive: true, force: true }).finally(() => process.exit(0));
  });
}

void main();
