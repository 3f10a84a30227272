import type { DataCandidate } from '../../protocol/study';
import { detectDataFormat } from './dataFormat';
import type { NamedInput } from './dataReader';
import { joinDataRef, splitDataRef } from './dataRef';
import { inspectData } from './readData';
import { missingInputs } from './readInputs';

/**
 * All ways to read labelled data out of a file or folder for a model, best first, each with its format and with what
 * it lacks of what a model of several inputs takes.
 *
 * @param inputs of the model; none where it is not known
 * @throws Failure when there is none, with the reason
 */
export async function describeData(path: string, inputs: readonly NamedInput[]): Promise<DataCandidate[]> {
  const candidates = await inspectData(path, inputs[0] ?? null);
  const { file } = await splitDataRef(path);
  const format = await detectDataFormat(file);
  if (inputs.length < 2) return candidates.map((candidate) => ({ ...candidate, format }));
  const missing_inputs = await missingInputs(file, inputs);
  const described = candidates.map((candidate) => ({ ...candidate, format, missing_inputs }));
  if (missing_inputs.length > 0) return described;
  // Whichever array is chosen, each input gets its own: one of them stands for all.
  const [first] = described;
  const array = first === undefined ? null : (await splitDataRef(first.data)).array;
  return described.filter(({ data }) => array !== null && data === joinDataRef({ file, array }));
}
