/**
 * Tells how long a sweep will still take: at first from the estimate made before it, then from what its pieces
 * took, seconds a unit and sample, site by site.
 */
export class SweepTiming {
  private readonly seconds: Float64Array;
  private readonly done: Float64Array;
  private readonly left: Float64Array;

  private readonly expected: Float64Array;

  /**
   * @param work units × samples to do of each site
   * @param estimate seconds that each site is expected to take
   */
  constructor(work: readonly number[], estimate: Float64Array) {
    this.left = Float64Array.from(work);
    this.expected = estimate.map((seconds, site) => seconds / work[site]!);
    this.seconds = new Float64Array(work.length);
    this.done = new Float64Array(work.length);
  }

  /** Takes note of a finished piece; `seconds` is 0 for one that was found on disk. */
  finished(site: number, work: number, seconds: number): void {
    this.left[site]! -= work;
    if (seconds === 0) return;
    this.seconds[site]! += seconds;
    this.done[site]! += work;
  }

  /** Seconds still to go. */
  get secondsLeft(): number {
    return this.left.reduce((left, work, site) => {
      const measured = this.done[site]! > 0;
      return left + work * (measured ? this.seconds[site]! / this.done[site]! : this.expected[site]!);
    }, 0);
  }

  /** Work still to do, units × samples. */
  get workLeft(): number {
    return sum(this.left);
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
