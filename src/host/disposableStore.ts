import type { Disposable } from './emitter';

/** Base of everything that owns other things: they are disposed with it, the last first. */
export abstract class DisposableStore implements Disposable {
  private readonly owned: Disposable[] = [];
  private ended = false;

  get disposed(): boolean {
    return this.ended;
  }

  dispose(): void {
    if (this.ended) return;
    this.ended = true;
    for (let thing = this.owned.pop(); thing !== undefined; thing = this.owned.pop()) thing.dispose();
  }

  /** Takes over `thing`; at once disposed when this is already gone. */
  protected own<T extends Disposable>(thing: T): T {
    if (this.ended) thing.dispose();
    else this.owned.push(thing);
    return thing;
  }
}
