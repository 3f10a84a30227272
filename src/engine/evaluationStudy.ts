import { zeroClamp, type Clamp } from '../core/ablation/clamp';
import { DeletionSets, type ExampleOptions } from '../core/ablation/deletionSet';
import type { PlainForward } from '../core/ablation/plainForward';
import { prepareStudy } from '../core/ablation/prepare';
import type { Control } from '../core/control';
import type { Site } from '../core/network/sites';
import type { Samples } from '../core/samples';
import type { UnitDetails } from '../protocol/details';
import type { EvaluateOptions } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { Evaluation, RunRecord } from '../protocol/run';
import type { Operator, Scale, StudySpec, UnitRef } from '../protocol/study';
import { forwardOf, scaled, type OpenStudy } from './openStudy';
import { studyParts, type Resources } from './resources';
import { SampleInputs } from './sampleInputs';
import { UnitDescriber } from './unitDetails';

/** What is fixed before a set is evaluated: the clamps, and the samples to measure on. */
interface Fixed {
  readonly clampOf: (site: Site) => Clamp;
  readonly indices: Int32Array;
}

/** Share of the memory for what units do on the samples. */
const ACTIVITY = 1 / 8;

/** A study kept ready to evaluate deletion sets on it. */
export class EvaluationStudy {
  private readonly samples: Samples;
  private readonly forward: PlainForward;
  private readonly inputs: SampleInputs;
  private readonly describer: UnitDescriber;
  private readonly fixed = new Map<Operator, Fixed>();
  private sets: { readonly key: string; readonly sets: DeletionSets } | null = null;

  /**
   * @param study disposed with this
   * @param clamp what pass 0 of a run chose, if there is a run
   * @param memory bytes that may be kept between evaluations, so that the next one is quick
   * @param resources with which operators find what they clamp to
   */
  constructor(
    readonly study: OpenStudy,
    private readonly spec: StudySpec,
    scale: Scale,
    private readonly clamp: RunRecord['clamp'],
    private readonly memory: number,
    private readonly resources: () => Promise<Resources>,
  ) {
    this.samples = scaled(study, scale, spec);
    this.forward = forwardOf(study, this.samples);
    this.inputs = new SampleInputs(study, spec.data);
    this.describer = new UnitDescriber(study, this.forward, this.inputs, memory * ACTIVITY);
  }

  /**
   * Evaluates a set of units.
   * @param progress told of the share that is done
   * @throws Failure if a unit does not exist, or the operator's constants are not known
   * @throws Cancelled
   */
  async evaluate(
    deleted: readonly UnitRef[],
    options: EvaluateOptions,
    control: Control,
    progress: (share: number) => void = () => undefined,
  ): Promise<Evaluation> {
    const operator = options.operator ?? this.spec.operator;
    const sets = await this.setsFor(operator, options.samples ?? Infinity, control);
    const { outputs = false, examples: count } = options;
    const inputsOf: ExampleOptions['inputsOf'] = (indices) => this.inputs.read(indices);
    const examples = count === undefined ? {} : { examples: { count, inputsOf } };
    return sets.evaluate(deleted, { outputs, ...examples, progress }, control);
  }

  /**
   * All of one unit.
   * @throws Failure if the unit does not exist
   * @throws Cancelled
   */
  describeUnit(unit: UnitRef, control: Control): Promise<UnitDetails> {
    return this.describer.describe(unit, control);
  }

  /** Frees what is kept between evaluations; the next one computes it anew. */
  release(): void {
    this.releaseSets();
    this.describer.release();
  }

  dispose(): void {
    this.release();
    this.study.network.dispose();
  }

  private async setsFor(operator: Operator, samples: number, control: Control): Promise<DeletionSets> {
    const key = `${operator}/${String(samples)}`;
    if (this.sets?.key === key) return this.sets.sets;
    const fixed = this.fixed.get(operator) ?? (await this.fix(operator, control));
    this.fixed.set(operator, fixed);
    this.releaseSets();
    const { network, sites } = this.study;
    const { forward } = this;
    const memory = this.memory * (1 - ACTIVITY);
    const indices = fixed.indices.slice(0, samples);
    const { clampOf } = fixed;
    const sets = new DeletionSets(
      { network, sites, samples: this.samples, forward, indices, operator, clampOf },
      memory,
    );
    this.sets = { key, sets };
    return sets;
  }

  private releaseSets(): void {
    this.sets?.sets.dispose();
    this.sets = null;
  }

  /** What the operator clamps to, as the run fixed it or as one would. */
  private async fix(operator: Operator, control: Control): Promise<Fixed> {
    const { study, spec, samples, clamp } = this;
    const { sites, indices } = study;
    if (operator === 'zero') return { clampOf: zeroClamp, indices };
    if (operator === 'resample' && indices.length < 2) {
      throw new Failure(`${spec.data} has one sample only: resample needs another one; choose zero.`);
    }
    if (operator === 'optimal' && clamp?.operator === 'optimal') {
      const fitted = new Set(clamp.fitted_on);
      return {
        clampOf: (site) => optimalClamp(site, clamp.constants[site.name]),
        indices: indices.filter((index) => !fitted.has(index)),
      };
    }
    const parts = studyParts(study, { ...spec, operator }, samples, await this.resources());
    const prepared = await prepareStudy(parts, control, () => undefined);
    prepared.dispose();
    const clamps = new Map(sites.map((site, k) => [site.id, prepared.sweep.clamps[k]!]));
    return { clampOf: (site) => clamps.get(site.id)!, indices: prepared.measured };
  }
}

function optimalClamp(site: Site, constants: readonly number[] | undefined): Clamp {
  if (constants?.length !== site.units) {
    throw new Failure(`This run has no constants for ${site.name}; analyze again, or choose zero.`);
  }
  const shape = [1, ...site.shape.map(() => 1)];
  shape[shape.length - 1] = site.units;
  return { kind: 'constant', shape, values: Float32Array.from(constants) };
}
