import type { Measure } from '../../protocol/study';
import type { Control } from '../control';
import { binnedCounts } from '../kernels/binnedCounts';
import { duplicatesOf } from '../measures/duplicates';
import { firstOrder, gradientBatch, type FirstOrder } from '../measures/firstOrder';
import { l1Norms } from '../measures/l1Norm';
import { informationOfUnits, mutualInformation, type UnitInformation } from '../measures/mutualInformation';
import type { Site } from '../network/sites';
import { knownFirstOrder } from './knownGradient';
import { passZero } from './passZero';
import type { PreparedStudy, StudyParts } from './prepare';
import { contextOf } from './sweep';
import type { StaticColumns } from './tally';

/** Samples that go forward and back at once, where memory allows it. */
const GRADIENT_BATCH = 1024;

/** Columns of a study under construction, one value a unit over all sites. */
class Columns {
  readonly values: Record<string, Float64Array> = {};
  private readonly rows: number;

  constructor(private readonly sites: readonly Site[]) {
    this.rows = sites.reduce((sum, site) => sum + site.units, 0);
  }

  set(name: keyof StaticColumns, site: number, values: ArrayLike<number>): void {
    const column = (this.values[name] ??= new Float64Array(this.rows).fill(NaN));
    column.set(
      values,
      this.sites.slice(0, site).reduce((sum, { units }) => sum + units, 0),
    );
  }
}

/**
 * The measures that no ablation is needed for. What is not wanted, or cannot be known, is missing or NaN.
 * @throws Cancelled
 */
export async function staticMeasures(
  parts: StudyParts,
  prepared: PreparedStudy,
  wanted: ReadonlySet<Measure>,
  control: Control,
): Promise<StaticColumns> {
  const columns = new Columns(parts.sites);
  if (wanted.has('l1_norm')) {
    parts.sites.forEach((site, k) => {
      columns.set('l1_norm', k, l1Norms(site));
    });
  }
  if (wanted.has('mutual_information') || wanted.has('duplicates')) {
    await activityMeasures(parts, prepared, wanted, control, columns);
  }
  if (wanted.has('first_order')) await firstOrderMeasures(parts, prepared, control, columns);
  return columns.values;
}

/** First-order estimates on the samples that are measured; of several draws of donors the first. */
async function firstOrderMeasures(
  { network, sites, samples }: StudyParts,
  { sweep, measured }: PreparedStudy,
  control: Control,
  columns: Columns,
): Promise<void> {
  const contexts = sites.map((_, k) => contextOf(sweep, k, sweep.clamps[k]!));
  const put = (k: number, { signed, absolute }: FirstOrder): void => {
    columns.set('first_order', k, signed);
    columns.set('first_order_abs', k, absolute);
  };
  const left: Site[] = [];
  for (const [k, site] of sites.entries()) {
    const known = await knownFirstOrder(contexts[k]!, measured, control);
    if (known === null) left.push(site);
    else put(k, known);
  }
  if (left.length === 0) return;
  const estimates = await firstOrder(network, left, samples, measured, {
    batch: gradientBatch(network, GRADIENT_BATCH),
    replacement: (site, part) => contexts[sites.indexOf(site)]!.replacement(part, 0),
    control,
  });
  left.forEach((site, n) => put(sites.indexOf(site), estimates[n]!));
}

/** What is read from the activity of a site on all samples: kept by pass 0, or found by a pass of its own. */
async function activityMeasures(
  parts: StudyParts,
  prepared: PreparedStudy,
  wanted: ReadonlySet<Measure>,
  control: Control,
  columns: Columns,
): Promise<void> {
  const labels = parts.indices.map((index) => parts.samples.labels[index]!);
  for (const [k, site] of parts.sites.entries()) {
    const activity = prepared.activity[k] ?? (await activityOf(parts, site, control));
    if (activity === null) continue;
    if (wanted.has('mutual_information')) {
      const information = await informationOf(parts, activity, labels, site.units, control);
      columns.set('mutual_information', k, information.raw);
      columns.set('mutual_information_corrected', k, information.corrected);
    }
    if (wanted.has('duplicates')) {
      columns.set('duplicate_of', k, await duplicatesOf(activity, labels.length, site.units, control));
    }
  }
}

async function informationOf(
  { kernels, network, bins }: StudyParts,
  activity: Float32Array,
  labels: Int32Array,
  units: number,
  control: Control,
): Promise<UnitInformation> {
  const { classes } = network.head;
  if (kernels === null) return mutualInformation(activity, labels, units, classes, bins);
  const counts = await binnedCounts(kernels, activity, labels, classes, bins, control);
  return informationOfUnits(counts, units, classes);
}

/** A site's activity by one more pass; null where it is larger than memory allows. */
async function activityOf(
  { network, forward, samples, indices, budget }: StudyParts,
  site: Site,
  control: Control,
): Promise<Float32Array | null> {
  const elements = indices.length * site.units;
  if (elements * 4 > budget.workspace) return null;
  const activity = new Float32Array(elements);
  await passZero(forward, [site], samples.labels, network.head.classes, indices, control, {
    activity: [activity],
  });
  return activity;
}
