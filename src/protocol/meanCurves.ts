import type { CurvePoint, NoisePoint } from './curves';

/** The mean, and the standard deviation with n − 1; null for one value. */
export function meanAndDeviation(values: readonly number[]): {
  readonly mean: number;
  readonly deviation: number | null;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** One quantity along a curve, over its repeats. */
export interface MeanLine {
  /** At every place. */
  readonly mean: readonly number[];
  /** With n − 1; null for one repeat. */
  readonly deviation: readonly (number | null)[];
  /** The repeats, each a value a place; one that is not finished has fewer. */
  readonly repeats: readonly (readonly number[])[];
}

/** A kind of curve with the mean and the spread of its repeats at every point. */
export interface MeanCurve {
  readonly data: CurvePoint['data'];
  readonly sites: string;
  readonly order: CurvePoint['order'];
  readonly direction: CurvePoint['direction'];
  readonly fractions: readonly number[];
  readonly accuracy: MeanLine;
  /** Nats. */
  readonly loss: MeanLine;
}

/** Noise of growing size with the mean and the spread of its repeats. */
export interface MeanNoise {
  readonly scales: readonly number[];
  readonly accuracy: MeanLine;
  /** Nats. */
  readonly loss: MeanLine;
}

/** Groups points by kind of curve, in the order they come in. Unfinished curves must have been left out. */
export function meanCurves(points: readonly CurvePoint[]): MeanCurve[] {
  const kinds = groupBy(points, ({ data, sites, order, direction }) =>
    [data, sites, order, direction].join('\n'),
  );
  return kinds.map((own) => {
    const { data, sites, order, direction } = own[0]!;
    const repeats = groupBy(own, ({ repeat }) => repeat);
    return {
      data,
      sites,
      order,
      direction,
      fractions: repeats[0]!.map(({ fraction }) => fraction),
      accuracy: lineOf(repeats, ({ accuracy }) => accuracy),
      loss: lineOf(repeats, ({ loss }) => loss),
    };
  });
}

/** The rows of a run of noise, by scale; a repeat that is not finished counts where it has come to. */
export function meanNoise(points: readonly NoisePoint[]): MeanNoise {
  const repeats = groupBy(points, ({ repeat }) => repeat);
  return {
    scales: repeats[0]?.map(({ scale }) => scale) ?? [],
    accuracy: lineOf(repeats, ({ accuracy }) => accuracy),
    loss: lineOf(repeats, ({ loss }) => loss),
  };
}

function lineOf<Row>(repeats: readonly (readonly Row[])[], value: (row: Row) => number): MeanLine {
  const lines = repeats.map((rows) => rows.map(value));
  const spread = (lines[0] ?? []).map((_, i) =>
    meanAndDeviation(lines.flatMap((line) => (i < line.length ? [line[i]!] : []))),
  );
  return {
    mean: spread.map(({ mean }) => mean),
    deviation: spread.map(({ deviation }) => deviation),
    repeats: lines,
  };
}

function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string | number): Row[][] {
  const groups = new Map<string | number, Row[]>();
  for (const row of rows) {
    const known = groups.get(key(row));
    if (known === undefined) groups.set(key(row), [row]);
    else known.push(row);
  }
  return [...groups.values()];
}
