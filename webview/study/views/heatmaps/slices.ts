import type { Stepwise } from '../../../../src/pictures/gridClusters';

/** Milliseconds of work between two chances for the page to answer its user. */
const SLICE = 12;

/**
 * Does interruptible work in the background of the page.
 * @returns what stops it
 */
export function inSlices<Result>(work: Stepwise<Result>, done: (result: Result) => void): () => void {
  let stopped = false;
  const goOn = (): void => {
    if (stopped) return;
    const end = performance.now() + SLICE;
    let step = work.next();
    while (step.done !== true && performance.now() < end) step = work.next();
    if (step.done === true) done(step.value);
    else setTimeout(goOn, 0);
  };
  setTimeout(goOn, 0);
  return () => (stopped = true);
}
