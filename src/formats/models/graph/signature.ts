import { Failure } from '../../../protocol/failure';
import type { ModelJson } from '../modelFiles';
import { recordOf, sizesOf } from './attributes';
import { nodeOf, valueNamed, type Graph, type GraphNode } from './graphDef';
import type { GraphInput } from './graphReading';

/** A value of a graph, by the name it has outside. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/**
 * The outputs of a graph model: those of its signature, or else what nothing reads.
 * @throws Failure if there is none
 */
export function graphOutputs(model: ModelJson, graph: Graph, file: string): NamedValue[] {
  const signed = Object.entries(signatureOf(model, 'outputs')).flatMap(([name, entry]): NamedValue[] => {
    const { name: value } = recordOf(entry);
    return typeof value === 'string' ? [{ name, value: valueNamed(value) }] : [];
  });
  const read = new Set([...graph.values()].flatMap(({ inputs }) => inputs.map(nodeOf)));
  const ends = [...graph.values()].filter(
    ({ name, op }) => !read.has(name) && op !== 'Const' && op !== 'NoOp' && !op.startsWith('Placeholder'),
  );
  const outputs = signed.length > 0 ? signed : ends.map(({ name }) => ({ name, value: name }));
  if (outputs.length === 0) throw new Failure(`${file} is a graph model without an output.`, { file });
  const missing = outputs.find(({ value }) => !graph.has(nodeOf(value)));
  if (missing !== undefined) {
    throw new Failure(`${file} is damaged: its output ${missing.value} is not in its graph.`, { file });
  }
  return outputs;
}

const TYPES: ReadonlyMap<string, GraphInput['dtype']> = new Map([
  ['DT_FLOAT', 'float32'],
  ['DT_HALF', 'float32'],
  ['DT_DOUBLE', 'float32'],
  ['DT_INT32', 'int32'],
  ['DT_INT64', 'int32'],
  ['DT_UINT8', 'int32'],
  ['DT_INT8', 'int32'],
  ['DT_BOOL', 'bool'],
]);

/**
 * The inputs that the outputs depend on, in the order of the signature.
 * @throws Failure if one has no fixed size, or a type that is no number
 */
export function graphInputs(
  model: ModelJson,
  nodes: readonly GraphNode[],
  file: string,
): { readonly inputs: readonly GraphInput[]; readonly fixedBatch: number | null } {
  const signed = Object.values(signatureOf(model, 'inputs')).map(recordOf);
  const nameOf = (entry: Readonly<Record<string, unknown>>): string =>
    nodeOf(valueNamed(String(entry['name'])));
  const order = new Map(signed.map((entry, index) => [nameOf(entry), index]));
  const placeholders = nodes.filter(
    (node) =>
      (node.op === 'Placeholder' && !isSwitch(node)) ||
      (node.op === 'PlaceholderWithDefault' && order.has(node.name)),
  );
  if (placeholders.length === 0) throw new Failure(`${file} is a graph model without an input.`, { file });
  const batches: number[] = [];
  const inputs = placeholders.map((node): GraphInput => {
    const entry = signed.find((each) => nameOf(each) === node.name);
    const shape = node.attributes.shape('shape') ?? sizesOf(entry?.['tensorShape']);
    const [batch, ...sizes] = shape ?? [];
    if (batch === undefined || sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) {
      const told =
        shape === undefined ? 'any shape' : shape.map((size) => (size < 0 ? 'any' : size)).join('×');
      throw new Failure(
        `${file} leaves the size of its input ${node.name} open (${told}); convert it again with an input of fixed size.`,
        { file },
      );
    }
    const signedType = entry?.['dtype'];
    const type = node.attributes.type('dtype') ?? (typeof signedType === 'string' ? signedType : 'DT_FLOAT');
    const dtype = TYPES.get(type);
    if (dtype === undefined) {
      throw new Failure(
        `${file} takes values of type ${type} at its input ${node.name}, which are not numbers.`,
        {
          file,
        },
      );
    }
    if (batch >= 0) batches.push(batch);
    return { name: node.name, shape: sizes, dtype };
  });
  const place = ({ name }: GraphInput): number => order.get(name) ?? order.size;
  return { inputs: inputs.sort((a, b) => place(a) - place(b)), fixedBatch: batches[0] ?? null };
}

/** Is it a single truth value, such as Keras 2's learning phase? */
function isSwitch({ attributes }: GraphNode): boolean {
  return attributes.type('dtype') === 'DT_BOOL' && attributes.shape('shape')?.length === 0;
}

/** Inputs or outputs in a model's signature, which old files keep among their metadata; none where there is none. */
function signatureOf(model: ModelJson, side: 'inputs' | 'outputs'): Readonly<Record<string, unknown>> {
  const fields = recordOf(model);
  const signature = fields['signature'] ?? recordOf(fields['userDefinedMetadata'])['signature'];
  return recordOf(recordOf(signature)[side]);
}
