import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';
import { fileBytes, readStart } from './bytes';
import { checkLength, checkShape } from './checkedArray';
import { elementType, type ElementType } from './elements';
import { elementCount, type StoredArray } from './storedArray';

/** An npy header is a short Python dict; one longer than this (bytes) is damaged. */
export const LONGEST_NPY_HEADER = 1 << 16;

/** What the header of an npy file says. `dataStart` and `length` in bytes. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly fortran: boolean;
  /** NumPy's own name of the element type: `<f4`, `|O`, … */
  readonly descr: string;
  /** Null for elements that are not numbers. */
  readonly element: ElementType | null;
  readonly dataStart: number;
}

/** Whether these first bytes are those of an npy file. */
export function isNpy(start: Uint8Array): boolean {
  return start[0] === 0x93 && Buffer.from(start.subarray(1, 6)).toString('latin1') === 'NUMPY';
}

/**
 * Reads the header of an npy file, format versions 1 to 3 (numpy.org, `numpy.lib.format`).
 *
 * @param start the first {@link LONGEST_NPY_HEADER} bytes, or all
 * @param title how a person calls the array
 * @throws Failure when it is cut short or damaged
 */
export function parseNpyHeader(start: Uint8Array, file: string, title: string): NpyHeader {
  const damaged = (what: string): Failure => new Failure(`${title} is damaged: ${what}.`, { file });
  if (!isNpy(start)) throw damaged('it does not begin like an npy file');
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const wide = (start[6] ?? 0) >= 2;
  const textStart = wide ? 12 : 10;
  if (start.length < textStart) throw new Failure(`${title} is cut short.`, { file });
  const dataStart = textStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > LONGEST_NPY_HEADER) throw damaged('its header is impossibly long');
  if (dataStart > start.length)
    throw new Failure(`${title} is cut short: it ends within its header.`, { file });
  const text = Buffer.from(start.subarray(textStart, dataStart)).toString('latin1');
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const axes = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || axes === undefined) throw damaged('its header cannot be read');
  const shape = (axes.match(/\d+/g) ?? []).map(Number);
  const name = descr[1] ?? 'records';
  const element = parseElement(name);
  checkShape(file, shape, element?.size ?? 1);
  return { shape, fortran: order === 'True', descr: name, element, dataStart };
}

const KINDS: Readonly<Record<string, ElementType['kind']>> = { b: 'bool', i: 'int', u: 'uint', f: 'float' };

function parseElement(descr: string): ElementType | null {
  const match = /^([<>=|]?)(b1|[iu][1248]|f[248])$/.exec(descr);
  const code = match?.[2] ?? '';
  const kind = KINDS[code.charAt(0)];
  return kind === undefined ? null : elementType(kind, Number(code.charAt(1)), match?.[1] !== '>');
}

/**
 * The element type of an array of numbers.
 *
 * @throws Failure for arrays of anything else; pickled Python objects are never loaded
 */
export function numericElement(header: NpyHeader, file: string, title: string): ElementType {
  if (header.element !== null) return header.element;
  if (header.descr.endsWith('O')) {
    throw new Failure(
      `${title} holds pickled Python objects, which are never loaded because that runs code; save it again as an ` +
        `array of numbers, for example with np.save(file, np.asarray(values, dtype="float32")).`,
      { file },
    );
  }
  const what = /^.?[US]/.test(header.descr) ? 'text' : `elements of type ${header.descr}`;
  throw new Failure(`${title} holds ${what}; samples and labels must be arrays of real numbers.`, { file });
}

/**
 * Describes the array of an npy file.
 *
 * @throws Failure when it is not one, holds no numbers, or has not the length that its header announces
 */
export async function openNpy(file: string): Promise<StoredArray> {
  const title = basename(file);
  const { size } = await stat(file);
  const header = parseNpyHeader(await readStart(file, LONGEST_NPY_HEADER), file, title);
  const element = numericElement(header, file, title);
  const length = elementCount(header.shape) * element.size;
  checkLength(file, 'values', length, size - header.dataStart);
  return {
    file,
    name: null,
    shape: header.shape,
    element,
    fortran: header.fortran,
    load: () => fileBytes(file, header.dataStart, length),
  };
}
