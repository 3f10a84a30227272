import * as v from 'valibot';
import { Failure } from '../../../protocol/failure';

/** What a tool takes: an object of named properties, and no others. */
export type InputSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/**
 * Reads what a language model gave a tool.
 * @param schema its pieces say as their message what the property is: `a text`
 * @throws Failure with a sentence on the first thing that is wrong
 */
export function readInput<S extends InputSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const names = Object.keys(schema.entries).join(', ');
  const place = v.getDotPath(issue);
  if (place === null) throw new Failure(`The input must be an object with some of these: ${names}.`);
  if (issue.expected === 'never') throw new Failure(`There is no property ${place}; there are ${names}.`);
  if (issue.received === 'undefined') throw new Failure(`The property ${place} is missing.`);
  throw new Failure(`The property ${place} is ${issue.received}: it must be ${issue.message}.`);
}

/** A text that says something. */
export const text = v.pipe(
  v.string('a text'),
  v.maxLength(1000, 'a text of at most 1,000 characters'),
  v.check((value) => value.trim() !== '', 'a text that is not empty'),
);

/** A whole number from 0. */
export const natural = v.pipe(
  v.number('a whole number'),
  v.safeInteger('a whole number'),
  v.minValue(0, 'a whole number from 0'),
);

/** A whole number from 1 to `most`. */
export function countTo(most: number): v.GenericSchema<unknown, number> {
  const what = `a whole number from 1 to ${most}`;
  return v.pipe(v.number(what), v.safeInteger(what), v.minValue(1, what), v.maxValue(most, what));
}
