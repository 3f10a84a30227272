import type { Operation } from '../../../core/network/network';
import { mergeBias, mergeSequence } from './merging';
import type { NodeCall } from './nodeCall';

/** The operations of a graph, in the order in which they are run. */
export class OperationList {
  private readonly made = new Map<string, Operation>();
  private readonly once = new Set<string>();

  get all(): Operation[] {
    return [...this.made.values()];
  }

  get(id: string | null | undefined): Operation | undefined {
    return this.made.get(id ?? '');
  }

  /** Adds an operation as it is. */
  push(operation: Operation): void {
    this.made.set(operation.id, operation);
  }

  /**
   * Adds an operation, in the place of those before it that are a part of it: a linear operation of its bias, for one.
   * @param readOnce does a single node read it?
   */
  add(operation: Operation, call: NodeCall, readOnce: boolean): void {
    const before = this.readOnce(operation.inputs[0]);
    const first = this.readOnce(before?.inputs[0]);
    const biased = before && mergeBias(before, operation, call);
    const sequence = before && first && mergeSequence(first, before, operation, call);
    if (biased ?? sequence) this.made.delete(before!.id);
    if (biased === null && sequence !== null) this.made.delete(first!.id);
    this.push(biased ?? sequence ?? operation);
    if (readOnce) this.once.add(operation.id);
  }

  private readOnce(id: string | undefined): Operation | null {
    return (this.once.has(id ?? '') ? this.get(id) : null) ?? null;
  }
}
