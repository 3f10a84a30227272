/** When this extension's code began to run; imported first, so that loading everything else is counted. */
export const loadingBegan = performance.now();

/** Processor time then, as `process.cpuUsage()` gives it: unlike the clock it does not count other programs. */
export const processorThen = process.cpuUsage();
