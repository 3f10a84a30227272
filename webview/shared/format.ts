import type { Progress } from '../../src/protocol/run';
import type { UnitRef } from '../../src/protocol/study';

/** What stands where nothing was computed. */
export const NONE = '–';

const MINUS = '−';

/** A number with a fixed count of decimals and a real minus sign; never `−0.00`. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** {@link fixed} with its sign always shown. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A fraction as a percentage, `98.12 %`. */
export function percent(fraction: number, decimals = 2): string {
  return Number.isFinite(fraction) ? `${fixed(fraction * 100, decimals)} %` : NONE;
}

/** A fraction as accuracy points, `0.51`. */
export function points(fraction: number): string {
  return fixed(fraction * 100, 2);
}

/** An interval in accuracy points, `0.38 to 0.66`. */
export function interval(low: number, high: number): string {
  return Number.isFinite(low) && Number.isFinite(high) ? `${points(low)} to ${points(high)}` : NONE;
}

/** A whole number with thousands separated by commas. */
export function count(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : NONE;
}

/** How many samples, where it may be a mean over draws: `1,024`, `14.8`. */
export function samples(value: number): string {
  return Number.isInteger(value) ? count(value) : fixed(value, 1);
}

/** `1 neuron`, `2 neurons`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Nats with the digits that a loss needs. */
export function nats(value: number, sign = false): string {
  return sign ? signed(value, 4) : fixed(value, 4);
}

/** An activation: four significant digits, whatever its size. */
export function activation(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(2).replace('-', MINUS);
  return fixed(value, Math.max(0, 3 - Math.floor(Math.log10(size))));
}

/** `dense_1 #98`. */
export function unitName(unit: UnitRef): string {
  return `${unit.site} #${unit.unit}`;
}

/** A class by name, from its output index; {@link NONE} where undefined. */
export function className(classes: readonly string[], index: number): string {
  return Number.isFinite(index) && index >= 0 ? (classes[index] ?? String(index)) : NONE;
}

/** A duration as people say it, `12 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NONE;
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The phase of a study in words. */
export function phase(progress: Progress): string {
  switch (progress.phase) {
    case 'reading':
      return 'Reading model and data';
    case 'preprocessing':
      return 'Choosing the preprocessing';
    case 'baseline':
      return 'Measuring the network as it is';
    case 'measures':
      return 'Finding the other measures';
    case 'sweep':
      return 'Deleting every neuron, one at a time';
    case 'ranking':
      return 'Ranking the neurons';
    case 'measuring':
      return 'Measuring';
    case 'writing':
      return 'Writing the results';
  }
}
