import { isJson, type Json, type TopologyReading } from './reading';

/** A tensor that a layer's call gave: which call, and which of its outputs. */
export class TensorRef {
  constructor(
    readonly layer: string,
    readonly call: number,
    readonly output: number,
    /** Where the description tells it, batch axis first. */
    readonly shape: readonly unknown[] | null = null,
  ) {}
}

/** One call of a layer: its arguments, tensors among them as {@link TensorRef}. */
export interface LayerCallEntry {
  readonly args: readonly unknown[];
  readonly kwargs: Json;
}

/**
 * The calls of a layer, in the form of Keras 3 (`{args, kwargs}`) or that of all before it (nested lists).
 * @param names of all layers of the model, which tell a tensor in a list from other values
 */
export function callsOf(
  nodes: unknown,
  names: ReadonlySet<string>,
  reading: TopologyReading,
): LayerCallEntry[] {
  if (nodes === undefined || nodes === null) return [];
  if (!Array.isArray(nodes)) throw reading.damaged('the calls of a layer are no list');
  return nodes.map((node: unknown) => {
    if (isJson(node)) {
      const { args, kwargs } = node;
      if (!Array.isArray(args)) throw reading.damaged('a call of a layer has no inputs');
      return {
        args: args.map((arg: unknown) => resolved(arg, tensorOfKeras3)),
        kwargs: isJson(kwargs) ? (resolved(kwargs, tensorOfKeras3) as Json) : {},
      };
    }
    if (!Array.isArray(node)) throw reading.damaged('a call of a layer is no list');
    return oldCall(node, names, reading);
  });
}

/** All tensors among some arguments, in order. */
export function tensorsOf(value: unknown): TensorRef[] {
  if (value instanceof TensorRef) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsOf);
  return isJson(value) ? Object.values(value).flatMap(tensorsOf) : [];
}

/** `[name, call, output]` as it stands in lists of inputs and outputs. */
export function tensorOfTriple(value: unknown): TensorRef | null {
  if (!Array.isArray(value) || value.length < 3) return null;
  const [layer, call, output] = value as unknown[];
  if (typeof layer !== 'string' || !isCount(call) || !isCount(output)) return null;
  return new TensorRef(layer, call, output);
}

function oldCall(
  node: readonly unknown[],
  names: ReadonlySet<string>,
  reading: TopologyReading,
): LayerCallEntry {
  const items = typeof node[0] === 'string' ? [node] : node;
  const tensorOf = (value: unknown): TensorRef | null => {
    const tensor = Array.isArray(value) && value.length <= 4 ? tensorOfTriple(value) : null;
    return tensor !== null && names.has(tensor.layer) ? tensor : null;
  };
  const args = items.map((item) => {
    if (Array.isArray(item) && item[0] === '_CONSTANT_VALUE') return item[2] as unknown;
    const tensor = tensorOfTriple(item);
    if (tensor === null) throw reading.damaged('an input of a layer is not told');
    return tensor;
  });
  const [first] = items;
  const given: unknown = Array.isArray(first) ? first[3] : undefined;
  return {
    args: args.length === 1 ? args : [args],
    kwargs: isJson(given) ? (resolved(given, tensorOf) as Json) : {},
  };
}

function tensorOfKeras3(value: unknown): TensorRef | null {
  if (!isJson(value) || value['class_name'] !== '__keras_tensor__' || !isJson(value['config'])) return null;
  const { keras_history: history, shape } = value['config'];
  const tensor = tensorOfTriple(history);
  return tensor === null
    ? null
    : new TensorRef(tensor.layer, tensor.call, tensor.output, Array.isArray(shape) ? shape : null);
}

/** Arguments with their tensors told apart from other values. */
function resolved(value: unknown, tensorOf: (value: unknown) => TensorRef | null): unknown {
  const tensor = tensorOf(value);
  if (tensor !== null) return tensor;
  if (Array.isArray(value)) return value.map((item: unknown) => resolved(item, tensorOf));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, tensorOf)]));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
