/**
 * The attributes of a graph's node, as protobuf writes them to JSON: `{ "strides": { "list": { "i": ["1", "2"] } } }`,
 * text in base64. What is absent or of another type is undefined: the file is not to be trusted.
 */
export class Attributes {
  constructor(private readonly raw: Readonly<Record<string, unknown>>) {}

  /** Text, such as `SAME`. */
  text(name: string): string | undefined {
    return decoded(this.field(name, 's'));
  }

  /** A list of texts. */
  texts(name: string): string[] {
    return this.list(name, 's').flatMap((each) => decoded(each) ?? []);
  }

  /** A list of whole numbers. */
  numbers(name: string): number[] {
    return this.list(name, 'i').map(Number);
  }

  /** A number, whole or not. */
  number(name: string): number | undefined {
    const value = this.field(name, 'f') ?? this.field(name, 'i');
    return value === undefined ? undefined : Number(value);
  }

  flag(name: string): boolean {
    return this.field(name, 'b') === true;
  }

  /** A type of elements, such as `DT_FLOAT`. */
  type(name: string): string | undefined {
    const value = this.field(name, 'type');
    if (typeof value === 'number') return TYPES[value];
    return typeof value === 'string' ? value : undefined;
  }

  /** Sizes of a shape, −1 where one is free; undefined where the rank is not known. */
  shape(name: string): number[] | undefined {
    return sizesOf(this.field(name, 'shape'));
  }

  private field(name: string, kind: string): unknown {
    return Object.hasOwn(this.raw, name) ? recordOf(this.raw[name])[kind] : undefined;
  }

  private list(name: string, kind: string): unknown[] {
    const values = recordOf(this.field(name, 'list'))[kind];
    return Array.isArray(values) ? (values as unknown[]) : [];
  }
}

/** A parsed object's fields; none of anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Sizes in a shape as protobuf writes it, −1 where one is free; undefined where it tells no rank. */
export function sizesOf(shape: unknown): number[] | undefined {
  const fields = recordOf(shape);
  if (typeof shape !== 'object' || fields['unknownRank'] === true || fields['unknown_rank'] === true) {
    return undefined;
  }
  const { dim = [] } = fields;
  if (!Array.isArray(dim)) return undefined;
  return dim.map((each) => Number(recordOf(each)['size'] ?? 0));
}

function decoded(text: unknown): string | undefined {
  if (typeof text === 'string') return Buffer.from(text, 'base64').toString('latin1');
  return Array.isArray(text) ? Buffer.from(text as number[]).toString('latin1') : undefined;
}

/** Numbers of protobuf's types of elements, as old converters wrote them. */
const TYPES: Readonly<Record<number, string>> = {
  1: 'DT_FLOAT',
  2: 'DT_DOUBLE',
  3: 'DT_INT32',
  4: 'DT_UINT8',
  7: 'DT_STRING',
  9: 'DT_INT64',
  10: 'DT_BOOL',
  19: 'DT_HALF',
};
