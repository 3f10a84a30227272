import type { InputValues } from '../../core/labelledData';
import { Failure } from '../../protocol/failure';
import type { StudySpec } from '../../protocol/study';
import { detectDataFormat } from './dataFormat';
import type { LabelledSamples, NamedInput } from './dataReader';
import { joinDataRef, splitDataRef } from './dataRef';
import type { LabelSet } from './labels';
import { labelsOf, type FileData, type LabelledDataRef } from './readData';
import { READERS } from './readers';

/** Where the data of a model with several inputs is. */
export type InputsRef = LabelledDataRef & Pick<StudySpec, 'inputs'>;

/**
 * Reads samples for a model with several inputs, each from where `ref.inputs` says, or else from the array of
 * `ref.data` that has the input's name (`image`, or `image_test`). Labels are those of `ref.labels`, or else those that
 * go with the first input that has any.
 *
 * @param wanted all inputs of the model
 * @throws Failure where the values of an input are not supplied, and as `readLabelledData`
 */
export async function readInputs(ref: InputsRef, wanted: readonly NamedInput[]): Promise<FileData> {
  refuseUnknown(ref, wanted);
  const references = await referencesOf(ref, wanted);
  const given = ref.labels === undefined ? null : await labelsOf(ref.labels, ref);
  const first = given === null ? await firstWithLabels(references, wanted, ref) : null;
  const labels = given ?? first!.samples.labels;
  const opened: LabelledSamples[] = [];
  for (const [k, reference] of references.entries()) {
    const isOpen = first !== null && first.at === k;
    opened.push(isOpen ? first.samples : await openInput(reference, labels, ref, wanted[k]!));
  }
  const inputs = opened.map(({ data }, k): InputValues => ({
    input: wanted[k]!.name,
    shape: data.shape,
    dtype: data.dtype,
    read: (indices) => data.read(indices),
  }));
  const { data, file } = opened[0]!;
  const more = [...new Set(opened.map((one) => one.file))].filter((other) => other !== file);
  return {
    ...data,
    inputs,
    data_file: file,
    labels_file: labels.file === file ? null : labels.file,
    ...(more.length === 0 ? {} : { more_files: more }),
  };
}

async function openInput(
  reference: string,
  labels: LabelSet | null,
  ref: InputsRef,
  wanted: NamedInput,
): Promise<LabelledSamples> {
  const source = await splitDataRef(reference);
  return READERS[await detectDataFormat(source.file)].open(source, labels, ref, wanted);
}

/** The first input that comes with labels. */
async function firstWithLabels(
  references: readonly string[],
  wanted: readonly NamedInput[],
  ref: InputsRef,
): Promise<{ readonly at: number; readonly samples: LabelledSamples }> {
  let problem: Failure | undefined;
  for (const [at, reference] of references.entries()) {
    try {
      return { at, samples: await openInput(reference, null, ref, wanted[at]!) };
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      problem ??= failure;
    }
  }
  throw problem ?? new Error('A model without inputs');
}

/** Where each input's values are. */
async function referencesOf(ref: InputsRef, wanted: readonly NamedInput[]): Promise<string[]> {
  const { file } = await splitDataRef(ref.data);
  const given = ref.inputs ?? {};
  const isGiven = ({ name }: NamedInput): boolean => given[name] !== undefined;
  const names = wanted.every(isGiven)
    ? []
    : ((await READERS[await detectDataFormat(file)].names?.(file)) ?? []);
  const found = wanted.map(({ name }) => {
    const array = arrayOf(name, names);
    return given[name] ?? (array === undefined ? undefined : joinDataRef({ file, array }));
  });
  const missing = wanted.filter((_, k) => found[k] === undefined);
  if (missing.length === 0) return found.filter((reference) => reference !== undefined);
  const list = (some: readonly NamedInput[]): string => joined(some.map(described));
  const holds = names.length === 0 ? '' : ` (it holds ${names.join(', ')})`;
  throw new Failure(
    `The model takes ${String(wanted.length)} inputs, ${list(wanted)}, and nothing says what ${joined(missing.map(({ name }) => name))} ` +
      `${missing.length === 1 ? 'is' : 'are'} in ${file}${holds}: name the arrays of one npz file as the inputs, or name the data of each input under "inputs" in the spec file (on the command line: --input name=path).`,
    { file },
  );
}

/**
 * Names of the inputs that a file has no array for.
 * @param reference the file, or an array of it
 */
export async function missingInputs(reference: string, wanted: readonly NamedInput[]): Promise<string[]> {
  const { file } = await splitDataRef(reference);
  const names = (await READERS[await detectDataFormat(file)].names?.(file)) ?? [];
  return wanted.map(({ name }) => name).filter((name) => arrayOf(name, names) === undefined);
}

/** The array among `names` that holds an input's values. */
function arrayOf(input: string, names: readonly string[]): string | undefined {
  return [input, `${input}_test`].find((name) => names.includes(name));
}

function refuseUnknown({ inputs = {} }: InputsRef, wanted: readonly NamedInput[]): void {
  const unknown = Object.keys(inputs).find((name) => !wanted.some((input) => input.name === name));
  if (unknown === undefined) return;
  throw new Failure(`The model has no input ${unknown}; its inputs are ${joined(wanted.map(described))}.`);
}

/** `image [28, 28, 1]`, without the axis of samples; `any` where a size is free. */
function described({ name, shape }: NamedInput): string {
  return `${name} [${shape.map((size) => String(size ?? 'any')).join(', ')}]`;
}

function joined(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
