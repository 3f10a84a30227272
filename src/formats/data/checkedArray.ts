import { basename } from 'node:path';
import { Failure } from '../../protocol/failure';

/** What a header says against what the file has: fewer bytes are "cut short", more are "damaged". */
export function checkLength(file: string, what: string, announced: number, found: number): void {
  if (found === announced) return;
  const state = found < announced ? 'cut short' : 'damaged';
  throw new Failure(
    `${basename(file)} is ${state}: its header announces ${announced} bytes of ${what}, but ${found} follow.`,
    { file },
  );
}

/** @throws Failure when a shape read from a header is not one that memory could ever hold */
export function checkShape(file: string, shape: readonly number[], size: number): void {
  const bytes = shape.reduce((product, length) => product * length, size);
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0) && Number.isSafeInteger(bytes))
    return;
  throw new Failure(
    `${basename(file)} is damaged: its header gives the impossible shape [${shape.join(', ')}].`,
    {
      file,
    },
  );
}
