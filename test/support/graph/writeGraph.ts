import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A node of a graph as protobuf writes it to JSON. */
export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** A weight of a graph: whole numbers where it is told so. */
export interface WeightJson {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype?: 'float32' | 'int32';
}

export function node(
  name: string,
  op: string,
  input: readonly string[] = [],
  attr: Readonly<Record<string, unknown>> = {},
): NodeJson {
  return { name, op, input, attr };
}

/** An input of any number of samples. */
export function placeholder(name: string, shape: readonly number[], type = 'DT_FLOAT'): NodeJson {
  const dim = [-1, ...shape].map((size) => ({ size: String(size) }));
  return node(name, 'Placeholder', [], { dtype: { type }, shape: { shape: { dim } } });
}

/** An attribute that is text. */
export function text(value: string): object {
  return { s: Buffer.from(value).toString('base64') };
}

/** An attribute that is a list of texts or whole numbers. */
export function list(values: readonly (string | number)[]): object {
  const [first] = values;
  return typeof first === 'string'
    ? { list: { s: values.map((value) => Buffer.from(String(value)).toString('base64')) } }
    : { list: { i: values.map(String) } };
}

/**
 * Writes a graph model as old converters did, without a format and a signature: `model.json` and one file of weights.
 * Each weight is a node of its own.
 * @returns the path of `model.json`
 */
export async function writeGraph(
  folder: string,
  nodes: readonly NodeJson[],
  weights: Readonly<Record<string, WeightJson>> = {},
): Promise<string> {
  const file = path.join(folder, 'model.json');
  const entries = Object.entries(weights);
  const bytes = entries.map(([, { values, dtype }]) =>
    Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
  );
  await writeFile(path.join(folder, 'weights.bin'), Buffer.concat(bytes));
  const constants = entries.map(([name]) => node(name, 'Const'));
  const manifest = entries.map(([name, { shape, dtype = 'float32' }]) => ({ name, shape, dtype }));
  const json = {
    modelTopology: { node: [...nodes, ...constants], versions: {} },
    weightsManifest: [{ paths: ['weights.bin'], weights: manifest }],
  };
  await writeFile(file, JSON.stringify(json));
  return file;
}
