import { decode, elementType, type ElementType } from '../data/elements';
import type { Library } from './library';

/** The library's own description of an array. */
export type Metadata = ReturnType<Library['get_dataset_metadata']>;

/** The library's codes of types. */
const INTEGER = 0;
const FLOAT = 1;
const TEXT = 3;
const ENUMERATION = 8;

/** The type of an array's numbers; null where its elements are none. */
export function elementOf(metadata: Metadata): ElementType | null {
  const { type, size, signed, enum_type: names } = metadata;
  if (type === FLOAT && [2, 4, 8].includes(size)) return elementType('float', size, true);
  if (type === ENUMERATION && size === 1 && names?.members['FALSE'] === 0 && names.members['TRUE'] === 1)
    return elementType('bool', 1, true);
  if ((type === INTEGER || type === ENUMERATION) && [1, 2, 4, 8].includes(size))
    return elementType(signed ? 'int' : 'uint', size, true);
  return null;
}

/** Do the elements hold text? */
export function isText(metadata: Metadata): boolean {
  return metadata.type === TEXT;
}

/** Takes some of the library's memory for as long as `use` runs. */
export function withMemory<T>(library: Library, bytes: number, use: (at: number) => T): T {
  const at = library._malloc(bytes);
  if (at === 0) throw new Error('Out of memory');
  try {
    return use(at);
  } finally {
    library._free(at);
  }
}

/**
 * What the library has put into its memory; null where it is neither numbers nor texts.
 * @param free called once texts that the library keeps elsewhere are read
 */
export function textsOrNumbers(
  library: Library,
  metadata: Metadata,
  at: number,
  bytes: number,
  free: () => unknown,
): (string[] | number[]) | null {
  const content = library.HEAPU8.slice(at, at + bytes);
  if (metadata.type === TEXT && metadata.vlen) {
    const texts = [...new Uint32Array(content.buffer)].map((text) =>
      text === 0 ? '' : library.UTF8ToString(text),
    );
    free();
    return texts;
  }
  if (metadata.type === TEXT) {
    const buffer = Buffer.from(content.buffer);
    return Array.from({ length: bytes / metadata.size }, (_, i) => {
      const text = buffer.subarray(i * metadata.size, (i + 1) * metadata.size);
      const end = text.indexOf(0);
      return text.toString('utf8', 0, end < 0 ? text.length : end);
    });
  }
  const element = elementOf(metadata);
  if (element === null) return null;
  return [...decode(element, content, new Float64Array(bytes / element.size))];
}
