import type { UnitRef } from '../protocol/study';

/** Steps that can be taken back. */
const MOST = 200;

/** The sets of deleted units, one after another, as undo and redo go through them. */
export class DeletionHistory {
  private past: (readonly UnitRef[])[] = [];
  private future: (readonly UnitRef[])[] = [];

  /** @param present the set it begins with */
  constructor(private present: readonly UnitRef[] = []) {}

  get deleted(): readonly UnitRef[] {
    return this.present;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** Another set takes the place of the present one. */
  set(units: readonly UnitRef[]): void {
    this.past = [...this.past, this.present].slice(-MOST);
    this.future = [];
    this.present = units;
  }

  /** Goes one step back; false where there is none. */
  undo(): boolean {
    const before = this.past.pop();
    if (before === undefined) return false;
    this.future.push(this.present);
    this.present = before;
    return true;
  }

  /** Goes one step on again; false where there is none. */
  redo(): boolean {
    const after = this.future.pop();
    if (after === undefined) return false;
    this.past.push(this.present);
    this.present = after;
    return true;
  }
}
