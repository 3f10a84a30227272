import { zeroClamp, type Clamp } from '../core/ablation/clamp';
import { DeletionSets } from '../core/ablation/deletionSet';
import { meanClamp } from '../core/ablation/operators/mean';
import { resampleClamp } from '../core/ablation/operators/resample';
import { passZero } from '../core/ablation/passZero';
import type { PlainForward } from '../core/ablation/plainForward';
import type { Control } from '../core/control';
import type { Site } from '../core/network/sites';
import type { Samples } from '../core/samples';
import type { EvaluateOptions } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { Evaluation, RunRecord } from '../protocol/run';
import { DEFAULT_DRAWS, type Operator, type Scale, type StudySpec, type UnitRef } from '../protocol/study';
import { forwardOf, scaled, type OpenStudy } from './openStudy';

/** Bytes that may be kept between evaluations, so that the next one is quick. */
const MEMORY = 512 * 2 ** 20;

/** A study kept ready to evaluate deletion sets on it. */
export class EvaluationStudy {
  private readonly samples: Samples;
  private readonly forward: PlainForward;
  private readonly clamps = new Map<Operator, (site: Site) => Clamp>();
  private sets: { readonly key: string; readonly sets: DeletionSets } | null = null;

  /**
   * @param study disposed with this
   * @param clamp what pass 0 of a run chose, if there is a run
   */
  constructor(
    readonly study: OpenStudy,
    private readonly spec: StudySpec,
    scale: Scale,
    private readonly clamp: RunRecord['clamp'],
  ) {
    this.samples = scaled(study, scale, spec);
    this.forward = forwardOf(study, this.samples);
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
    return sets.evaluate(deleted, { outputs: options.outputs ?? false, progress }, control);
  }

  /** Frees what is kept between evaluations; the next one computes it anew. */
  release(): void {
    this.sets?.sets.dispose();
    this.sets = null;
  }

  dispose(): void {
    this.release();
    this.study.network.dispose();
  }

  private async setsFor(operator: Operator, samples: number, control: Control): Promise<DeletionSets> {
    const key = `${operator}/${String(samples)}`;
    if (this.sets?.key === key) return this.sets.sets;
    const clampOf = await this.clampsFor(operator, control);
    this.release();
    const { network, sites } = this.study;
    const { forward } = this;
    const indices = this.measuredOn(operator).slice(0, samples);
    const sets = new DeletionSets(
      { network, sites, samples: this.samples, forward, indices, operator, clampOf },
      MEMORY,
    );
    this.sets = { key, sets };
    return sets;
  }

  /** The study's samples, without those that constants were fitted on. */
  private measuredOn(operator: Operator): Int32Array {
    const { clamp, study } = this;
    if (operator !== 'optimal' || clamp?.operator !== 'optimal') return study.indices;
    const fitted = new Set(clamp.fitted_on);
    return study.indices.filter((index) => !fitted.has(index));
  }

  private async clampsFor(operator: Operator, control: Control): Promise<(site: Site) => Clamp> {
    const known = this.clamps.get(operator);
    if (known !== undefined) return known;
    const clamps = await this.findClamps(operator, control);
    this.clamps.set(operator, clamps);
    return clamps;
  }

  private async findClamps(operator: Operator, control: Control): Promise<(site: Site) => Clamp> {
    const { study, spec, forward } = this;
    switch (operator) {
      case 'zero':
        return zeroClamp;
      case 'mean': {
        const { sites, data, classes, indices } = study;
        const options = { elementMeans: true };
        const before = await passZero(forward, sites, data.labels, classes.length, indices, control, options);
        const means = new Map(sites.map((site, k) => [site.id, meanClamp(site, before.sites[k]!)]));
        return (site) => means.get(site.id)!;
      }
      case 'resample': {
        if (study.indices.length < 2) {
          throw new Failure(`${spec.data} has one sample only: resample needs another one; choose zero.`);
        }
        const clamp = resampleClamp(study.indices, spec.seed, spec.draws ?? DEFAULT_DRAWS);
        return () => clamp;
      }
      case 'optimal': {
        const { clamp } = this;
        if (clamp?.operator !== 'optimal') {
          throw new Failure(
            'The constants of the operator optimal are fitted by an analysis: choose zero, mean or resample here.',
          );
        }
        return (site) => optimalClamp(site, clamp.constants[site.name]);
      }
    }
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
