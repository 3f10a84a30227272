import { basename, dirname } from 'node:path';
import type { RunRecord } from '../protocol/run';
import type { StudySpec } from '../protocol/study';

/** The file of a `path#array` reference. */
export function fileOf(reference: string): string {
  const at = reference.lastIndexOf('#');
  return at > 0 ? reference.slice(0, at) : reference;
}

/** The array of a `path#array` reference; null when none is named. */
export function arrayOf(reference: string): string | null {
  const at = reference.lastIndexOf('#');
  return at > 0 ? reference.slice(at + 1) : null;
}

/** What people call a model: its folder where the file is plainly `model.json`, else the file's stem. */
export function modelName(path: string): string {
  const stem = basename(path).replace(/\.[^.]+$/, '');
  const folder = basename(dirname(path));
  return stem.toLowerCase() === 'model' && folder !== '' ? folder : stem;
}

/** Title of a study: `generalizes · test.npz`. */
export function studyTitle(spec: Pick<StudySpec, 'model' | 'data'>): string {
  return `${modelName(spec.model)} · ${basename(fileOf(spec.data))}`;
}

/** `28 × 28 uint8`. */
export function shapeText(shape: readonly (number | null)[], dtype?: string): string {
  const sizes = shape.map((size) => size ?? '?').join(' × ');
  return dtype === undefined ? sizes : `${sizes} ${dtype}`;
}

/** What a run is called: the name its user gave it, else its study's title. */
export function runTitle({ name, spec }: Pick<RunRecord, 'name' | 'spec'>): string {
  return name ?? studyTitle(spec);
}
