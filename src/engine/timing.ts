/**
 * Tells how long a sweep will still take, from what its pieces took: seconds a unit and sample, site by site.
 * A site not yet measured is taken to cost what the measured ones do on average.
 */
export class SweepTiming {
  private readonly seconds: Float64Array;
  private readonly done: Float64Array;
  private readonly left: Float64Array;

  /** @param work units × samples to do of each site */
  constructor(work: readonly number[]) {
    this.left = Float64Array.from(work);
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

  /** Seconds still to go; null before the first piece. */
  get secondsLeft(): number | null {
    const total = sum(this.done);
    if (total === 0) return null;
    const average = sum(this.seconds) / total;
    return this.left.reduce((left, work, site) => {
      const rate = this.done[site]! > 0 ? this.seconds[site]! / this.done[site]! : average;
      return left + work * rate;
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
