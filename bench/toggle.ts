import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permutation } from '../src/core/random';
import { defaultNativeFolders } from '../src/engine/nativeAddon';
import { DEFAULT_MEMORY_LIMIT } from '../src/engine/resources';
import { EngineProcess } from '../src/host/engineProcess';
import type { RunRecord } from '../src/protocol/run';
import type { UnitRef } from '../src/protocol/study';
import { answer, median } from './program';

/** A network whose units are switched off and on, one after another. */
export interface ToggleTask {
  readonly model: string;
  readonly data: string;
  readonly labels?: string;
  readonly samples: number;
  /** Samples to look at that each answer brings, as the panel asks for them; none when absent. */
  readonly examples?: number;
  readonly backend: 'tfjs-node' | 'wasm';
  /** The engine to time, to compare two; `dist/engine.js` when absent. */
  readonly entry?: string;
  /** Toggles of each site. */
  readonly toggles: number;
}

/** Milliseconds of a toggle, from the request in the host to its answer. */
export interface ToggleResult {
  /** From no study open: model and data are read, the baseline measured. */
  readonly first_ms: number;
  /** Another unit of the site: the set grows. */
  readonly sites: readonly { readonly name: string; readonly median_ms: number; readonly worst_ms: number }[];
  /** A unit of a site drawn anew each time, so that most of what was kept is for another site. */
  readonly mixed: { readonly median_ms: number; readonly worst_ms: number };
  /** A set that was measured before. */
  readonly undo_ms: number;
}

/** Times toggles through the forked engine. */
async function toggle(task: ToggleTask): Promise<ToggleResult> {
  const engine = new EngineProcess(
    () => ({
      entry: task.entry ?? path.join(__dirname, '../dist/engine.js'),
      backend: task.backend,
      native: defaultNativeFolders(),
      memoryLimit: DEFAULT_MEMORY_LIMIT,
    }),
    () => undefined,
  );
  const folder = await mkdtemp(path.join(tmpdir(), 'toggle-'));
  try {
    const record = await recordOf(engine, task, folder);
    let deleted: UnitRef[] = [];
    const examples = task.examples === undefined ? {} : { examples: task.examples };
    const timed = async (next: UnitRef[]): Promise<number> => {
      deleted = next;
      const began = performance.now();
      await engine.request('evaluate', { record, deleted, ...examples });
      return performance.now() - began;
    };
    const orders = record.sites.map(({ units }, k) => permutation(units, k));
    const unitOf = (site: number, n: number): UnitRef => ({
      site: record.sites[site]!.name,
      unit: orders[site]![n % orders[site]!.length]!,
    });
    const first = await timed([unitOf(0, 0)]);
    const sites: ToggleResult['sites'][number][] = [];
    for (const [k, { name, units }] of record.sites.entries()) {
      const times: number[] = [];
      for (let n = 1; n <= Math.min(task.toggles, units - 1); n++)
        times.push(await timed([...deleted, unitOf(k, n)]));
      sites.push({ name, median_ms: median(times), worst_ms: Math.max(...times) });
    }
    const chosen = permutation(task.toggles, 99).map((n) => n % record.sites.length);
    const mixed: number[] = [];
    for (const [n, site] of chosen.entries())
      mixed.push(await timed([...deleted, unitOf(site, task.toggles + 1 + n)]));
    const undo = await timed(deleted.slice(0, -1));
    return {
      first_ms: first,
      sites,
      mixed: { median_ms: median(mixed), worst_ms: Math.max(...mixed) },
      undo_ms: undo,
    };
  } finally {
    engine.dispose();
    await rm(folder, { recursive: true });
  }
}

async function recordOf(engine: EngineProcess, task: ToggleTask, folder: string): Promise<RunRecord> {
  const spec = {
    model: task.model,
    data: task.data,
    ...(task.labels === undefined ? {} : { labels: task.labels }),
    scale: 'auto',
    operator: 'zero',
    measures: [],
    samples: task.samples,
    seed: 1,
  } as const;
  const result = await engine.request('analyze', {
    spec,
    directory: path.join(folder, 'run'),
    accept_chance: true,
  });
  if (result.kind !== 'complete') throw new Error(`The analysis ended as ${result.kind}`);
  return result.record;
}

answer(toggle);
