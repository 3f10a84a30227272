/**
 * What was used last, up to a total weight: the least recently used goes first. The newest entry stays even when it
 * alone weighs more.
 */
export class Recent<Value> {
  /** In the order of use, the latest last. */
  private readonly entries = new Map<string, { readonly value: Value; readonly weight: number }>();
  private total = 0;

  /** @param limit of the sum of all weights, in the unit of the weights */
  constructor(private readonly limit: number) {}

  /** The entry of a key, which is thereby the latest used. */
  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, weight: number): void {
    this.total += weight - (this.entries.get(key)?.weight ?? 0);
    this.entries.delete(key);
    this.entries.set(key, { value, weight });
    for (const [oldest, entry] of this.entries) {
      if (this.total <= this.limit || oldest === key) break;
      this.entries.delete(oldest);
      this.total -= entry.weight;
    }
  }
}
