import { Failure } from '../../protocol/failure';

/**
 * A network with such weights answers nothing that could be measured.
 * @throws Failure that names the weight when a value is NaN or infinite
 */
export function refuseNotFinite(name: string, values: Float32Array, file: string): void {
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad === undefined) return;
  const what = Number.isNaN(bad) ? 'NaN (not a number)' : 'infinite';
  throw new Failure(
    `The weight ${name} of ${file} holds a value that is ${what}: its training went wrong; choose an earlier checkpoint.`,
    { file },
  );
}
