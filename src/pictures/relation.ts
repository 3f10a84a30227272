import type { RunCorrelations } from '../protocol/correlations';

/**
 * What a rank correlation over the units of a site says. `together`, `opposed`: its interval leaves out 0, and the
 * one measure rises, or falls, as the other rises, with a {@link RelationStrength} · `hardly`: they have next to
 * nothing to do with each other · `open`: its interval holds 0 and reaches far, so that there may be a relation or
 * none · `unreliable`: it holds 0, but a measure of the two is told too badly for that to mean anything · `unknown`:
 * there is no ρ · `uncompared`: the run does not relate these two.
 */
export type RelationKind =
  'together' | 'opposed' | 'hardly' | 'open' | 'unreliable' | 'unknown' | 'uncompared';

/** By the size of ρ, after Cohen (1988): `weak` 0.1 … 0.3 · `clear` 0.3 … 0.5 · `strong` from 0.5 on. */
export type RelationStrength = 'weak' | 'clear' | 'strong';

/** How two measures of a site's units relate. */
export interface Relation {
  readonly site: string;
  readonly kind: RelationKind;
  readonly strength: RelationStrength;
  /** Spearman's ρ with its 95 % interval; NaN where it is not known. */
  readonly rho: number;
  readonly low: number;
  readonly high: number;
  /** Units that have both measures. */
  readonly pairs: number;
  /** Of the two, the measure that is told worst, where that is too badly; else null. */
  readonly doubtful: { readonly measure: string; readonly reliability: number } | null;
}

/** Below this a ρ means next to nothing, however sure it is. */
const SMALL = 0.1;
const CLEAR = 0.3;
const STRONG = 0.5;
/** An interval that stays within ± this, and holds 0, tells that there is no clear relation. */
const NARROW = 0.3;

/** Each site's relation between two measures, in the order of the sites. */
export function relationsOf(correlations: RunCorrelations, x: string, y: string): readonly Relation[] {
  return correlations.sites.map((site): Relation => {
    const [i, j] = [site.measures.indexOf(x), site.measures.indexOf(y)];
    const at = (matrix: readonly (readonly (number | null)[])[]): number => matrix[i]?.[j] ?? NaN;
    const [rho, low, high] = [at(site.rho), at(site.low), at(site.high)];
    const badly = [x, y]
      .flatMap((measure) => {
        const told = site.reliability[measure];
        const low = told?.verdict === 'too few samples' && told.full !== null;
        return low ? [{ measure, reliability: told.full }] : [];
      })
      .sort((p, q) => p.reliability - q.reliability);
    const kind = i < 0 || j < 0 ? 'uncompared' : judge(rho, low, high, badly.length > 0);
    return {
      site: site.site,
      kind,
      strength: Math.abs(rho) >= STRONG ? 'strong' : Math.abs(rho) >= CLEAR ? 'clear' : 'weak',
      ...{ rho, low, high },
      pairs: site.pairs[i]?.[j] ?? 0,
      doubtful: badly[0] ?? null,
    };
  });
}

function judge(rho: number, low: number, high: number, unreliable: boolean): RelationKind {
  if (Number.isNaN(rho) || Number.isNaN(low) || Number.isNaN(high)) return 'unknown';
  const surely = low > 0 || high < 0;
  if (surely && Math.abs(rho) >= SMALL) return rho > 0 ? 'together' : 'opposed';
  if (unreliable) return 'unreliable';
  // What holds 0 and reaches no further than that, or lies close to 0 whatever its interval leaves out.
  return surely || (low >= -NARROW && high <= NARROW) ? 'hardly' : 'open';
}
