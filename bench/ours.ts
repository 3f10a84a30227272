import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planSite } from '../src/core/ablation/ways/plan';
import { elementsOf } from '../src/core/network/cost';
import type { Network } from '../src/core/network/network';
import { findSites, type Site } from '../src/core/network/sites';
import { defaultNativeFolders } from '../src/engine/backend';
import { Session } from '../src/engine/session';
import { readModel } from '../src/formats/models/readModel';
import type { AnalyzeEvent } from '../src/protocol/engine';
import type { RunRecord } from '../src/protocol/run';
import type { StudySpec } from '../src/protocol/study';
import type { UnitTable } from '../src/protocol/units';
import { forwardOperations, siteOperations } from './arithmetic';
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
  /** From the beginning of the sweep; `record.estimate` is what the engine took it to be before. */
  readonly sweep_s: number;
  readonly record: RunRecord;
  readonly table: UnitTable;
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
  const of = (key: 'seconds' | 'seconds_with_reading' | 'first_map_s' | 'sweep_s'): number =>
    median(runs.map((run) => run[key]));
  const { record, table } = runs.at(-1)!;
  session.dispose();
  return {
    seconds: of('seconds'),
    seconds_with_reading: of('seconds_with_reading'),
    first_map_s: of('first_map_s'),
    sweep_s: of('sweep_s'),
    estimate_s: record.estimate,
    runs: runs.map(({ seconds }) => seconds),
    peak_rss_mb: peak,
    backend: record.backend,
    samples: record.baseline.samples,
    accuracy: record.baseline.accuracy,
    correct: [...table.columns.ablated_correct],
    near_ties: record.near_ties.pairs,
    ...(await arithmeticOf(task.model, record, table)),
  };
}

/** What the sweep needs, counted from the network. */
async function arithmeticOf(
  model: string,
  { baseline, sites, ways }: RunRecord,
  { columns }: UnitTable,
): Promise<Pick<OursResult, 'sites' | 'forward_flop' | 'activation_bytes'>> {
  const { network } = await readModel(model);
  try {
    const found = findSites(network).sites;
    let row = 0;
    const activity = sites.map(({ units }) => [...columns.active_fraction.subarray(row, (row += units))]);
    const counted = sites.map(({ name, units }, k) => {
      const site = found.find((each) => each.name === name)!;
      const next = nextActivity(network, site, (id) => {
        const at = sites.findIndex((each) => each.name === found.find((site) => site.id === id)?.name);
        return activity[at];
      });
      const way = ways[name] ?? 'none';
      const shares = { samples: baseline.samples, site: activity[k]!, next };
      return { name, units, way, flop: siteOperations(network, site, way, shares) };
    });
    const elements = network.operations.reduce((sum, operation) => sum + elementsOf(operation), 0);
    return {
      sites: counted,
      forward_flop: forwardOperations(network),
      activation_bytes: elements * 4 * baseline.samples,
    };
  } finally {
    network.dispose();
  }
}

/** Mean share of the units that are active in a dense layer that alone follows a site; 1 where none does. */
function nextActivity(
  network: Network,
  site: Site,
  activityOf: (id: string) => readonly number[] | undefined,
): number {
  const { rest } = planSite(network, site);
  const shares =
    rest.kind === 'hidden' && rest.mixing.algebra.kind === 'dense' ? activityOf(rest.activation) : undefined;
  return shares === undefined ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
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
    const { finished: end } = seen;
    if (result.kind !== 'complete') throw new Error(`The analysis ended as ${result.kind}.`);
    const { table } = await session.readRun(directory);
    return {
      seconds: end - seen.opened,
      seconds_with_reading: end,
      first_map_s: seen.firstMap,
      sweep_s: end - seen.swept,
      record: result.record,
      table,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Notes when what happened, in seconds since the request. */
class Stopwatch {
  opened = NaN;
  firstMap = NaN;
  swept = NaN;
  /** The tables are on disk. */
  finished = NaN;
  private rows = new Uint8Array(0);
  private readonly began = performance.now();

  now(): number {
    return (performance.now() - this.began) / 1000;
  }

  take(event: AnalyzeEvent): void {
    if (event.event === 'progress') {
      const { phase } = event.progress;
      if (phase === 'preprocessing' && Number.isNaN(this.opened)) this.opened = this.now();
      if (phase === 'sweep' && Number.isNaN(this.swept)) this.swept = this.now();
    } else if (event.event === 'record') {
      const units = event.record.sites.reduce((sum, site) => sum + site.units, 0);
      if (this.rows.length === 0) this.rows = new Uint8Array(units);
      if (event.record.status === 'complete') this.finished = this.now();
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
