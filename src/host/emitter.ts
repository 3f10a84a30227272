/** Something to be let go of; what VS Code calls a disposable. */
export interface Disposable {
  dispose(): void;
}

/** Subscribe to something that happens; the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The sending end of an {@link Event}, for code that must run without VS Code. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // A wrapper, so that the same function may subscribe twice.
    const entry = (value: T): void => listener(value);
    this.listeners.add(entry);
    return { dispose: () => void this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
