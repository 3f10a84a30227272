import type { RunCorrelations } from '../../protocol/correlations';
import type { MeanCurve, MeanNoise } from '../../protocol/meanCurves';
import type { TrainedNetwork } from '../../protocol/training';

/** A network of an experiment with what findings are drawn from. Null: not measured. */
export interface ObservedNetwork {
  readonly trained: TrainedNetwork;
  /** Accuracy while random units of all layers are deleted together. */
  readonly curve: MeanCurve | null;
  readonly noise: MeanNoise | null;
  /** How importance and the other measures relate over its units. */
  readonly relations: RunCorrelations | null;
}

/** All networks of a setting. */
export interface Setting {
  readonly name: string;
  readonly networks: readonly ObservedNetwork[];
  /** Those that are not left out. */
  readonly included: readonly ObservedNetwork[];
}

/** Networks by setting, in the order in which the settings come. */
export function settingsOf(networks: readonly ObservedNetwork[]): Setting[] {
  const names = [...new Set(networks.map(({ trained }) => trained.setting))];
  return names.map((name) => {
    const own = networks.filter(({ trained }) => trained.setting === name);
    return { name, networks: own, included: own.filter(({ trained }) => trained.included) };
  });
}

/** A figure of a setting's networks; those that are left out, or lack it, have none. */
export function figuresOf(
  { included }: Pick<Setting, 'included'>,
  figure: (network: ObservedNetwork) => number | null | undefined,
): number[] {
  return included.flatMap((network) => figure(network) ?? []);
}

/** Area under the accuracy of a network while units are deleted. */
export function aucOf({ trained }: ObservedNetwork): number | null {
  return trained.auc;
}
