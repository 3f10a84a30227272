/** An axis of numbers: how far it goes and where its marks are. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Equal lengths are equal factors; it has no place for 0 and below. */
  readonly log: boolean;
  readonly ticks: readonly AxisTick[];
}

/** A mark on an axis. */
export interface AxisTick {
  readonly value: number;
  readonly text: string;
}

/** How an axis is made. */
export interface AxisOptions {
  readonly log: boolean;
  /** A value times this is what the marks say: 100 for points. */
  readonly factor: number;
  /** About how many marks. */
  readonly ticks: number;
  /** Writes a number with so many decimals; as JavaScript does when absent. */
  readonly write?: (value: number, decimals: number) => string;
  /** The ends, where they do not depend on the values. */
  readonly ends?: readonly [low: number, high: number];
}

/** Room beyond the outermost values, as a share of the axis. */
const PAD = 0.035;

/** An axis that shows all values that have a place on it. Marks are at 1, 2 or 5 times a power of ten. */
export function axisOf(values: Iterable<number>, options: AxisOptions): Axis {
  let low = Infinity;
  let high = -Infinity;
  for (const value of options.ends ?? values) {
    if (!Number.isFinite(value) || (options.log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = options.log ? [0.1, 1] : [0, 1];
  return options.log ? logAxis(low, high, options) : linearAxis(low, high, options);
}

/** Where a value lies on the axis, 0 … 1; NaN where it has no place. */
export function placeOn({ low, high, log }: Axis, value: number): number {
  if (!Number.isFinite(value) || (log && value <= 0)) return NaN;
  return log
    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value - low) / (high - low);
}

function linearAxis(least: number, most: number, { factor, ticks, write }: AxisOptions): Axis {
  // Where 0 is not far it belongs to the picture.
  let low = least > 0 && least < 0.5 * most ? 0 : least;
  let high = most < 0 && most > 0.5 * least ? 0 : most;
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 0.5;
    [low, high] = [low - room, high + room];
  }
  const step = niceStep((high - low) / Math.max(1, ticks));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const marks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const room = (high - low) * PAD;
  return {
    low: low - room,
    high: high + room,
    log: false,
    ticks: marks.map((value) => ({ value, text: tickText(value * factor, step * factor, write) })),
  };
}

function logAxis(low: number, high: number, { factor, ticks, write }: AxisOptions): Axis {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const room = Math.max(0.08, (to - from) * PAD);
  const axis = { low: 10 ** (from - room), high: 10 ** (to + room), log: true };
  const decades: number[] = [];
  const every = Math.max(1, Math.ceil((to - from) / Math.max(1, ticks)));
  for (let power = Math.floor(from) - 1; power <= Math.ceil(to); power += every) decades.push(power);
  const within = (value: number): boolean => value >= axis.low && value <= axis.high;
  const marks = (steps: readonly number[]): number[] =>
    decades.flatMap((power) => steps.map((step) => Number(`${step}e${power}`))).filter(within);
  const plain = marks([1]);
  const shown = plain.length >= 3 || every > 1 ? plain : marks([1, 2, 5]);
  return {
    ...axis,
    ticks: shown.map((value) => ({ value, text: tickText(value * factor, value * factor, write) })),
  };
}

/** The least of 1, 2, 5 times a power of ten that is not below `size`. */
export function niceStep(size: number): number {
  const power = Math.floor(Math.log10(size));
  const digit = size / 10 ** power;
  const nice = [1, 2, 5, 10].find((step) => step >= digit - 1e-9) ?? 10;
  return Number(`${nice}e${power}`);
}

/** A mark's number with the decimals that its distance to the next one needs. */
function tickText(value: number, step: number, write = plainly): string {
  if (Math.abs(value) < step * 1e-6) return '0';
  const power = Math.floor(Math.log10(step) + 1e-9);
  if (power < -4 || Math.abs(value) >= 1e6) {
    return Number(value.toPrecision(3)).toExponential().replace('e+', 'e').replaceAll('-', '−');
  }
  return write(value, Math.max(0, -power));
}

function plainly(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', '−');
}
