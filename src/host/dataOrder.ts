import { dirname, relative, sep } from 'node:path';

/** A file or folder that may hold data. */
export interface DataSource {
  readonly path: string;
  /** In bytes; null for a folder. */
  readonly size: number | null;
}

/** Files beyond (bytes) wait for the others, that a list fills quickly. */
const LARGE = 2 ** 26;

/** The paths, those first that are small and near the model's file, where there is one. */
export function lookAtFirst(sources: readonly DataSource[], model: string | null): string[] {
  const isLarge = ({ size }: DataSource): boolean => size !== null && size > LARGE;
  const near = ({ path }: DataSource): number =>
    model === null ? 0 : folderSteps(dirname(model), dirname(path));
  return [...sources]
    .sort(
      (a, b) => Number(isLarge(a)) - Number(isLarge(b)) || near(a) - near(b) || (a.path < b.path ? -1 : 1),
    )
    .map(({ path }) => path);
}

/** Steps from one folder to another. */
export function folderSteps(from: string, to: string): number {
  return relative(from, to).split(sep).filter(Boolean).length;
}
