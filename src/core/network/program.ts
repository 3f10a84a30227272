import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Network, Operation } from './network';

/** Called with the output of each operation as it is computed; must neither keep nor dispose it. */
export type Observer = (operation: Operation, output: Tensor) => void;

/**
 * Takes an operation's output, gives what everything after it sees instead (or the same tensor). Of a recurrent
 * operation it takes the state `[batch, units]` of each step, and what it gives is fed back.
 */
export type Substitution = (output: Tensor, step?: number) => Tensor;

export interface RunOptions {
  readonly observe?: Observer;
  /** By operation id. A seeded value is substituted as well. */
  readonly substitute?: ReadonlyMap<string, Substitution>;
}

interface Step {
  readonly operation: Operation;
  /** Ids whose values nothing needs after this step. */
  readonly release: readonly string[];
}

/**
 * A part of a network: from the values of some operations to the values of others, running only what lies
 * between. Values are freed as soon as nothing needs them.
 */
export class Program {
  private readonly steps: readonly Step[];

  /**
   * @param from ids whose values are given
   * @param to ids whose values are wanted
   * @throws Error if a wanted value needs an input that is not given
   */
  constructor(
    network: Network,
    readonly from: readonly string[],
    readonly to: readonly string[],
  ) {
    const given = new Set(from);
    const needed = new Set(to);
    const chosen: Operation[] = [];
    for (const operation of [...network.operations].reverse()) {
      if (!needed.has(operation.id) || given.has(operation.id)) continue;
      if (operation.algebra.kind === 'input') throw new Error(`The value of ${operation.id} is not given`);
      chosen.push(operation);
      for (const input of operation.inputs) needed.add(input);
    }
    chosen.reverse();

    const lastUse = new Map<string, number>();
    chosen.forEach((operation, step) => {
      for (const id of operation.inputs) lastUse.set(id, step);
    });
    const kept = new Set([...from, ...to]);
    this.steps = chosen.map((operation, step) => ({
      operation,
      release: [...lastUse].filter(([id, last]) => last === step && !kept.has(id)).map(([id]) => id),
    }));
  }

  /** The operations it runs, in order. */
  get operations(): readonly Operation[] {
    return this.steps.map((step) => step.operation);
  }

  /**
   * @param inputs values of `from`, in that order; left alone
   * @returns values of `to`, in that order; the caller disposes them (a value that is also given is not new)
   */
  run(inputs: readonly Tensor[], options: RunOptions = {}): Tensor[] {
    const values = new Map<string, Tensor>();
    const own = new Set<Tensor>();
    try {
      this.from.forEach((id, index) => {
        const value = this.inputAt(inputs, index);
        values.set(id, this.substituted(id, value, own, options));
      });
      for (const { operation, release } of this.steps) {
        const read = operation.inputs.map((id) => valueOf(values, id));
        const { loop } = operation;
        const inside = loop === undefined ? undefined : options.substitute?.get(operation.id);
        const output = tidy(() => {
          const result =
            loop === undefined || inside === undefined ? operation.run(read) : loop(read, inside);
          return read.includes(result) ? result.clone() : result;
        });
        own.add(output);
        const seen = inside === undefined ? this.substituted(operation.id, output, own, options) : output;
        if (seen !== output) free(output, own);
        options.observe?.(operation, seen);
        values.set(operation.id, seen);
        for (const id of release) free(valueOf(values, id), own);
      }
      const results = this.to.map((id) => valueOf(values, id));
      for (const result of results) own.delete(result);
      return results;
    } finally {
      for (const tensor of own) tensor.dispose();
    }
  }

  private inputAt(inputs: readonly Tensor[], index: number): Tensor {
    const value = inputs[index];
    if (value === undefined) throw new Error(`No value for ${this.from[index] ?? index}`);
    return value;
  }

  private substituted(id: string, value: Tensor, own: Set<Tensor>, options: RunOptions): Tensor {
    const substitution = options.substitute?.get(id);
    if (substitution === undefined) return value;
    const replaced = tidy(() => substitution(value));
    if (replaced !== value) own.add(replaced);
    return replaced;
  }
}

function valueOf(values: ReadonlyMap<string, Tensor>, id: string): Tensor {
  const value = values.get(id);
  if (value === undefined) throw new Error(`The value of ${id} was not computed`);
  return value;
}

function free(tensor: Tensor, own: Set<Tensor>): void {
  if (own.delete(tensor)) tensor.dispose();
}

/** A site's cut through the network: what runs once, and what runs again for every unit. */
export interface Cut {
  /** From the network's inputs to every value that crosses the cut; `prefix.to` and `suffix.from` agree. */
  readonly prefix: Program;
  /** From those values to the class scores. The site's own value is the first of them. */
  readonly suffix: Program;
}

/**
 * Cuts a network right after an operation. Everything that does not depend on it is before the cut; all
 * tensors that are read across it (residual connections too) cross it.
 */
export function cutAfter(network: Network, id: string): Cut {
  const after = new Set([id]);
  for (const operation of network.operations) {
    if (operation.inputs.some((input) => after.has(input))) after.add(operation.id);
  }
  after.delete(id);
  const scores = network.head.scores;
  const full = new Program(network, network.inputs, [scores]);
  const crossing = new Set([id]);
  for (const operation of full.operations) {
    if (!after.has(operation.id)) continue;
    for (const input of operation.inputs) if (!after.has(input)) crossing.add(input);
  }
  const cut = [...crossing];
  return { prefix: new Program(network, network.inputs, cut), suffix: new Program(network, cut, [scores]) };
}
