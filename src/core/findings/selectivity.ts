import type { RunCorrelations } from '../../protocol/correlations';
import type { TrainingFinding } from '../../protocol/training';
import { LEAST_RELIABILITY } from '../measures/reliability';
import { all, meanRho, type Estimate } from './judge';
import type { ObservedNetwork } from './observedNetwork';
import { estimateText, fixed, tooFew } from './words';

/** An interval of ρ that stays below this tells that there is no clear relation (as `relationsOf` in the panel). */
const CLEAR = 0.3;

/** Spearman's ρ of two measures over the units of a layer, one a network. */
export interface LayerRelation {
  readonly layer: string;
  readonly rhos: readonly number[];
  /** Mean over the networks; null for too few of them. */
  readonly mean: Estimate | null;
  /** Mean split-half reliability of importance; null where it is unknown. */
  readonly reliability: number | null;
}

/** Layer by layer, how two measures of units go together in all networks. */
export function layerRelations(
  networks: readonly ObservedNetwork[],
  one: string,
  other: string,
): LayerRelation[] {
  const known = networks.flatMap(({ trained, relations }) =>
    trained.included && relations !== null ? [relations] : [],
  );
  const layers = known[0]?.sites.map(({ site }) => site) ?? [];
  return layers.map((layer) => {
    const rhos = known.flatMap((relations) => rhoOf(relations, layer, one, other) ?? []);
    const reliabilities = known.flatMap(
      ({ sites }) => sites.find(({ site }) => site === layer)?.reliability['accuracy_drop']?.full ?? [],
    );
    const sum = reliabilities.reduce((total, value) => total + value, 0);
    return {
      layer,
      rhos,
      mean: meanRho(rhos),
      reliability: reliabilities.length === 0 ? null : sum / reliabilities.length,
    };
  });
}

function rhoOf({ sites }: RunCorrelations, layer: string, one: string, other: string): number | null {
  const site = sites.find((each) => each.site === layer);
  if (site === undefined) return null;
  return site.rho[site.measures.indexOf(one)]?.[site.measures.indexOf(other)] ?? null;
}

/** Findings on how selectivity goes with importance and with damage to single classes. */
export function selectivityFindings(networks: readonly ObservedNetwork[]): TrainingFinding[] {
  const importance = layerRelations(networks, 'accuracy_drop', 'selectivity');
  const classDrop = layerRelations(networks, 'max_class_drop', 'selectivity');
  return [
    {
      claim: 'Selective units are no more important than units that answer many classes.',
      expected: `In no layer does importance rise with selectivity: ρ is not above 0, its interval ends below ${fixed(CLEAR, 1)}, and importance is told reliably (${fixed(LEAST_RELIABILITY, 1)} or more).`,
      measured: relationsText(importance),
      holds: all(importance.map(noMoreImportant)),
    },
    {
      claim:
        'Selectivity does tell how much deleting a unit harms the class that is harmed most (Zhou et al. 2018).',
      expected: 'In every layer the largest class drop rises with selectivity: ρ above 0.',
      measured: relationsText(classDrop),
      holds: all(classDrop.map(({ mean }) => risesWith(mean))),
    },
  ];
}

/** Null where the interval reaches from no relation to a clear one, or importance is told too badly for no relation to mean anything. */
function noMoreImportant({ mean, reliability }: LayerRelation): boolean | null {
  if (mean === null) return null;
  if (mean.low > 0) return false;
  if (mean.high < 0) return true;
  return mean.high < CLEAR && reliability !== null && reliability >= LEAST_RELIABILITY ? true : null;
}

function risesWith(mean: Estimate | null): boolean | null {
  if (mean === null) return null;
  return mean.low > 0 ? true : mean.high < 0 ? false : null;
}

function relationsText(layers: readonly LayerRelation[]): string {
  if (layers.length === 0) return 'No network has its units measured.';
  return `${layers.map(layerText).join('; ')}.`;
}

function layerText({ layer, rhos, mean, reliability }: LayerRelation): string {
  const figure =
    mean === null
      ? `ρ ${rhos.map((rho) => fixed(rho, 2)).join(', ') || 'undefined'} (${tooFew([rhos.length])})`
      : `ρ ${estimateText(mean, 2)}`;
  return `${layer}: ${figure}, ${reliabilityText(reliability)}`;
}

/** How reliable importance is, and whether that is enough. */
export function reliabilityText(reliability: number | null): string {
  if (reliability === null) return 'reliability of importance unknown';
  const few = reliability < LEAST_RELIABILITY ? ': too few samples to tell' : '';
  return `reliability of importance ${fixed(reliability, 2)}${few}`;
}
