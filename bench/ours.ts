import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { elementsOf } from '../src/core/network/cost';
import { defaultNativeFolders } from '../src/engine/backend';
import { Session } from '../src/engine/session';
import { readModel } from '../src/formats/models/readModel';
import type { AnalyzeEvent } from '../src/protocol/engine';
import type { RunRecord } from '../src/protocol/run';
import type { StudySpec } from '../src/protocol/study';
import { forwardOperations, sweepArithmetic } from './arithmetic';
import { answer, median, startBackend } from './program';
import type { OursResult, OursTask } from './tasks';

/** Samples of the first analysis, which only warms the engine up. */
const WARM_UP_SAMPLES = 128;
const MOST_RUNS = 5;

/** One analysis: seconds, by what they are counted from (tasks.ts), and its tables. */
interface Timed {
  readonly seconds: number;
  readonly seconds_with_reading: number;
  readonly first_map_s: number;
  readonly estimate_s: number | null;
  readonly record: RunRecord;
  readonly correct: readonly number[];
}

/** Our engine on a case, in this process, which does nothing else before its peak memory is read. */
async function measure(task: OursTask): Promise<OursResult> {
  await startBackend(task.backend);
  const session = new Session({
    backend: task.backend,
    native: defaultNativeFolders(),
    log: () => undefined,
  });
  const spec: StudySpec = {
    model: task.model,
    data: `${task.data}#x`,
    labels: `${task.data}#y`,
    scale: '0..1',
    operator: 'zero',
    seed: 1,
    ...(task.sites === null ? {} : { sites: task.sites }),
    ...(task.samples === null ? {} : { samples: task.samples }),
  };
  await analyse(session, { ...spec, samples: Math.min(task.samples ?? WARM_UP_SAMPLES, WARM_UP_SAMPLES) });
  const runs: Timed[] = [];
  const began = performance.now();
  do runs.push(await analyse(session, spec));
  while (runs.length < MOST_RUNS && performance.now() - began < task.seconds * 1000);
  const peak = process.resourceUsage().maxRSS / 1024;
  const of = (key: 'seconds' | 'seconds_with_reading' | 'first_map_s'): number =>
    median(runs.map((run) => run[key]));
  const { record, correct, estimate_s } = runs.at(-1)!;
  session.dispose();
  return {
    seconds: of('seconds'),
    seconds_with_reading: of('seconds_with_reading'),
    first_map_s: of('first_map_s'),
    estimate_s,
    runs: runs.map(({ seconds }) => seconds),
    peak_rss_mb: peak,
    backend: record.backend,
    samples: record.baseline.samples,
    accuracy: record.baseline.accuracy,
    correct,
    near_ties: record.near_ties.pairs,
    ...(await arithmeticOf(task.model, record)),
  };
}

/** What the sweep needs, counted from the network. */
async function arithmeticOf(
  model: string,
  { sites, baseline }: RunRecord,
): Promise<Pick<OursResult, 'sites' | 'forward_flop' | 'activation_bytes'>> {
  const { network } = await readModel(model);
  try {
    const names = sites.map(({ name }) => name);
    const elements = network.operations.reduce((sum, operation) => sum + elementsOf(operation), 0);
    return {
      sites: sweepArithmetic(network, names, baseline.samples),
      forward_flop: forwardOperations(network),
      activation_bytes: elements * 4 * baseline.samples,
    };
  } finally {
    network.dispose();
  }
}

async function analyse(session: Session, spec: StudySpec): Promise<Timed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'neuron-deletion-bench-'));
  const directory = path.join(folder, 'run');
  const seen = new Stopwatch();
  try {
    const result = await session.analyze(
      { spec, directory, accept_chance: true },
      (event) => seen.take(event),
      new AbortController().signal,
    );
    const end = seen.now();
    if (result.kind !== 'complete') throw new Error(`The analysis ended as ${result.kind}.`);
    const { table } = await session.readRun(directory);
    return {
      seconds: end - seen.opened,
      seconds_with_reading: end,
      first_map_s: seen.firstMap,
      estimate_s: seen.estimate,
      record: result.record,
      correct: [...table.columns.ablated_correct],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Notes when what happened, in seconds since the request. */
class Stopwatch {
  opened = NaN;
  firstMap = NaN;
  estimate: number | null = null;
  private rows = new Uint8Array(0);
  private readonly began = performance.now();

  now(): number {
    return (performance.now() - this.began) / 1000;
  }

  take(event: AnalyzeEvent): void {
    if (event.event === 'progress') {
      const { phase, seconds_left } = event.progress;
      if (phase === 'preprocessing' && Number.isNaN(this.opened)) this.opened = this.now();
      if (this.estimate === null && seconds_left !== null) {
        this.estimate = this.now() - this.opened + seconds_left;
      }
    } else if (event.event === 'record') {
      const units = event.record.sites.reduce((sum, site) => sum + site.units, 0);
      if (this.rows.length === 0) this.rows = new Uint8Array(units);
    } else if (Number.isNaN(this.firstMap)) {
      const { n } = event.rows.columns;
      n.forEach((samples, row) => {
        if (samples > 0) this.rows[event.from + row] = 1;
      });
      if (this.rows.every((row) => row === 1)) this.firstMap = this.now();
    }
  }
}

answer(measure);
