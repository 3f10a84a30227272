import * as v from 'valibot';
import type { UnitRef } from './study';

/** Longest name of a set, a picture, a site. */
export const MOST_NAME = 200;

/** A unit as it crosses between host and webview; whether the run has it is another question. */
export function isUnitRef(value: unknown): value is UnitRef {
  if (typeof value !== 'object' || value === null || !('site' in value) || !('unit' in value)) return false;
  const { site, unit } = value;
  return typeof site === 'string' && Number.isInteger(unit) && (unit as number) >= 0;
}

/** A number, NaN (not known) too. */
export const number = v.custom<number>((value) => typeof value === 'number');
/** How many, or which: a whole number from 0. */
export const whole = v.custom<number>((value) => Number.isInteger(value) && (value as number) >= 0);
export const unit = v.custom<UnitRef>(isUnitRef);
/** Checked by hand: there may be a hundred thousand. */
export const units = v.custom<readonly UnitRef[]>((value) => Array.isArray(value) && value.every(isUnitRef));
/** What a user types as a name. */
export const name = v.pipe(
  v.string(),
  v.maxLength(MOST_NAME),
  v.check((text) => text.trim() !== ''),
);

/** What each type of message carries beside its type. */
export type Schemas<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: v.GenericSchema<
    unknown,
    Omit<Extract<Message, { readonly type: Type }>, 'type'>
  >;
};

/** Says whether something that arrived is one of the messages. Never throws. */
export type Guard<Message> = (data: unknown) => data is Message;

/** The guard of some messages. */
export function guardOf<Message extends { readonly type: string }>(
  schemas: Schemas<Message>,
): Guard<Message> {
  const byType = new Map<unknown, v.GenericSchema>(Object.entries(schemas));
  return (data): data is Message => {
    if (typeof data !== 'object' || data === null || !('type' in data)) return false;
    const schema = byType.get(data.type);
    return schema !== undefined && v.is(schema, data);
  };
}
