/** How one number is stored: its kind, its size in bytes and its byte order. */
export interface ElementType {
  /** `uint8`, `float32`, `bool`, … */
  readonly name: string;
  readonly kind: 'bool' | 'int' | 'uint' | 'float';
  readonly size: number;
  readonly little: boolean;
}

/** An element type; `size` in bytes. */
export function elementType(kind: ElementType['kind'], size: number, little: boolean): ElementType {
  return { name: kind === 'bool' ? 'bool' : `${kind}${size * 8}`, kind, size, little };
}

/**
 * The numbers stored in `bytes`, in order. 64-bit integers beyond ±2^53 lose their last digits.
 *
 * @param bytes whole elements, as stored
 * @param into where they go: as many numbers as there are elements
 */
export function decode<T extends Float32Array | Float64Array>(
  type: ElementType,
  bytes: Uint8Array,
  into: T,
): T {
  const { kind, size } = type;
  if (kind === 'float' && size === 2) return decodeHalves(words16(type, bytes), into);
  if (size === 8 && kind !== 'float') return decodeLongs(type, bytes, into);
  into.set(view(type, native(type, bytes)));
  if (kind === 'bool') for (let i = 0; i < into.length; i++) into[i] = into[i] === 0 ? 0 : 1;
  return into;
}

type Numbers =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

function view(type: ElementType, { buffer, byteOffset, byteLength }: Uint8Array): Numbers {
  const count = byteLength / type.size;
  switch (`${type.kind}${type.size}`) {
    case 'int1':
      return new Int8Array(buffer, byteOffset, count);
    case 'int2':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint2':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int4':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint4':
      return new Uint32Array(buffer, byteOffset, count);
    case 'float4':
      return new Float32Array(buffer, byteOffset, count);
    case 'float8':
      return new Float64Array(buffer, byteOffset, count);
    default:
      return new Uint8Array(buffer, byteOffset, count);
  }
}

/** The same elements in this machine's (little-endian) order at an address that a typed array can view. */
function native(type: ElementType, bytes: Uint8Array): Uint8Array {
  if (type.size === 1) return bytes;
  if (type.little && bytes.byteOffset % type.size === 0) return bytes;
  const copy = bytes.slice();
  if (type.little) return copy;
  const buffer = Buffer.from(copy.buffer);
  if (type.size === 2) buffer.swap16();
  else if (type.size === 4) buffer.swap32();
  else buffer.swap64();
  return copy;
}

function words16(type: ElementType, bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, byteLength } = native(type, bytes);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

function decodeLongs<T extends Float32Array | Float64Array>(
  type: ElementType,
  bytes: Uint8Array,
  into: T,
): T {
  const { buffer, byteOffset, byteLength } = native(type, bytes);
  const low = new Uint32Array(buffer, byteOffset, byteLength / 4);
  const high = type.kind === 'int' ? new Int32Array(buffer, byteOffset, byteLength / 4) : low;
  for (let i = 0; i < into.length; i++) into[i] = (high[2 * i + 1] ?? 0) * 2 ** 32 + (low[2 * i] ?? 0);
  return into;
}

function decodeHalves<T extends Float32Array | Float64Array>(halves: Uint16Array, into: T): T {
  for (let i = 0; i < into.length; i++) into[i] = half(halves[i] ?? 0);
  return into;
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
