import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../../control';
import { elementsOf } from '../../network/cost';
import { operationOf, type Operation } from '../../network/network';
import { cutAfter, type Program } from '../../network/program';
import { cutBlocks, type Block } from './blocks';
import { arithmeticOf, pairsAtOnce } from './cost';
import { OutcomeSheet } from './outcomeSheet';
import { clamped, clampedLoop, keepMask, stackUnits } from './recurrence';
import { changeAt, changingPairs, part } from './siteChange';
import type { SiteContext, Way, WayOutcome, WayTask } from './way';

/**
 * Runs the rest of the network on many units at once, stacked along the batch axis; a recurrent operation's own
 * steps too. Understands no algebra: it serves any network, and as a cross-check of the other ways.
 */
export function stackedWay(context: SiteContext): Way {
  const stacked = new Stacked(context);
  return {
    name: 'stacked',
    measure: (task, control, progress) => stacked.measure(task, control, progress),
    dispose: () => undefined,
  };
}

class Stacked {
  private readonly suffix: Program;
  private readonly operation: Operation;
  /** What the operation's loop reads, if it has one. */
  private readonly before: readonly string[];
  private readonly pairs: number;

  constructor(private readonly context: SiteContext) {
    const { network, site } = context;
    const operation = operationOf(network, site.id);
    this.operation = operation;
    this.suffix = cutAfter(network, site.id).suffix;
    this.before = operation.loop === undefined ? [] : operation.inputs;
    const crossing = [...this.before, ...this.suffix.from].map((id) => operationOf(network, id));
    const own = operation.loop === undefined ? [] : [operation];
    const steps = [...own, ...this.suffix.operations];
    const held = crossing.reduce((sum, each) => sum + elementsOf(each), 0);
    this.pairs = pairsAtOnce(
      4 * (3 * held + mostAlive(this.suffix)),
      steps.reduce((sum, each) => sum + arithmeticOf(each), 1),
      context.workspace,
    );
  }

  async measure(task: WayTask, control: Control, progress: (share: number) => void): Promise<WayOutcome> {
    const { context } = this;
    const sheet = new OutcomeSheet(context, task);
    const replacement = await context.replacement(task.samples, task.draw);
    try {
      const values = await context.tensors([...this.suffix.from, ...this.before], task.samples);
      const change = changeAt(values[0]!, replacement, task.first_unit, task.units);
      const changed = changingPairs(change);
      change.dispose();
      const blocks = cutBlocks(changed, task.samples.length, [0, task.samples.length], this.pairs);
      for (const [index, block] of blocks.entries()) {
        await control.breathe();
        const scores = tidy(() => this.run(block, task, values, replacement));
        sheet.put(block, changed, scores.dataSync<'float32'>());
        scores.dispose();
        progress((index + 1) / blocks.length);
      }
      await control.breathe();
      return sheet.outcome();
    } finally {
      replacement.dispose();
    }
  }

  /** The class scores of a block, `[units · samples, classes]`. */
  private run(block: Block, task: WayTask, values: readonly Tensor[], replacement: Tensor): Tensor {
    const own = (x: Tensor): Tensor => part(x, 0, block.first_sample, block.samples);
    const { length } = block.units;
    const units = block.units.map((unit) => task.first_unit + unit);
    const [site, ...others] = values.slice(0, this.suffix.from.length);
    const ablated =
      this.operation.loop === undefined
        ? clamped(stackUnits(own(site!), length), own(replacement), keepMask(units, this.context.site.units))
        : clampedLoop(
            this.operation,
            values.slice(this.suffix.from.length).map(own),
            own(replacement),
            units,
          );
    return this.suffix.run([ablated, ...others.map((other) => stackUnits(own(other), length))])[0]!;
  }
}

/** Elements that are alive at once while a program runs, at most, and as many again for an operation's own use. */
function mostAlive(program: Program): number {
  let most = 1;
  const sizes = new Map(program.operations.map((operation) => [operation.id, elementsOf(operation)]));
  for (const operation of program.operations) {
    const read = operation.inputs.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
    most = Math.max(most, read + 2 * elementsOf(operation));
  }
  return 2 * most;
}
