import { dispose, keep, reshape, sub, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../../control';
import { operationOf, type Operation } from '../../network/network';
import { cutBlocks, type Block } from './blocks';
import { channelChange } from './deltaChannel';
import { deltaBudget, type DeltaBudget } from './deltaBudget';
import { fullChange, scoresOf, type BlockView } from './deltaFull';
import { DeltaKernels } from './deltaKernels';
import { pick, spreadOut, type ChannelBlock } from './deltaMixing';
import { planDelta, type ChannelState, type DeltaPlan } from './deltaPlan';
import { settled, type Full } from './layout';
import { OutcomeSheet } from './outcomeSheet';
import { clampedLoop } from './recurrence';
import { changeAt, changingPairs, part } from './siteChange';
import type { SiteContext, Way, WayOutcome, WayTask } from './way';

/**
 * Carries the change of a unit through the network instead of its value: in its own channel as long as that goes,
 * for all units at once, then for every pair. Linear operations take the change alone; Winograd's algorithm
 * rounds only the change. What has no known algebra is run on the values themselves.
 */
export function deltaWay(context: SiteContext): Way {
  const delta = new Delta(context);
  return {
    name: 'delta',
    measure: (task, control, progress) => delta.measure(task, control, progress),
    dispose: () => {
      delta.dispose();
    },
  };
}

/** The values of a run of samples, changed and unablated. */
interface Range {
  readonly task: WayTask;
  readonly replacement: Tensor;
  /** By id, `[samples of the range, …]`. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** Changes at the exits, by id. */
  readonly exits: ReadonlyMap<string, Tensor>;
  readonly first_sample: number;
}

class Delta {
  private readonly plan: DeltaPlan;
  private readonly kernels = new DeltaKernels();
  private readonly budget: DeltaBudget;
  private readonly operation: Operation;
  private readonly ids: readonly string[];

  constructor(private readonly context: SiteContext) {
    const { network, site } = context;
    this.operation = operationOf(network, site.id);
    this.plan = planDelta(network, site.id);
    this.budget = deltaBudget(network, site.id, this.plan, context.workspace);
    const loopInputs = this.operation.loop === undefined ? [] : this.operation.inputs;
    this.ids = [...new Set([site.id, ...this.plan.baselines, ...loopInputs])];
  }

  dispose(): void {
    this.kernels.dispose();
  }

  async measure(task: WayTask, control: Control, progress: (share: number) => void): Promise<WayOutcome> {
    const { samples } = task;
    const sheet = new OutcomeSheet(this.context, task);
    const replacement = await this.context.replacement(samples, task.draw);
    try {
      const tensors = await this.context.tensors(this.ids, samples);
      const atOnce = Math.min(samples.length, this.budget.samples);
      for (let first = 0; first < samples.length; first += atOnce) {
        const size = Math.min(atOnce, samples.length - first);
        await this.measureRange(task, tensors, replacement, [first, size], sheet, control, (share) => {
          progress((first + share * size) / samples.length);
        });
      }
      return sheet.outcome();
    } finally {
      replacement.dispose();
    }
  }

  private async measureRange(
    task: WayTask,
    tensors: readonly Tensor[],
    replacement: Tensor,
    [first, size]: readonly [number, number],
    sheet: OutcomeSheet,
    control: Control,
    progress: (share: number) => void,
  ): Promise<void> {
    const own = tidy(() => tensors.map((each) => keep(part(each, 0, first, size).clone())));
    const values = new Map(this.ids.map((id, index) => [id, own[index]!]));
    const given = tidy(() => part(replacement, 0, first, size).clone());
    const exits = new Map<string, Tensor>();
    try {
      await control.breathe();
      const changed = new Uint8Array(task.units * task.samples.length);
      this.runChannelwise(task, values, given, exits, (change, multiplier) => {
        const pairs = changingPairs(change);
        for (let row = 0; row < pairs.length / size; row++) {
          const unit = Math.floor(row / multiplier);
          for (let n = 0; n < size; n++) {
            if (pairs[row * size + n] === 1) changed[unit * task.samples.length + first + n] = 1;
          }
        }
      });
      const blocks = cutBlocks(changed, task.samples.length, [first, first + size], this.budget.pairs);
      const range: Range = { task, replacement: given, values, exits, first_sample: first };
      for (const [index, block] of blocks.entries()) {
        await control.breathe();
        const scores = tidy(() => this.runBlock(block, range));
        sheet.put(block, changed, scores.dataSync<'float32'>());
        scores.dispose();
        progress((index + 1) / blocks.length);
      }
      await control.breathe();
    } finally {
      dispose([...own, given, ...exits.values()]);
    }
  }

  /**
   * Runs the channel-wise nodes for all units of the task.
   * @param exits filled with the changes that the other nodes read
   * @param note called with each change from which pairs are seen not to change
   */
  private runChannelwise(
    task: WayTask,
    values: ReadonlyMap<string, Tensor>,
    replacement: Tensor,
    exits: Map<string, Tensor>,
    note: (change: Tensor, multiplier: number) => void,
  ): void {
    const { plan, context } = this;
    const site = values.get(context.site.id)!;
    const atSite = changeAt(site, replacement, task.first_unit, task.units);
    const changes = new Map([[context.site.id, atSite]]);
    try {
      for (const node of plan.channelwise) {
        const made = tidy(() =>
          channelChange(node, {
            change: (id) => changes.get(id) ?? null,
            value: (id) => values.get(id)!,
            channels: (id) => {
              const { offset, multiplier } = this.channelState(id)!;
              return [offset + task.first_unit * multiplier, task.units * multiplier];
            },
          }),
        );
        changes.set(node.id, made);
        for (const id of node.release) take(changes, id)?.dispose();
      }
      if (plan.exits.length === 0) note(atSite, 1);
      for (const id of plan.exits) {
        const change = take(changes, id)!;
        exits.set(id, change);
        note(change, this.channelState(id)!.multiplier);
      }
    } finally {
      dispose([...changes.values()]);
    }
  }

  private runBlock(block: Block, range: Range): Tensor {
    const { plan, context } = this;
    const { network, site } = context;
    const made = new Map<string, Full>();
    const view = this.viewOf(block, range, made);
    if (!view.changes(network.head.scores)) {
      throw new Error(`The class scores do not depend on ${site.id}`);
    }
    if (this.operation.loop !== undefined) {
      made.set(site.id, this.atLoop(block, range));
    }
    for (const node of plan.mixed) {
      tidy(() => {
        const full = fullChange(node, view, this.kernels);
        made.set(node.id, full);
        return tensorsOf(full);
      });
      for (const id of node.release) {
        const old = made.get(id);
        made.delete(id);
        const used = new Set([...made.values()].flatMap(tensorsOf));
        if (old !== undefined) dispose(tensorsOf(old).filter((tensor) => !used.has(tensor)));
      }
    }
    const { scores } = network.head;
    return scoresOf(view.full(scores), view.value(scores), view);
  }

  /** The change of a recurrent operation's states, for all pairs. */
  private atLoop(block: Block, range: Range): Full {
    const { units, samples } = { units: block.units.length, samples: block.samples };
    const from = block.first_sample - range.first_sample;
    const value = part(range.values.get(this.operation.id)!, 0, from, samples);
    const states = clampedLoop(
      this.operation,
      this.operation.inputs.map((id) => part(range.values.get(id)!, 0, from, samples)),
      part(range.replacement, 0, from, samples),
      block.units.map((unit) => range.task.first_unit + unit),
    );
    const change = sub(reshape(states, [units, -1]), reshape(value, [1, -1]));
    return { value: reshape(change, states.shape), layout: 'batch' };
  }

  private viewOf(block: Block, range: Range, made: ReadonlyMap<string, Full>): BlockView {
    const from = block.first_sample - range.first_sample;
    const { spread } = this.plan;
    const width = (id: string): number => range.values.get(id)?.shape.at(-1) ?? this.widthOf(id);
    const channels = (id: string): { block: ChannelBlock; flat: boolean } | null => {
      const state = this.channelState(id);
      return state === null ? null : { block: this.channelsOf(id, state, block, range), flat: state.flat };
    };
    const unsettled = (id: string): Full => {
      const own = channels(id);
      if (own === null) return made.get(id)!;
      const places = own.block.change.shape.slice(2).reduce((n, size) => n * size, 1);
      const out = spreadOut(own.block, own.flat ? width(id) / places : width(id));
      return { value: own.flat ? reshape(out, [out.shape[0], -1]) : out, layout: 'batch' };
    };
    return {
      units: block.units.length,
      samples: block.samples,
      changes: (id) => spread.has(id),
      channels,
      full: (id) => settled(unsettled(id)),
      unsettled,
      value: (id) => part(range.values.get(id)!, 0, from, block.samples),
      width,
      winograd: (node) => this.budget.winograd.has(node.id),
    };
  }

  /** The changes of a block's units at an exit. */
  private channelsOf(id: string, state: ChannelState, block: Block, range: Range): ChannelBlock {
    const { offset, multiplier } = state;
    const rows = new Int32Array(block.units.length * multiplier);
    block.units.forEach((unit, row) => {
      for (let k = 0; k < multiplier; k++) rows[row * multiplier + k] = unit * multiplier + k;
    });
    const change = part(range.exits.get(id)!, 0, block.first_sample - range.first_sample, block.samples);
    const last = change.shape.length - 1;
    const order = [last, ...Array.from({ length: last }, (_, axis) => axis)];
    return {
      change: transpose(pick(change, last, rows), order),
      units: block.units.length,
      samples: block.samples,
      channels: rows.map((row) => offset + range.task.first_unit * multiplier + row),
    };
  }

  private channelState(id: string): ChannelState | null {
    const state = this.plan.spread.get(id);
    return state?.kind === 'channel' ? state : null;
  }

  private widthOf(id: string): number {
    return operationOf(this.context.network, id).shape.at(-1) ?? NaN;
  }
}

function tensorsOf({ value, less }: Full): Tensor[] {
  return less === undefined ? [value] : [value, less];
}

/** Takes an entry out. */
function take(from: Map<string, Tensor>, id: string): Tensor | undefined {
  const tensor = from.get(id);
  from.delete(id);
  return tensor;
}
