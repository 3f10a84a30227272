import { meanInterval, type MeanInterval } from '../measures/meanInterval';
import { LEAST_NETWORKS, meanOf, meanRho, type Estimate } from './judge';

/** A number with so many decimals, a true minus sign, and no minus before zero. */
export function fixed(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A share in per cent. */
export function share(value: number, digits = 1): string {
  return `${fixed(100 * value, digits)} %`;
}

/** A mean over networks with its 95 % interval, or without one where there are too few of them. */
export function meanText(values: readonly number[], digits = 3): string {
  if (values.length === 0) return 'not measured';
  const interval = meanInterval(values);
  if (interval !== null && values.length >= LEAST_NETWORKS) return intervalText(interval, digits);
  return `${fixed(meanOf(values), digits)} (${values.length === 1 ? 'one network' : 'two networks'})`;
}

/** The same of correlations, whose intervals end at −1 and 1. */
export function meanRhoText(rhos: readonly number[]): string {
  const found = meanRho(rhos);
  return found === null ? meanText(rhos, 2) : intervalText({ mean: found.value, ...found }, 2);
}

function intervalText(
  { mean, low, high }: Pick<MeanInterval, 'mean' | 'low' | 'high'>,
  digits: number,
): string {
  return `${fixed(mean, digits)} (${fixed(low, digits)} … ${fixed(high, digits)})`;
}

/** An estimate with its 95 % interval. */
export function estimateText({ value, low, high }: Estimate, digits = 3): string {
  return `${fixed(value, digits)} (95 % ${fixed(low, digits)} … ${fixed(high, digits)})`;
}

/** That there are too few networks to tell, and how many there are. */
export function tooFew(counts: readonly number[]): string {
  const fewest = Math.min(...counts);
  return (
    `too few networks to tell: ${fewest === 0 ? 'none' : String(fewest)} in a setting, ` +
    `${String(LEAST_NETWORKS)} are needed`
  );
}

/** `1 network`, `3 networks`. */
export function counted(count: number, thing: string): string {
  return `${String(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** What to add where an interval holds 0. */
export function unsure(holds: boolean | null): string {
  return holds === null ? ', which cannot be told from 0' : '';
}
