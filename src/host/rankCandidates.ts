import { basename, dirname } from 'node:path';
import type { DataCandidate, ModelInfo } from '../protocol/study';
import { folderSteps } from './dataOrder';
import { arrayOf, fileOf } from './names';

/** Why data cannot be a model's: its samples' shape, more classes than it tells apart, or an input without values. */
export type Misfit = 'shape' | 'classes' | 'inputs';

/** Data offered for a model: what can be its data, the likeliest first, and what cannot, with why not. */
export interface RankedCandidates {
  readonly fitting: readonly DataCandidate[];
  readonly unfitting: readonly { readonly candidate: DataCandidate; readonly reason: Misfit }[];
}

/**
 * Orders data by plausibility: as many classes as the model tells apart, with the names that the model has for them,
 * the exact input shape, then pictures, which are brought to it, near the model's file, test data before training data,
 * then by name.
 */
export function rankCandidates(model: ModelInfo, candidates: readonly DataCandidate[]): RankedCandidates {
  const fitting: { candidate: DataCandidate; key: readonly (number | string)[] }[] = [];
  const unfitting: RankedCandidates['unfitting'][number][] = [];
  for (const candidate of candidates) {
    const classes = candidate.class_counts.length;
    if ((candidate.missing_inputs ?? []).length > 0) unfitting.push({ candidate, reason: 'inputs' });
    else if (!fitsInput(inputFor(model, candidate), candidate.shape))
      unfitting.push({ candidate, reason: 'shape' });
    else if (classes > classesTold(model)) unfitting.push({ candidate, reason: 'classes' });
    else fitting.push({ candidate, key: keyOf(model, candidate) });
  }
  fitting.sort((a, b) => compareKeys(a.key, b.key));
  return { fitting: fitting.map(({ candidate }) => candidate), unfitting };
}

/** The shape that samples are to have: that of the input which the array is named after, else of the first. */
function inputFor({ input, inputs }: ModelInfo, { data }: DataCandidate): ModelInfo['input'] {
  const array = arrayOf(data);
  return inputs.find(({ name }) => array === name || array === `${name}_test`)?.shape ?? input;
}

/** Can samples of `shape` be the model's input: size by size, or by reshaping where all sizes are known? */
export function fitsInput(input: ModelInfo['input'], shape: readonly number[]): boolean {
  if (sameShape(input, shape)) return true;
  const free = input.filter((size) => size === null).length;
  if (free === 0) return product(input as readonly number[]) === product(shape);
  // One grey channel is often left out of the stored shape.
  return sameShape(input, [...shape, 1]);
}

/** How many classes a model tells apart: two by a single sigmoid output. */
export function classesTold(model: ModelInfo): number {
  return model.classes === 1 ? 2 : model.classes;
}

function sameShape(input: ModelInfo['input'], shape: readonly number[]): boolean {
  return input.length === shape.length && input.every((size, axis) => size === null || size === shape[axis]);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}

function keyOf(model: ModelInfo, candidate: DataCandidate): readonly (number | string)[] {
  const file = fileOf(candidate.data);
  const name = basename(file).toLowerCase();
  const training = /test|valid|\bval\b|t10k/.test(name) ? 0 : name.includes('train') ? 2 : 1;
  return [
    candidate.class_counts.length === classesTold(model) ? 0 : 1,
    namesApart(model, candidate),
    candidate.format === 'folder' ? 1 : sameShape(inputFor(model, candidate), candidate.shape) ? 0 : 2,
    folderSteps(dirname(model.path), dirname(file)),
    training,
    file,
  ];
}

/** 0: the model has these classes by name · 1: the names of one of the two are not known · 2: it has others. */
function namesApart({ class_names }: ModelInfo, { class_counts }: DataCandidate): 0 | 1 | 2 {
  const plain = (name: string): string => name.trim().toLowerCase();
  const labels = class_counts.map(({ label }) => plain(label));
  if (class_names === undefined || labels.every((label) => /^-?\d+$/.test(label))) return 1;
  const known = new Set(class_names.map(plain));
  return labels.every((label) => known.has(label)) ? 0 : 2;
}

function compareKeys(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
