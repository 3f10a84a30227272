import { basename } from 'node:path/posix';
import { runInNewContext } from 'node:vm';
import { Failure } from '../../../protocol/failure';
import { inOrder } from './imageTree';

const LONGEST = 1000;
/** Milliseconds within which all names must be matched; a pattern can take for ever. */
const TIME_LIMIT = 2000;

/** The pictures that a pattern matches, and their classes. */
export interface PatternLabels {
  readonly images: readonly string[];
  readonly labels: Int32Array;
  /** In code point order; null where all are whole numbers, which are the labels themselves. */
  readonly names: readonly string[] | null;
}

/**
 * Reads classes from names of files: the first group of a regular expression that is looked for in each. Files that
 * it does not match are left out.
 *
 * @param images paths with `/`
 * @param file the data, for what goes wrong
 * @throws Failure when it is no regular expression, has no group, takes too long or matches nothing
 */
export function labelsByPattern(images: readonly string[], pattern: string, file: string): PatternLabels {
  const found = firstGroups(
    images.map((image) => basename(image)),
    pattern,
    file,
  );
  const matched = images.flatMap((image, i) => {
    const name = found[i];
    return typeof name === 'string' && name !== '' ? [{ image, name }] : [];
  });
  if (matched.length === 0) {
    throw new Failure(
      `The label pattern ${pattern} matches none of the ${images.length} pictures in ${file}, the first of which is ` +
        `${basename(images[0] ?? '')}: its first group is to be the class.`,
      { file },
    );
  }
  return { images: matched.map(({ image }) => image), ...numbered(matched.map(({ name }) => name)) };
}

/** Classes of names: in code point order, or the numbers that they are. */
export function numbered(each: readonly string[]): Pick<PatternLabels, 'labels' | 'names'> {
  if (each.every((name) => /^\d{1,9}$/.test(name)))
    return { labels: Int32Array.from(each, Number), names: null };
  const names = inOrder([...new Set(each)]);
  const index = new Map(names.map((name, i) => [name, i]));
  return { labels: Int32Array.from(each, (name) => index.get(name) ?? -1), names };
}

/** What the first group is in each name; in a context of its own, since only there it can be stopped. */
function firstGroups(names: readonly string[], pattern: string, file: string): readonly unknown[] {
  const refuse = (why: string, cause?: unknown): Failure =>
    new Failure(`The label pattern ${pattern.slice(0, LONGEST)} ${why}; try one such as ^([a-z]+)_.`, {
      file,
      cause,
    });
  if (pattern.length > LONGEST) throw refuse('is too long');
  try {
    if ((new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 0) < 2) {
      throw refuse('has no group in parentheses that is the class');
    }
    const matching = 'const find = new RegExp(pattern, "u"); names.map((name) => find.exec(name)?.[1])';
    return runInNewContext(matching, { names, pattern }, { timeout: TIME_LIMIT }) as unknown[];
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const isSlow = (cause as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw refuse(isSlow ? 'takes too long to match' : 'is not a regular expression', cause);
  }
}
