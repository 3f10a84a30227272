import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { fileBytes, memoryBytes, readStart } from './bytes';
import { checkLength, checkShape } from './checkedArray';
import { elementType, type ElementType } from './elements';
import { inflateExactly, inflateStart, type Packed } from './inflate';
import { elementCount, type StoredArray } from './storedArray';

/** Type codes of the IDX format (yann.lecun.com/exdb/mnist); all numbers are big-endian. */
const ELEMENTS: Readonly<Record<number, ElementType>> = {
  0x08: elementType('uint', 1, false),
  0x09: elementType('int', 1, false),
  0x0b: elementType('int', 2, false),
  0x0c: elementType('int', 4, false),
  0x0d: elementType('float', 4, false),
  0x0e: elementType('float', 8, false),
};

const LONGEST_HEADER = 4 + 4 * 255;

/** Whether these first bytes (unpacked) are those of an IDX file. */
export function isIdx(start: Uint8Array): boolean {
  return (
    start.length >= 8 &&
    start[0] === 0 &&
    start[1] === 0 &&
    ELEMENTS[start[2] ?? 0] !== undefined &&
    start[3] !== 0
  );
}

/**
 * Describes the array of an IDX file, plain or gzipped.
 *
 * @throws Failure when its header is damaged, or it has not the length that the header announces
 */
export async function openIdx(file: string, gzipped: boolean): Promise<StoredArray> {
  const { size: fileSize } = await stat(file);
  const packed: Packed = { path: file, kind: 'gzip', start: 0, length: fileSize };
  const start = gzipped ? await inflateStart(packed, LONGEST_HEADER) : await readStart(file, LONGEST_HEADER);
  const element = ELEMENTS[start[2] ?? 0];
  const rank = start[3] ?? 0;
  const header = 4 + 4 * rank;
  if (element === undefined || start.length < header) {
    throw new Failure(`${basename(file)} is cut short: it ends within its IDX header.`, { file });
  }
  const view = new DataView(start.buffer, start.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  checkShape(file, shape, element.size);
  const length = elementCount(shape) * element.size;
  if (!gzipped) checkLength(file, 'values', length, fileSize - header);
  return {
    file,
    name: null,
    shape,
    element,
    fortran: false,
    load: async () =>
      gzipped
        ? memoryBytes((await inflateExactly(packed, header + length)).subarray(header))
        : fileBytes(file, header, length),
  };
}
