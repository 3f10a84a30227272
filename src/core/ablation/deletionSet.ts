import type { Example, SampleInput } from '../../protocol/details';
import { Failure } from '../../protocol/failure';
import type { Evaluation } from '../../protocol/run';
import type { Operator, UnitRef } from '../../protocol/study';
import type { Control } from '../control';
import { score } from '../measures/scoring';
import type { Network } from '../network/network';
import type { Site } from '../network/sites';
import { Recent } from '../recent';
import type { Samples } from '../samples';
import { drawsOf, type Clamp } from './clamp';
import { deletionsOf, maskOf, type SiteDeletion } from './deletions';
import { DeletionValues, stateOf, type ValueBlock } from './deletionValues';
import { chooseExamples } from './examples';
import type { PlainForward } from './plainForward';
import { evaluationOf, outputsOf, type SetOutcome } from './setEvaluation';

/** Share of the memory that outcomes of recent sets may take; the values of the present set have the rest. */
const OUTCOMES = 1 / 8;

/** An outcome and how many of its blocks, draw by draw, are measured. */
interface Entry extends SetOutcome {
  done: number;
}

/** How many samples to look at, and where to read them. */
export interface ExampleOptions {
  readonly count: number;
  /** Samples at places in the data, as they are stored. */
  readonly inputsOf: (indices: readonly number[]) => Promise<readonly SampleInput[]>;
}

/** On what deletion sets are evaluated, and what deleting means. */
export interface DeletionStudy {
  readonly network: Network;
  readonly sites: readonly Site[];
  readonly samples: Samples;
  /** The plain forward pass: its batches are those of an evaluation, and it decides near-ties. */
  readonly forward: PlainForward;
  /** The samples to evaluate on. */
  readonly indices: Int32Array;
  readonly operator: Operator;
  /** What the units of a site are clamped to. */
  readonly clampOf: (site: Site) => Clamp;
}

/**
 * Evaluates arbitrary sets of units, over any sites, deleted together. Made for one set after another that differ
 * by little: values of the present set are kept, so that a change runs only what comes after it, and the outcomes
 * of recent sets are kept whole. Every batch runs the very operations of the plain forward pass on the same
 * samples, so that the answer does not depend on the sets before it.
 */
export class DeletionSets {
  private readonly values: DeletionValues;
  private readonly recent: Recent<Entry>;

  /** @param memory bytes to spend on what is kept */
  constructor(
    private readonly study: DeletionStudy,
    memory: number,
  ) {
    this.recent = new Recent(memory * OUTCOMES);
    this.values = new DeletionValues(study, memory * (1 - OUTCOMES));
  }

  /**
   * Evaluates a set. What is finished when it is cancelled is not done again the next time.
   * @param options `outputs`: with what each sample gives; `examples`: with that many samples to look at; `progress`
   *   is told of the share that is done
   * @throws Failure if a unit does not exist
   * @throws Cancelled
   */
  async evaluate(
    deleted: readonly UnitRef[],
    options: {
      readonly outputs: boolean;
      readonly examples?: ExampleOptions;
      readonly progress?: (share: number) => void;
    },
    control: Control,
  ): Promise<Evaluation> {
    const { network, samples, indices, operator } = this.study;
    const deletions = this.deletionsFor(deleted);
    const before = await this.outcome([], control, (share) => options.progress?.(share / 2));
    const after = await this.outcome(deletions, control, (share) => options.progress?.((1 + share) / 2));
    const labels = indices.map((index) => samples.labels[index]!);
    const { examples } = options;
    return {
      deleted,
      operator,
      ...evaluationOf(network.head, labels, before, after),
      per_sample: options.outputs
        ? { indices, labels, before: outputsOf(network.head, before), after: outputsOf(network.head, after) }
        : null,
      ...(examples === undefined
        ? {}
        : { examples: await this.examplesOf(labels, before, after, examples, control) }),
    };
  }

  private async examplesOf(
    labels: Int32Array,
    before: SetOutcome,
    after: SetOutcome,
    { count, inputsOf }: ExampleOptions,
    control: Control,
  ): Promise<Example[]> {
    const { network, indices } = this.study;
    const chosen = chooseExamples(network.head, labels, before, after, count);
    await control.breathe();
    const inputs = await inputsOf(chosen.map(({ sample }) => indices[sample]!));
    return chosen.map(({ sample, ...rest }, n) => ({
      index: indices[sample]!,
      label: labels[sample]!,
      input: inputs[n]!,
      ...rest,
    }));
  }

  /** Frees the values that are kept; the next evaluation computes them anew. */
  dispose(): void {
    this.values.dispose();
  }

  /** What the samples give with a set deleted, from memory where it is there. */
  private async outcome(
    deletions: readonly SiteDeletion[],
    control: Control,
    progress: (share: number) => void,
  ): Promise<SetOutcome> {
    const key = [...stateOf(deletions, 0)].flat().join('\n');
    const draws = Math.max(1, ...deletions.map(({ clamp }) => drawsOf(clamp)));
    let entry = this.recent.get(key);
    if (entry === undefined) {
      const { network, indices } = this.study;
      const { kind, classes } = network.head;
      entry = { ...emptyOutcome(draws, indices.length, kind === 'sigmoid' ? 1 : classes), done: 0 };
      this.recent.set(key, entry, bytesOf(entry));
    }
    const { blocks } = this.values;
    while (entry.done < draws * blocks.length) {
      await control.breathe();
      const draw = Math.floor(entry.done / blocks.length);
      await this.measure(entry, blocks[entry.done % blocks.length]!, deletions, draw, control);
      entry.done += 1;
      progress(entry.done / (draws * blocks.length));
    }
    return entry;
  }

  /** Runs one block; a near-tie in it leaves the block's predictions to the plain forward pass. */
  private async measure(
    into: SetOutcome,
    block: ValueBlock,
    deletions: readonly SiteDeletion[],
    draw: number,
    control: Control,
  ): Promise<void> {
    const { network, samples, forward, indices } = this.study;
    const rows = block.indices.length;
    const scores = await this.values.scores(block, deletions, draw);
    const labels = block.indices.map((index) => samples.labels[index]!);
    const scored = score(network.head, scores, labels);
    const decided =
      scored.nearTies.length === 0
        ? scored
        : await forward.run(block.indices, control, { substitute: deletionsOf(forward, deletions, draw) });
    const at = draw * indices.length + block.from;
    const width = into.scores.length / into.predicted.length;
    into.scores.set(scores.subarray(0, rows * width), at * width);
    into.predicted.set(decided.predicted, at);
    into.loss.set(decided.loss, at);
  }

  private deletionsFor(deleted: readonly UnitRef[]): SiteDeletion[] {
    const { sites, clampOf } = this.study;
    const units = new Map<Site, Set<number>>();
    for (const { site: name, unit } of deleted) {
      const site = sites.find((candidate) => candidate.name === name);
      if (site === undefined || !(unit >= 0 && unit < site.units)) {
        throw new Failure(`The model has no unit ${name} #${String(unit)}.`);
      }
      units.set(site, (units.get(site) ?? new Set()).add(unit));
    }
    return sites.flatMap((site) => {
      const set = units.get(site);
      return set === undefined ? [] : [{ site, clamp: clampOf(site), mask: maskOf(site, set) }];
    });
  }
}

function emptyOutcome(draws: number, samples: number, width: number): SetOutcome {
  return {
    draws,
    scores: new Float32Array(draws * samples * width),
    predicted: new Int32Array(draws * samples),
    loss: new Float64Array(draws * samples),
  };
}

function bytesOf({ scores, predicted, loss }: SetOutcome): number {
  return scores.byteLength + predicted.byteLength + loss.byteLength;
}
