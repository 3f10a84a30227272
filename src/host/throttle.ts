import type { Disposable } from './emitter';

/**
 * Calls `act` at most once every `interval` milliseconds: at once after a pause, otherwise at the end of the
 * interval, so that the last change is never lost.
 */
export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private wanted = false;

  constructor(
    private readonly interval: number,
    private readonly act: () => void,
  ) {}

  /** Something changed. */
  trigger(): void {
    this.wanted = true;
    if (this.timer === undefined) this.run();
  }

  /** Acts now, if anything is waiting. */
  flush(): void {
    if (this.wanted) this.run();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = false;
  }

  private run(): void {
    clearTimeout(this.timer);
    this.wanted = false;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.wanted) this.run();
    }, this.interval);
    this.timer.unref();
    this.act();
  }
}
