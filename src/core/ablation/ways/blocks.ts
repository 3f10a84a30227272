/** Some units on some neighbouring samples of a task, run at once; as indices into the task. */
export interface Block {
  readonly units: Int32Array;
  readonly first_sample: number;
  readonly samples: number;
}

/** How many samples go into one block of so many pairs: as few as leave room for all units. */
export function samplesAtOnce(units: number, samples: number, pairs: number): number {
  return Math.max(1, Math.min(samples, Math.floor(pairs / units)));
}

/**
 * Cuts a run of samples into blocks that hold the units that change on any of a block's samples.
 * @param changed `[units, samples]` of the task, 1 where the pair changes
 * @param samples samples of the task
 * @param range the samples to be cut up, from the first to before the second
 * @param pairs pairs that a block may hold
 */
export function cutBlocks(
  changed: Uint8Array,
  samples: number,
  range: readonly [number, number],
  pairs: number,
): Block[] {
  const units = changed.length / samples;
  const atOnce = samplesAtOnce(units, range[1] - range[0], pairs);
  const blocks: Block[] = [];
  for (let first = range[0]; first < range[1]; first += atOnce) {
    const last = Math.min(first + atOnce, range[1]);
    const changing: number[] = [];
    for (let unit = 0; unit < units; unit++) {
      if (changed.subarray(unit * samples + first, unit * samples + last).includes(1)) changing.push(unit);
    }
    const parts = Math.ceil(changing.length / Math.max(1, Math.floor(pairs / (last - first))));
    for (let part = 0; part < parts; part++) {
      const from = Math.floor((changing.length * part) / parts);
      const to = Math.floor((changing.length * (part + 1)) / parts);
      blocks.push({
        units: Int32Array.from(changing.slice(from, to)),
        first_sample: first,
        samples: last - first,
      });
    }
  }
  return blocks;
}
