/** When this extension's code began to run; imported first, so that loading everything else is counted. */
export const loadingBegan = performance.now();
