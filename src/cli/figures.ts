import type { BackendInfo } from '../protocol/run';
import { scaleFormula } from '../protocol/scale';
import type { Scale } from '../protocol/study';

/** What stands in a table where nothing was computed. */
export const MISSING = '–';

/** A fraction in percent: `99.29 %`. */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}

/** A difference of accuracies (a fraction) in points: `6.60`; a hyphen for minus would be lost in a column. */
export function points(fraction: number): string {
  return Number.isNaN(fraction) ? MISSING : decimals(fraction * 100, 2);
}

/** A number with so many decimals and a real minus sign; never `−0.00`. */
export function decimals(value: number, digits: number): string {
  if (Number.isNaN(value)) return MISSING;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A count with thousands marked: `8,000`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `1 neuron`, `2 neurons`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** What computes, in a line; and why it is not native, where it is not. */
export function backendText(backend: BackendInfo): string {
  const threads = plural(backend.threads, 'thread');
  if (backend.name === 'wasm') return `WASM (${threads}). ${backend.fallback ?? ''}`.trimEnd();
  const onednn = backend.onednn === null ? '' : `, oneDNN ${backend.onednn ? 'on' : 'off'}`;
  return `tfjs-node (TensorFlow ${backend.tensorflow ?? 'of unknown version'}, ${threads}${onednn})`;
}

/** A scale with its formula: `0..1 (x / 255)`. */
export function scaleText(scale: Scale): string {
  return `${scale} (${scaleFormula(scale)})`;
}

/** A text broken between words so that no line is longer than `width`; further lines begin with `indent`. */
export function wrap(text: string, indent = '', width = 80): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && [...line].length + 1 + [...word].length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
