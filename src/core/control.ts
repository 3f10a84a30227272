import { Cancelled } from '../protocol/failure';

/** How long to compute before other events get a turn, in milliseconds. */
const TURN = 15;

/**
 * Lets a long computation be cancelled and lets the process answer meanwhile. Call {@link Control.breathe}
 * between steps of some milliseconds.
 */
export class Control {
  private turnBegan = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  /**
   * Gives other events a turn when one is due.
   * @throws Cancelled once the signal is aborted
   */
  async breathe(): Promise<void> {
    if (performance.now() - this.turnBegan >= TURN) {
      await new Promise((resolve) => setImmediate(resolve));
      this.turnBegan = performance.now();
    }
    if (this.signal.aborted) throw new Cancelled();
  }
}
