import type { Control } from '../control';
import type { Site } from '../network/sites';
import type { Clamp } from './clamp';
import { deletionsOf, type SiteDeletion } from './deletions';
import type { PlainForward } from './plainForward';

/** Pairs that go through the plain forward pass at a time. */
const DECIDED_AT_ONCE = 2048;

/** A unit clamped on a sample, whose prediction rounding could change. */
export interface NearTie {
  /** Index of the site among the study's. */
  readonly site: number;
  readonly unit: number;
  /** Index of the sample in the data. */
  readonly sample: number;
  readonly draw: number;
  /** Told what the plain forward pass predicts. */
  decide(predicted: number): void;
}

/**
 * Decides near-ties by the plain full forward pass, whatever they are put together with. Those of several sites share a
 * pass where none of these fills one.
 * @throws Cancelled
 */
export async function decideNearTies(
  ties: readonly NearTie[],
  forward: PlainForward,
  sites: readonly Site[],
  clamps: readonly Clamp[],
  control: Control,
): Promise<void> {
  for (const group of groupsOf(ties, forward.batch)) {
    const indices = Int32Array.from(group, ({ sample }) => sample);
    const deletions = new Map<number, SiteDeletion>();
    group.forEach(({ site: k, unit }, n) => {
      const site = sites[k]!;
      let deletion = deletions.get(k);
      if (deletion === undefined) {
        deletion = { site, clamp: clamps[k]!, mask: new Float32Array(group.length * site.units) };
        deletions.set(k, deletion);
      }
      deletion.mask[n * site.units + unit] = 1;
    });
    const substitute = deletionsOf(forward, [...deletions.values()], group[0]!.draw);
    const { predicted } = await forward.run(indices, control, { substitute });
    group.forEach((tie, n) => {
      tie.decide(predicted[n]!);
    });
  }
}

/** Ties of one draw each, those of a site together; several sites while they do not fill a batch. */
function* groupsOf(ties: readonly NearTie[], batch: number): Generator<NearTie[]> {
  const ordered = [...ties].sort((a, b) => a.draw - b.draw || a.site - b.site);
  let group: NearTie[] = [];
  for (const tie of ordered) {
    const last = group.at(-1);
    const isNewSite = last !== undefined && last.site !== tie.site;
    const isFull = group.length === DECIDED_AT_ONCE || (isNewSite && group.length >= batch);
    if (last !== undefined && (last.draw !== tie.draw || isFull)) {
      yield group;
      group = [];
    }
    group.push(tie);
  }
  if (group.length > 0) yield group;
}
