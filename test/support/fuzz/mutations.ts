/** Seeded choices for mutations (mulberry32). */
export class Chance {
  private state: number;

  /** @param key any text; the same one gives the same choices */
  constructor(key: string) {
    this.state = 0x811c9dc5;
    for (const byte of Buffer.from(key)) this.state = Math.imul(this.state ^ byte, 0x01000193);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number of `0 … count − 1`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** One to four changes of a file. */
export function mutateBytes(bytes: Uint8Array, chance: Chance): Uint8Array {
  let content: Buffer = Buffer.from(bytes);
  for (let change = chance.below(4); change >= 0; change--)
    content = chance.pick(BYTE_CHANGES)(content, chance);
  return content;
}

/** One to three changes of parsed JSON, as text. */
export function mutateJson(json: unknown, chance: Chance): string {
  const holder = { json: structuredClone(json) };
  for (let change = chance.below(3); change >= 0; change--) changeValue(holder, chance);
  const text = JSON.stringify(holder.json);
  const depth = chance.pick([20, 900, 60_000]);
  const [open, close] = chance.pick([['[', ']'] as const, ['{"config":', '}'] as const]);
  return text.replaceAll(`"${DEEP}"`, () => `${open.repeat(depth)}0${close.repeat(depth)}`);
}

type ByteChange = (content: Buffer, chance: Chance) => Buffer;

const EXTREMES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  10_000_000_000n,
  0x7fffffffffffffffn,
  0xffffffffffffffffn,
];

/** Where a change begins: headers are hit more often than their share. */
function place(content: Buffer, chance: Chance): number {
  const within = chance.pick([64, 512, content.length, content.length]);
  const at = chance.below(Math.min(within, content.length));
  return chance.below(4) === 0 ? content.length - 1 - at : at;
}

const BYTE_CHANGES: readonly ByteChange[] = [
  // Bits and bytes.
  (content, chance) => {
    if (content.length > 0) content[place(content, chance)]! ^= 1 << chance.below(8);
    return content;
  },
  (content, chance) => {
    if (content.length > 0)
      content[place(content, chance)] = chance.pick([0, 1, 0x7f, 0x80, 0xff, 0x30, 0x5d, 0x22]);
    return content;
  },
  // A number that may be a length.
  (content, chance) => {
    const width = chance.pick([2, 4, 8]);
    if (content.length < width) return content;
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(chance.pick(EXTREMES));
    const part = number.subarray(0, width);
    if (chance.below(2) === 0) part.reverse();
    part.copy(content, Math.min(place(content, chance), content.length - width));
    return content;
  },
  // The end, or a part of the middle, is missing.
  (content, chance) => content.subarray(0, chance.below(content.length + 1)),
  (content, chance) => {
    if (content.length === 0) return content;
    const at = place(content, chance);
    return Buffer.concat([content.subarray(0, at), content.subarray(at + 1 + chance.below(64))]);
  },
  // More stands there.
  (content, chance) => {
    const at = content.length === 0 ? 0 : place(content, chance);
    const more = Buffer.from(Array.from({ length: 1 + chance.below(40) }, () => chance.below(256)));
    return Buffer.concat([content.subarray(0, at), more, content.subarray(at)]);
  },
  (content, chance) => {
    if (content.length === 0) return content;
    const at = place(content, chance);
    const part = content.subarray(at, at + 1 + chance.below(256));
    const to = place(content, chance);
    return Buffer.concat([content.subarray(0, to), part, content.subarray(to)]);
  },
  // Digits of a text become others.
  (content, chance) => {
    const digits = [...content.keys()].filter((at) => content[at]! >= 0x30 && content[at]! <= 0x39);
    if (digits.length === 0) return content;
    const at = chance.pick(digits);
    const number = chance.pick(['-1', '0', '99999999999', '1e999', '0.5', 'NaN', '007', '']);
    return Buffer.concat([content.subarray(0, at), Buffer.from(number), content.subarray(at + 1)]);
  },
];

/** Stands for a value nested deeply, until the text is made. */
const DEEP = '@deep';

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  0.5,
  1e9,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'x',
  'a/b',
  '../x',
  '/etc/hostname',
  '__proto__',
  'constructor',
  'NaN',
  '\u0000',
  'ü'.repeat(5000),
  [],
  {},
  [[]],
  [null],
  [-1],
  [1e9],
  DEEP,
  DEEP,
];

/** A value inside JSON. */
interface Spot {
  readonly parent: Record<string | number, unknown>;
  readonly key: string | number;
}

function spots(value: unknown, into: Spot[] = []): Spot[] {
  if (typeof value !== 'object' || value === null) return into;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    into.push({ parent: value as Spot['parent'], key });
    spots((value as Spot['parent'])[key], into);
  }
  return into;
}

function changeValue(holder: { json: unknown }, chance: Chance): void {
  const all = spots(holder);
  const { parent, key } = chance.pick(all);
  const value = parent[key];
  const alike = all.map((spot) => spot.parent[spot.key]).filter((other) => typeof other === typeof value);
  switch (chance.below(6)) {
    case 0:
      // What stands elsewhere: a name twice, a reference in a circle, a layer inside a layer.
      parent[key] = structuredClone(chance.pick(alike));
      return;
    case 1:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (parent !== (holder as object)) Reflect.deleteProperty(parent, key);
      return;
    case 2:
      if (Array.isArray(parent)) parent.splice(chance.below(parent.length + 1), 0, structuredClone(value));
      else parent[chance.pick(['name', 'config', 'class_name', 'extra'])] = structuredClone(value);
      return;
    case 3:
      if (typeof value === 'number') {
        parent[key] = chance.pick([value + 1, value - 1, -value, value * 1e6, value / 2, String(value)]);
        return;
      }
      parent[key] = chance.pick(VALUES);
      return;
    default:
      parent[key] = chance.pick(VALUES);
  }
}
