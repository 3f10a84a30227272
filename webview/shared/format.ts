import { t } from '@vscode/l10n';
import type { Progress } from '../../src/protocol/run';
import type { UnitRef } from '../../src/protocol/study';

/** What stands where nothing was computed. */
export const NONE = '–';

const MINUS = '−';

/** The language that the page is in; English where there is no page. */
const LANGUAGE = (typeof document === 'undefined' ? '' : document.documentElement.lang) || 'en';
const WHOLE = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const COMMA = new Intl.NumberFormat(LANGUAGE)
  .formatToParts(0.5)
  .find(({ type }) => type === 'decimal')?.value;

/** A number as JavaScript writes it, with the decimal sign of the language and a real minus sign. */
function written(text: string): string {
  return text.replace('.', COMMA ?? '.').replaceAll('-', MINUS);
}

/** A number with a fixed count of decimals, in the page's language, and a real minus sign; never `−0.00`. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  return written(value < 0 && Number(text) !== 0 ? `-${text}` : text);
}

/** {@link fixed} with its sign always shown. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
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
  return Number.isFinite(low) && Number.isFinite(high) ? t('{0} to {1}', points(low), points(high)) : NONE;
}

/** A whole number with its thousands separated, `1,024`. */
export function count(value: number): string {
  return Number.isFinite(value) ? WHOLE.format(Math.round(value) + 0) : NONE;
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
  if (size >= 1e5 || size < 1e-3) return written(value.toExponential(2));
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
  if (seconds < 1) return t('under 1 s');
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment, from ISO 8601. */
export function moment(iso: string): string {
  // The system's own way to write it, unless the page speaks another language.
  return new Date(iso).toLocaleString(LANGUAGE === 'en' ? undefined : LANGUAGE);
}

/** The phase of a study in words. */
export function phase(progress: Progress): string {
  switch (progress.phase) {
    case 'reading':
      return t('Reading model and data');
    case 'preprocessing':
      return t('Choosing the preprocessing');
    case 'baseline':
      return t('Measuring the network as it is');
    case 'measures':
      return t('Finding the other measures');
    case 'sweep':
      return t('Deleting every neuron, one at a time');
    case 'ranking':
      return t('Ranking the neurons');
    case 'measuring':
      return t('Measuring');
    case 'training':
      return t('Training');
    case 'checking':
      return t('Checking the saved model');
    case 'writing':
      return t('Writing the results');
  }
}
