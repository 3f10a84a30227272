const SIGNATURE = 0x4c4f4347; // GCOL
const HEADER = 16;
/** The library makes no smaller and no much larger ones (bytes). */
const LARGEST = 2 ** 28;

/** Whether these bytes of a file begin a collection of its global heap, where texts of any length are. */
export function beginsCollection(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER && view(bytes).getUint32(0, true) === SIGNATURE;
}

/** How long a collection says that it is (bytes); null where that cannot be. */
export function collectionLength(header: Uint8Array): number | null {
  const length = Number(view(header).getBigUint64(8, true));
  return length >= HEADER && length <= LARGEST ? length : null;
}

/**
 * Whether the objects of a collection follow one another up to its end (HDF5 File Format Specification, III.E). The
 * library goes round in circles, or writes beyond its memory, where they do not.
 */
export function isSoundCollection(collection: Uint8Array): boolean {
  const numbers = view(collection);
  let at = HEADER;
  while (at + HEADER <= collection.length) {
    const size = Number(numbers.getBigUint64(at + 8, true));
    // What is free counts its own header.
    const isFree = numbers.getUint16(at, true) === 0;
    if (isFree && size < HEADER) return false;
    at += isFree ? size : HEADER + Math.ceil(size / 8) * 8;
  }
  return at <= collection.length;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
