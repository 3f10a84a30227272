/** Pictures of runs: those of an analysis, then those of curves and of noise. */
export const PICTURES = ['importance', 'selectivity', 'map', 'scatter', 'curves', 'noise'] as const;

/** One of them. */
export type PictureName = (typeof PICTURES)[number];
