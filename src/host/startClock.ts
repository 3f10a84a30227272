/** Time by the clock, and of computing, which unlike the clock does not count other programs; milliseconds. */
export interface Spent {
  readonly clock: number;
  readonly processor: number;
}

/** Starts a clock; each call of the result tells what was spent since. */
export function startClock(): () => Spent {
  const clock = performance.now();
  const processor = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(processor);
    return { clock: performance.now() - clock, processor: (user + system) / 1000 };
  };
}

/** What was spent since this extension's code began to run: imported first, it counts all other imports. */
export const sinceLoading = startClock();
