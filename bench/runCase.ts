import { permutation } from '../src/core/random';
import { CASES, type GrowthCase, type PeerName, type SweepCase } from './cases';
import { runProgram, runPython } from './children';
import { growthOf, type Growth } from './growth';
import type {
  Material,
  MaterialTask,
  OursResult,
  OursTask,
  PeerResult,
  PeerTask,
  Peaks,
  Recipe,
  UnitName,
} from './tasks';

/** How a benchmark is run. */
export interface RunOptions {
  /** Seconds that a peer is measured for, as long as it has units left. */
  readonly peer_seconds: number;
  /** At most so many samples a case; Infinity: as many as it has. */
  readonly samples: number;
  /** Interpreter with PyTorch and Captum, or why there is none. */
  readonly python: { readonly path: string } | { readonly missing: string };
  readonly peaks: Peaks;
  readonly peers: readonly PeerName[];
  readonly say: (text: string) => void;
}

/** What one peer did. */
export interface PeerLine {
  /** Seconds for all units: measured, or the time per unit of those measured times all. */
  readonly seconds: number;
  readonly forward_s: number;
  readonly measured_units: number;
  /** Units of those measured whose number of right samples is another than ours, and by how much at most. */
  readonly different_units: number;
  readonly largest_difference: number;
  readonly settings: string;
}

/** One case's result; the fields up to `peak_rss_mb` are those of design.md. */
export interface CaseLine {
  readonly case: string;
  readonly ours_s: number;
  readonly peers: Record<string, number>;
  readonly ratios: Record<string, number>;
  /** Null where nothing was counted. */
  readonly share_of_peak: number | null;
  readonly first_map_s: number | null;
  readonly peak_rss_mb: number;
  readonly ours?: Omit<OursResult, 'correct'>;
  readonly units?: number;
  readonly images?: string;
  readonly gflop?: number;
  readonly gflop_per_s?: number;
  /** The rate as a share of what WebAssembly kernels can reach. */
  readonly share_of_wasm_peak?: number;
  readonly peaks?: Peaks;
  readonly peer_details?: Record<string, PeerLine>;
  /** Peers that could not be run, and why. */
  readonly missing?: Record<string, string>;
  readonly growth?: Record<string, Growth>;
}

/** Ours is repeated for so many seconds, and the median taken. */
const OURS_SECONDS = 15;

/** Runs a case by its name. */
export function runCase(name: string, options: RunOptions): Promise<CaseLine> {
  const chosen = CASES[name];
  if (chosen === undefined) throw new Error(`There is no case ${name}.`);
  return chosen.kind === 'growth' ? runGrowth(name, chosen, options) : runSweep(name, chosen, options);
}

async function runSweep(name: string, chosen: SweepCase, options: RunOptions): Promise<CaseLine> {
  const { peaks, say } = options;
  const material = await materialFor(chosen.recipe, Math.min(chosen.samples, options.samples), options);
  say(`${name}: ours`);
  const measured = await runOurs(material, chosen.backend, chosen.sites, null);
  const { correct, ...ours } = measured;
  const units: UnitName[] = ours.sites.flatMap(({ name, units }) =>
    Array.from({ length: units }, (_, unit) => [name, unit] as const),
  );
  const peer_details: Record<string, PeerLine> = {};
  const missing: Record<string, string> = {};
  const order = permutation(units.length, chosen.recipe.seed);
  for (const peer of chosen.peers) {
    if (!options.peers.includes(peer)) continue;
    say(`${name}: ${peer}`);
    const result = await runPeer(peer, options, {
      model: material.model,
      data: material.data,
      order: Array.from(order, (row) => units[row]!),
      seconds: options.peer_seconds,
      threads: peaks.threads,
    });
    if (typeof result === 'string') missing[peer] = result;
    else peer_details[peer] = peerLine(result, order, correct);
  }
  const flop = ours.sites.reduce((sum, site) => sum + site.flop, 0) + ours.forward_flop * ours.samples;
  const rate = flop / ours.seconds / 1e9;
  const peak = chosen.backend === 'wasm' ? peaks.wasm_kernel : Math.max(peaks.matmul, peaks.convolution);
  const peers = mapValues(peer_details, ({ seconds }) => seconds);
  return {
    case: name,
    ours_s: ours.seconds,
    peers,
    ratios: mapValues(peers, (seconds) => seconds / ours.seconds),
    share_of_peak: rate / peak,
    first_map_s: ours.first_map_s,
    peak_rss_mb: ours.peak_rss_mb,
    ours,
    units: units.length,
    images: material.source,
    gflop: flop / 1e9,
    gflop_per_s: rate,
    share_of_wasm_peak: rate / peaks.wasm_kernel,
    peaks,
    peer_details,
    ...(Object.keys(missing).length === 0 ? {} : { missing }),
  };
}

/** Runs a peer; a sentence where it cannot be run. */
async function runPeer(peer: PeerName, options: RunOptions, task: PeerTask): Promise<PeerResult | string> {
  if (peer === 'tfjs-node') return runProgram<PeerResult>('peerTfjs.ts', task);
  if ('missing' in options.python) return options.python.missing;
  const program = peer === 'captum' ? 'ablation.py' : 'hook.py';
  return runPython<PeerResult>(options.python.path, program, task);
}

/**
 * @param order rows of the units in the order in which the peer measured them
 * @param correct ours, by row
 */
function peerLine(result: PeerResult, order: Int32Array, correct: readonly number[]): PeerLine {
  const differences = result.correct.map((count, at) => Math.abs(count - correct[order[at]!]!));
  return {
    seconds: result.seconds_per_unit * order.length,
    forward_s: result.forward_s,
    measured_units: result.correct.length,
    different_units: differences.filter((difference) => difference > 0).length,
    largest_difference: Math.max(...differences),
    settings: result.settings,
  };
}

async function runGrowth(name: string, chosen: GrowthCase, options: RunOptions): Promise<CaseLine> {
  const growth: Record<string, Growth> = {};
  let [longest, peak] = [0, 0];
  for (const series of chosen.series) {
    const seconds: number[] = [];
    for (const { size, recipe, samples, sites } of series.steps) {
      const material = await materialFor(
        recipe,
        Math.max(...series.steps.map((step) => step.samples)),
        options,
      );
      options.say(`${name}: ${size} ${series.name}`);
      const ours = await runOurs(material, 'tfjs-node', sites, samples);
      seconds.push(ours.seconds);
      [longest, peak] = [Math.max(longest, ours.seconds), Math.max(peak, ours.peak_rss_mb)];
    }
    growth[series.name] = growthOf(
      series.steps.map(({ size }) => size),
      seconds,
    );
  }
  return {
    case: name,
    ours_s: longest,
    peers: {},
    ratios: {},
    share_of_peak: null,
    first_map_s: null,
    peak_rss_mb: peak,
    growth,
  };
}

function materialFor(recipe: Recipe, samples: number, { python }: RunOptions): Promise<Material> {
  const interpreter = 'path' in python ? python.path : null;
  const task: MaterialTask = { recipe, samples, python: interpreter };
  return runProgram('makeMaterial.ts', task);
}

function runOurs(
  { model, data }: Material,
  backend: OursTask['backend'],
  sites: readonly string[] | null,
  samples: number | null,
): Promise<OursResult> {
  const task: OursTask = { model, data, backend, sites, samples, seconds: OURS_SECONDS };
  return runProgram('ours.ts', task);
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
