import { callsOf, tensorOfTriple, TensorRef, tensorsOf, type LayerCallEntry } from './calls';
import { orderedCalls, type CalledLayer } from './callOrder';
import { convertedLayer, type ConvertedLayer } from './layer';
import { isOperation, operationLayer } from './operations';
import { isJson, listOf, nameOf, shown, type LayerEntry, type TopologyReading } from './reading';

/** Is this a model, whole or inside another? */
export function isModel({ type, config }: LayerEntry): boolean {
  if (type === 'Sequential' || type === 'Functional' || type === 'Model') return true;
  return Array.isArray(config['layers']) && config['input_layers'] !== undefined;
}

/** A model, with the models inside it, in the words of TensorFlow.js. */
export function convertedModel(entry: LayerEntry, reading: TopologyReading): ConvertedLayer {
  const layers = listOf(entry.config['layers']);
  if (layers.length === 0) throw reading.damaged(`the model ${shown(nameOf(entry))} has no layers`);
  if (layers.length > MOST_LAYERS) throw reading.damaged('it has too many layers');
  return entry.type === 'Sequential'
    ? sequential(entry, layers, reading)
    : functional(entry, layers, reading);
}

const MOST_LAYERS = 20_000;

function sequential(entry: LayerEntry, layers: readonly unknown[], reading: TopologyReading): ConvertedLayer {
  const converted = layers.map((layer) => convertedLayer(layer, reading));
  refuseTwins(
    converted.map(({ config }) => String(config['name'])),
    reading,
  );
  const first = converted[0]!;
  if (!startsByItself(first)) {
    const shape = builtShape(entry);
    if (shape === null) {
      reading.refuse(String(first.config['name']), 'has no input shape; build the model before saving it');
    } else {
      first.config['batch_input_shape'] = shape;
    }
  }
  return { class_name: 'Sequential', config: { name: nameOf(entry), layers: converted } };
}

/** Does a layer tell the shape of its input, or is it a model that does? */
function startsByItself({ class_name: type, config }: ConvertedLayer): boolean {
  if (type === 'Sequential' || 'input_layers' in config) return true;
  return Array.isArray(config['batch_input_shape']) || Array.isArray(config['input_shape']);
}

/** The shape that a Sequential was built for, batch axis first, where it tells one. */
function builtShape({ config, fields }: LayerEntry): unknown[] | null {
  const build = fields['build_config'];
  const shape = config['build_input_shape'] ?? (isJson(build) ? build['input_shape'] : undefined);
  return Array.isArray(shape) ? [null, ...(shape.slice(1) as unknown[])] : null;
}

function functional(entry: LayerEntry, given: readonly unknown[], reading: TopologyReading): ConvertedLayer {
  const entries = given.map((layer) => reading.entry(layer));
  const names = entries.map(nameOf);
  refuseTwins(names, reading);
  const known = new Set(names);
  const layers = entries.map((layer) => calledLayer(layer, known, reading));
  const inputs = tensorList(entry.config['input_layers'], reading);
  const outputs = tensorList(entry.config['output_layers'], reading);
  const numbered = modelCallNumbers(layers, [...inputs, ...outputs], reading);
  const ordered = orderedCalls(
    layers.map((layer) => ({ ...layer, calls: layer.calls.map((call) => call.map(numbered)) })),
    reading,
  );
  const total = new Map(ordered.layers.map(({ name, before, calls }) => [name, before + calls.length]));
  const triple = (tensor: TensorRef): unknown[] => [tensor.layer, tensor.call, tensor.output];
  const end = (tensor: TensorRef): unknown[] => {
    const { layer, call, output } = ordered.renamed(numbered(tensor));
    if (call >= (total.get(layer) ?? 0)) throw reading.damaged(`nothing gives its output ${shown(layer)}`);
    return [layer, call, output];
  };
  const isKnownType = ['Functional', 'Model'].includes(entry.type);
  return {
    class_name: isKnownType ? entry.type : 'Functional',
    config: {
      name: nameOf(entry),
      layers: layers.map(({ name, converted }, index) => ({
        ...converted,
        name,
        inbound_nodes: ordered.layers[index]!.calls.map((call) =>
          call.map((tensor) => [...triple(tensor), {}]),
        ),
      })),
      input_layers: inputs.map(end),
      output_layers: outputs.map(end),
    },
  };
}

interface ConvertedCalls extends CalledLayer {
  readonly converted: ConvertedLayer;
  readonly isModel: boolean;
}

/** A layer with its calls; an operation becomes the layer that computes it. */
function calledLayer(
  entry: LayerEntry,
  names: ReadonlySet<string>,
  reading: TopologyReading,
): ConvertedCalls {
  const name = nameOf(entry);
  const calls = callsOf(entry.fields['inbound_nodes'], names, reading);
  if (isOperation(entry)) return { ...calledOperation(entry, name, calls, reading), name, isModel: false };
  const converted = convertedLayer(
    { ...entry.fields, name, class_name: entry.type, config: entry.config },
    reading,
  );
  converted.config['name'] = name;
  const inner = isModel(entry);
  return {
    name,
    converted,
    before: inner || entry.type === 'InputLayer' ? 1 : 0,
    isModel: inner,
    calls: calls.map((call) => inputsOf(call, name, reading)),
  };
}

function calledOperation(
  entry: LayerEntry,
  name: string,
  calls: readonly LayerCallEntry[],
  reading: TopologyReading,
): Pick<ConvertedCalls, 'converted' | 'before' | 'calls'> {
  const made = calls.map((call) => operationLayer(entry, call, reading));
  const [first] = made;
  const isSame = made.every(
    (layer) => layer?.type === first?.type && JSON.stringify(layer?.config) === JSON.stringify(first?.config),
  );
  if (!isSame) reading.refuse(name, 'is an operation that is called in several ways, which is not supported');
  const standsFor = { class_name: first?.type ?? 'Activation', config: { ...first?.config } };
  return {
    converted: convertedLayer({ ...standsFor, name }, reading),
    before: 0,
    calls: calls.map((call) => tensorsOf([call.args, call.kwargs])),
  };
}

/** The tensors that a call of a layer reads: its arguments, then the states it starts from. */
function inputsOf({ args, kwargs }: LayerCallEntry, name: string, reading: TopologyReading): TensorRef[] {
  const given = args.flatMap(tensorsOf);
  for (const arg of args.flat()) {
    if (arg instanceof TensorRef || arg === null) continue;
    const isNamed = tensorsOf(arg).length > 0;
    if (isNamed && given.length === 1) continue;
    const how = isNamed ? 'inputs by name' : 'a constant';
    reading.refuse(name, `is called with ${how}, which is not supported`);
  }
  for (const [key, value] of Object.entries(kwargs)) {
    if (key === 'initial_state' || tensorsOf(value).length === 0) continue;
    reading.refuse(name, `is called with a tensor as its ${key.slice(0, 40)}, which is not supported`);
  }
  return [...given, ...tensorsOf(kwargs['initial_state'])];
}

/** Tensors as `input_layers` and `output_layers` name them: one, a list, or a dictionary. */
function tensorList(value: unknown, reading: TopologyReading): TensorRef[] {
  const all = (item: unknown): TensorRef[] => {
    const tensor = tensorOfTriple(item);
    if (tensor !== null) return [tensor];
    if (Array.isArray(item)) return item.flatMap(all);
    return isJson(item) ? Object.values(item).flatMap(all) : [];
  };
  const tensors = all(value);
  if (tensors.length === 0) throw reading.damaged('it does not tell its inputs and outputs');
  return tensors;
}

/**
 * Numbers the calls of models inside a model as TensorFlow.js does, for which making the model is its first call;
 * Keras 3 counts only what comes after.
 */
function modelCallNumbers(
  layers: readonly ConvertedCalls[],
  ends: readonly TensorRef[],
  reading: TopologyReading,
): (tensor: TensorRef) => TensorRef {
  const models = new Map(
    layers.filter((layer) => layer.isModel).map(({ name, calls }) => [name, calls.length]),
  );
  if (models.size === 0) return (tensor) => tensor;
  const read = new Map<string, number[]>();
  for (const { layer, call } of [...layers.flatMap(({ calls }) => calls.flat()), ...ends]) {
    if (models.has(layer)) read.set(layer, [...(read.get(layer) ?? []), call]);
  }
  const fromZero = new Set(
    [...read].flatMap(([name, calls]) => {
      const last = Math.max(...calls);
      const counted = reading.dialect.keras3 ? last < models.get(name)! : Math.min(...calls) === 0;
      return counted ? [name] : [];
    }),
  );
  return (tensor) =>
    fromZero.has(tensor.layer)
      ? new TensorRef(tensor.layer, tensor.call + 1, tensor.output, tensor.shape)
      : tensor;
}

/** @throws Failure where two layers of a model have one name */
function refuseTwins(names: readonly string[], reading: TopologyReading): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw reading.damaged(`two of its layers are called ${shown(name)}`);
    seen.add(name);
  }
}
