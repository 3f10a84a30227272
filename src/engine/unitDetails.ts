import { UnitActivity } from '../core/ablation/unitActivity';
import type { PlainForward } from '../core/ablation/plainForward';
import type { Control } from '../core/control';
import { firstInOrder } from '../core/largest';
import { classMeans, unitHistogram } from '../core/measures/unitHistogram';
import { Connections } from '../core/network/connections';
import type { UnitDetails, UnitExample } from '../protocol/details';
import { Failure } from '../protocol/failure';
import type { UnitRef } from '../protocol/study';
import type { OpenStudy } from './openStudy';
import type { SampleInputs } from './sampleInputs';

/** Bins of the histogram. */
const BINS = 24;

/** Samples shown at either end, and neighbours on either side. */
const SHOWN = 8;

/** Tells all of single units of a study; the next unit is quick. */
export class UnitDescriber {
  private readonly activity: UnitActivity;
  private connections: Connections | null = null;

  /** @param memory bytes that may be kept for the next unit */
  constructor(
    private readonly study: OpenStudy,
    forward: PlainForward,
    private readonly inputs: SampleInputs,
    memory: number,
  ) {
    const { sites, indices, unchanged } = study;
    this.activity = new UnitActivity(forward, sites, indices, memory, () => unchanged.check());
  }

  /**
   * All of one unit.
   * @throws Failure if the unit does not exist, or the data has changed
   * @throws Cancelled
   */
  async describe(unit: UnitRef, control: Control): Promise<UnitDetails> {
    const { network, sites, indices, data } = this.study;
    const site = sites.find(({ name }) => name === unit.site);
    if (site === undefined || !(unit.unit >= 0 && unit.unit < site.units)) {
      throw new Failure(`The model has no unit ${unit.site} #${String(unit.unit)}.`);
    }
    const { activity, predicted } = await this.activity.of(site, unit.unit, control);
    const labels = indices.map((index) => data.labels[index]!);
    const { classes } = network.head;
    const ends = (isBefore: (a: number, b: number) => boolean): number[] =>
      firstInOrder(SHOWN, indices.length, (a, b) =>
        activity[a] === activity[b] ? indices[a]! < indices[b]! : isBefore(a, b),
      );
    const most = ends((a, b) => activity[a]! > activity[b]!);
    const least = ends((a, b) => activity[a]! < activity[b]!);
    const inputs = await this.inputs.read([...most, ...least].map((n) => indices[n]!));
    await control.breathe();
    const examples = [...most, ...least].map((n, k): UnitExample => ({
      index: indices[n]!,
      label: labels[n]!,
      predicted: predicted[n]!,
      activation: activity[n]!,
      input: inputs[k]!,
    }));
    this.connections ??= new Connections(network);
    return {
      unit,
      samples: indices.length,
      class_means: classMeans(activity, labels, classes),
      histogram: unitHistogram(activity, labels, classes, BINS),
      most: examples.slice(0, most.length),
      least: examples.slice(most.length),
      incoming: this.connections.incoming(site, unit.unit, SHOWN),
      outgoing: this.connections.outgoing(site, unit.unit, SHOWN),
      to_classes: this.connections.toClasses(site, unit.unit),
    };
  }

  /** Frees what is kept. */
  release(): void {
    this.activity.release();
  }
}
