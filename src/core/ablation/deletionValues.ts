import { dispose, keep, type Tensor } from '@tensorflow/tfjs-core';
import { elementsOf } from '../network/cost';
import { operationOf, type Network } from '../network/network';
import { Program, type Substitution } from '../network/program';
import type { Site } from '../network/sites';
import type { Samples } from '../samples';
import { deletionsOf, type SiteDeletion } from './deletions';
import { affectedBy, entryPoints, valuesBefore } from './entryPoints';
import type { PlainForward } from './plainForward';

/** A batch of samples, and what is kept of it. */
export interface ValueBlock {
  /** Place of its first sample among all. */
  readonly from: number;
  /** Indices of its samples, without padding. */
  readonly indices: Int32Array;
  /** Which units of which site are deleted in what is kept: see {@link stateOf}. */
  state: ReadonlyMap<string, string>;
  /** By operation id: of a site its value before clamping, else the operation's output. */
  readonly values: Map<string, Tensor>;
}

/** What the values of a study are computed with. */
interface ValueSource {
  readonly network: Network;
  readonly sites: readonly Site[];
  readonly samples: Samples;
  readonly forward: PlainForward;
  readonly indices: Int32Array;
}

/**
 * Runs a network with sets of units deleted, batch by batch, from the values of the set before: only what depends
 * on the sites that changed is run. Keeps what crosses the cuts of as many sites as the memory allows, those last
 * changed first, then the last in the network; where nothing is kept it runs from the inputs.
 */
export class DeletionValues {
  readonly blocks: readonly ValueBlock[];
  /** By the ids they start from. */
  private readonly programs = new Map<string, Program>();
  /** The sites that are clamped once they are computed: all but the recurrent. */
  private readonly clampedAfter: ReadonlySet<string>;
  /** Sites with what to keep for them, by how soon they are likely to change again. */
  private wanted: readonly { readonly id: string; readonly values: readonly string[] }[];
  /** Bytes of what is kept. */
  private used = 0;

  /** @param memory bytes that the kept values may take */
  constructor(
    private readonly source: ValueSource,
    private readonly memory: number,
  ) {
    const { indices, forward, sites } = source;
    const count = Math.ceil(indices.length / forward.batch);
    this.blocks = Array.from({ length: count }, (_, b) => ({
      from: b * forward.batch,
      indices: indices.slice(b * forward.batch, (b + 1) * forward.batch),
      state: new Map<string, string>(),
      values: new Map<string, Tensor>(),
    }));
    const feeding = sites.filter((site) => site.feeds).reverse();
    this.wanted = feeding.map((site) => ({ id: site.id, values: valuesBefore(source.network, site) }));
    const isRecurrent = ({ id }: Site): boolean => operationOf(source.network, id).loop !== undefined;
    this.clampedAfter = new Set(sites.filter((site) => !isRecurrent(site)).map(({ id }) => id));
  }

  /**
   * Gives the class scores of a block, the padding's too: `[batch, width]`.
   * @param draw which donors
   */
  async scores(block: ValueBlock, deletions: readonly SiteDeletion[], draw: number): Promise<Float32Array> {
    const { network, forward, samples } = this.source;
    const keeping = this.moveTo(block, stateOf(deletions, draw));
    const entries = entryPoints(network, ({ id }) => block.values.has(id) || network.inputs.includes(id));
    const program = this.programFor(entries);
    const reached = new Set([...entries, ...program.operations.map(({ id }) => id)]);
    const needed = deletions.filter(({ site }) => reached.has(site.id));
    const batch = { samples: forward.padded(block.indices), from: 0, rows: block.indices.length };
    const changes = await deletionsOf(forward, needed, draw)(batch);
    const found = new Map<string, Tensor>();
    const own: Tensor[] = [];
    const catchValue = (id: string, value: Tensor): void => {
      if (keeping.has(id) && !block.values.has(id)) found.set(id, keep(value.clone()));
    };
    try {
      const isMissing = entries.some((id) => !block.values.has(id));
      const loaded = isMissing ? await samples.load(batch.samples) : [];
      own.push(...loaded);
      const given = entries.map((id) => block.values.get(id) ?? loaded[network.inputs.indexOf(id)]!);
      entries.forEach((id, k) => {
        if (!block.values.has(id)) catchValue(id, given[k]!);
      });
      const [result] = program.run(given, {
        substitute: this.substitutions(changes.map, entries, catchValue),
        observe: ({ id }, output) => {
          if (!this.clampedAfter.has(id)) catchValue(id, output);
        },
      });
      own.push(result!);
      const scores = result!.dataSync<'float32'>();
      this.take(block, found);
      return scores;
    } finally {
      dispose([...own, ...found.values()]);
      changes.dispose();
    }
  }

  /** Frees all values; they are computed anew when needed. */
  dispose(): void {
    for (const block of this.blocks) for (const id of [...block.values.keys()]) this.drop(block, id);
  }

  /** Drops of a block what another set changes, or what is not worth keeping now; gives what is. */
  private moveTo(block: ValueBlock, state: ReadonlyMap<string, string>): ReadonlySet<string> {
    const sites = new Set([...state.keys(), ...block.state.keys()]);
    const changed = new Set([...sites].filter((id) => state.get(id) !== block.state.get(id)));
    const stale = affectedBy(this.source.network, changed);
    const keeping = this.keeping(changed);
    for (const id of [...block.values.keys()]) {
      if (stale.has(id) || !keeping.has(id)) this.drop(block, id);
    }
    block.state = state;
    return keeping;
  }

  /** The values worth keeping, as far as they fit for all blocks. */
  private keeping(changed: ReadonlySet<string>): ReadonlySet<string> {
    const isChanged = ({ id }: { readonly id: string }): boolean => changed.has(id);
    this.wanted = [...this.wanted.filter(isChanged), ...this.wanted.filter((site) => !isChanged(site))];
    const { network, forward } = this.source;
    const samples = this.blocks.length * forward.batch;
    const keeping = new Set<string>();
    let left = this.memory;
    for (const { values } of this.wanted) {
      const more = values.filter((id) => !keeping.has(id));
      const elements = more.reduce((sum, id) => sum + elementsOf(operationOf(network, id)), 0);
      if (4 * samples * elements > left) continue;
      left -= 4 * samples * elements;
      for (const id of more) keeping.add(id);
    }
    return keeping;
  }

  private programFor(entries: readonly string[]): Program {
    const key = entries.join('\n');
    let program = this.programs.get(key);
    if (program === undefined) {
      const { network } = this.source;
      program = new Program(network, entries, [network.head.scores]);
      this.programs.set(key, program);
    }
    return program;
  }

  /**
   * What to put in the place of values, catching those of sites before they are clamped. A recurrent site clamps
   * while it runs: a value of it that is kept is clamped already.
   */
  private substitutions(
    clamps: ReadonlyMap<string, Substitution>,
    entries: readonly string[],
    catchValue: (id: string, value: Tensor) => void,
  ): Map<string, Substitution> {
    const map = new Map(clamps);
    for (const { id } of this.source.sites) {
      const clamp = clamps.get(id);
      if (this.clampedAfter.has(id)) {
        map.set(id, (output, step) => {
          catchValue(id, output);
          return clamp?.(output, step) ?? output;
        });
      } else if (entries.includes(id)) {
        map.delete(id);
      }
    }
    return map;
  }

  /** Takes values over as far as they fit: free sizes may have been taken for smaller. */
  private take(block: ValueBlock, found: Map<string, Tensor>): void {
    for (const [id, value] of found) {
      if (this.used + 4 * value.size > this.memory) continue;
      this.used += 4 * value.size;
      block.values.set(id, value);
      found.delete(id);
    }
  }

  private drop(block: ValueBlock, id: string): void {
    const value = block.values.get(id);
    if (value === undefined) return;
    this.used -= 4 * value.size;
    value.dispose();
    block.values.delete(id);
  }
}

/** Which units of which site are deleted, by site id, as a text; and with whose activations, where it matters. */
export function stateOf(deletions: readonly SiteDeletion[], draw: number): Map<string, string> {
  return new Map(
    deletions.map(({ site, clamp, mask }) => {
      const units = [...mask.keys()].filter((unit) => mask[unit] !== 0).join();
      return [site.id, clamp.kind === 'donors' ? `${units}/${String(draw)}` : units];
    }),
  );
}
