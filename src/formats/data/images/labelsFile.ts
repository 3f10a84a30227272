import { basename, extname } from 'node:path/posix';
import { Failure } from '../../../protocol/failure';
import { checkSameLength, type LabelSet } from '../labels';

/** Pictures, the class of each, and the names of the classes where they have any. */
export interface KeyedLabels {
  readonly images: readonly string[];
  readonly labels: Int32Array;
  readonly names: readonly string[] | null;
}

/**
 * Brings pictures and labels together. Labels that name their picture (its path, its name, or that without the
 * extension) belong to it; what has no partner is left out. Others belong to the pictures in order.
 *
 * @param images paths with `/`, in order
 * @param file the folder of the pictures
 * @throws Failure when no label names a picture, one is named twice with different labels, or the numbers differ
 */
export function matchKeys(images: readonly string[], given: LabelSet, file: string): KeyedLabels {
  const { keys, labels, names, title } = given;
  if (keys === undefined) {
    checkSameLength({ title: file, count: images.length, file }, { title, count: labels.length });
    return { images, labels, names };
  }
  const find = finder(images);
  const classes = new Map<string, number>();
  for (const [row, key] of keys.entries()) {
    const image = find(key);
    if (image === undefined) continue;
    const label = labels[row] ?? 0;
    if ((classes.get(image) ?? label) !== label) {
      throw new Failure(`${title} gives ${image} more than one class: a picture needs one.`, {
        file: given.file,
      });
    }
    classes.set(image, label);
  }
  if (classes.size === 0) {
    throw new Failure(
      `${title} names none of the ${images.length} pictures in ${file}: it begins with ${JSON.stringify(keys[0] ?? '')}.`,
      { file: given.file },
    );
  }
  const labelled = images.filter((image) => classes.has(image));
  return { images: labelled, labels: Int32Array.from(labelled, (image) => classes.get(image) ?? 0), names };
}

/** Finds a picture by its path, by its name, by that without extension: by the first that is unmistakable. */
function finder(images: readonly string[]): (key: string) => string | undefined {
  const stem = (name: string): string => name.slice(0, name.length - extname(name).length);
  const maps = [
    (image: string) => image,
    (image: string) => basename(image),
    (image: string) => stem(basename(image)),
  ].map((part) => {
    const map = new Map<string, string | undefined>();
    for (const image of images) map.set(part(image), map.has(part(image)) ? undefined : image);
    return map;
  });
  return (key) => {
    const path = key.trim().replaceAll('\\', '/').replace(/^\.\//, '');
    const [byPath, byName, byStem] = maps;
    return byPath?.get(path) ?? byName?.get(basename(path)) ?? byStem?.get(basename(path));
  };
}
