import { tensorsOf, TensorRef, type LayerCallEntry } from './calls';
import { isJson, nameOf, type Json, type LayerEntry, type TopologyReading } from './reading';

/** A layer that computes what an operation does, and what it reads. */
export interface OperationLayer {
  readonly type: string;
  readonly config: Json;
  readonly inputs: readonly TensorRef[];
}

/** Operations that two tensors, or a tensor and a number, are put into; by all names they have. */
const BINARY: ReadonlyMap<string, 'Add' | 'Subtract' | 'Multiply' | 'Divide' | 'Maximum' | 'Minimum'> =
  new Map([
    ...names('Add', ['Add', '__operators__.add', 'math.add', 'add']),
    ...names('Subtract', ['Subtract', 'math.subtract', 'subtract', '__operators__.sub']),
    ...names('Multiply', ['Multiply', 'math.multiply', 'multiply', '__operators__.mul']),
    ...names('Divide', ['TrueDivide', 'Divide', 'math.truediv', 'math.divide', 'divide', 'realdiv']),
    ...names('Maximum', ['Maximum', 'math.maximum', 'maximum']),
    ...names('Minimum', ['Minimum', 'math.minimum', 'minimum']),
  ]);

/** Operations that are activations. */
const ACTIVATIONS: ReadonlyMap<string, string> = new Map([
  ...names('relu', ['Relu', 'nn.relu']),
  ...names('relu6', ['Relu6', 'nn.relu6']),
  ...names('elu', ['Elu', 'nn.elu']),
  ...names('selu', ['Selu', 'nn.selu']),
  ...names('sigmoid', ['Sigmoid', 'nn.sigmoid', 'math.sigmoid']),
  ...names('tanh', ['Tanh', 'nn.tanh', 'math.tanh']),
  ...names('softplus', ['Softplus', 'nn.softplus', 'math.softplus']),
  ...names('softsign', ['Softsign', 'nn.softsign']),
  ...names('swish', ['Silu', 'nn.silu', 'nn.swish']),
  ...names('mish', ['Mish']),
  ...names('hard_sigmoid_six', ['HardSigmoid']),
  ...names('hard_silu', ['HardSilu']),
  ...names('log_sigmoid', ['LogSigmoid', 'math.log_sigmoid']),
  ...names('exponential', ['Exp', 'math.exp', 'exp']),
]);

function names<T extends string>(meaning: T, all: readonly string[]): [string, T][] {
  return all.map((name) => [name, meaning]);
}

/** Is this an operation of a functional model and no layer: `a + b`, `tf.nn.relu(x)`? */
export function isOperation({ type, fields }: LayerEntry): boolean {
  if (type === 'TFOpLambda' || type === 'SlicingOpLambda' || type === 'TensorFlowOpLayer') return true;
  const { module: from } = fields;
  return typeof from === 'string' && /^keras\.(src\.)?ops\b/.test(from);
}

/** The layer that computes what an operation does; null, with the refusal noted, where there is none. */
export function operationLayer(
  entry: LayerEntry,
  call: LayerCallEntry,
  reading: TopologyReading,
): OperationLayer | null {
  const { config } = entry;
  const settings = { ...config, ...call.kwargs };
  const name = typeof config['function'] === 'string' ? config['function'] : entry.type;
  const binary = BINARY.get(name);
  const [first] = call.args;
  let layer: Omit<OperationLayer, 'inputs'> | null;
  if (binary !== undefined) {
    const operands = [...call.args, ...Object.values(operandsOf(call.kwargs))];
    layer = binaryLayer(binary, operands);
  } else if (tensorsOf([call.args, call.kwargs]).length === 0) {
    layer = null;
  } else {
    layer = unaryLayer(name, settings, first);
  }
  if (layer === null) {
    const what = name === entry.type ? `the operation ${name}` : `${entry.type} (tf.${name})`;
    reading.refuse(nameOf(entry), `is ${what.slice(0, 80)}, which no layer computes`);
    return null;
  }
  return { ...layer, inputs: tensorsOf([call.args, call.kwargs]) };
}

function operandsOf({ y, x2 }: Json): Json {
  return Object.fromEntries(Object.entries({ y, x2 }).filter(([, value]) => value !== undefined));
}

function binaryLayer(
  operation: 'Add' | 'Subtract' | 'Multiply' | 'Divide' | 'Maximum' | 'Minimum',
  [a, b]: readonly unknown[],
): Omit<OperationLayer, 'inputs'> | null {
  if (a instanceof TensorRef && b instanceof TensorRef) {
    const alike = a.shape === null || b.shape === null || a.shape.length === b.shape.length;
    return operation === 'Divide' || !alike ? null : { type: operation, config: {} };
  }
  const isFirst = a instanceof TensorRef;
  const constant = constantOf(isFirst ? b : a);
  if (constant === null || (!isFirst && !(b instanceof TensorRef))) return null;
  switch (operation) {
    case 'Add':
      return rescaling(1, constant);
    case 'Subtract':
      return isFirst
        ? rescaling(
            1,
            each(constant, (c) => -c),
          )
        : rescaling(-1, constant);
    case 'Multiply':
      return rescaling(constant, 0);
    case 'Divide':
      return isFirst
        ? rescaling(
            each(constant, (c) => 1 / c),
            0,
          )
        : null;
    case 'Maximum':
      return constant === 0 ? { type: 'Activation', config: { activation: 'relu' } } : null;
    case 'Minimum':
      return null;
  }
}

function rescaling(scale: number | number[], offset: number | number[]): Omit<OperationLayer, 'inputs'> {
  return { type: 'Rescaling', config: { scale, offset } };
}

function unaryLayer(name: string, settings: Json, first: unknown): Omit<OperationLayer, 'inputs'> | null {
  const activation = ACTIVATIONS.get(name);
  if (activation !== undefined) return { type: 'Activation', config: { activation } };
  const { axis } = settings;
  const rank = first instanceof TensorRef ? (first.shape?.length ?? null) : null;
  switch (name) {
    case 'Softmax':
    case 'nn.softmax':
      return (axis ?? -1) === -1 ? { type: 'Activation', config: { activation: 'softmax' } } : null;
    case 'LogSoftmax':
    case 'nn.log_softmax':
      return (axis ?? -1) === -1 ? { type: 'Activation', config: { activation: 'log_softmax' } } : null;
    case 'Gelu':
    case 'nn.gelu': {
      const approximate = settings['approximate'] ?? name === 'Gelu';
      return {
        type: 'Activation',
        config: { activation: approximate === true ? 'gelu_approximate' : 'gelu' },
      };
    }
    case 'LeakyRelu':
    case 'nn.leaky_relu': {
      const slope = settings['negative_slope'] ?? settings['alpha'] ?? 0.2;
      return typeof slope === 'number' ? { type: 'LeakyReLU', config: { alpha: slope } } : null;
    }
    case 'Negative':
    case 'math.negative':
      return rescaling(-1, 0);
    case 'Concatenate':
    case 'concat':
      return typeof axis === 'number' ? { type: 'Concatenate', config: { axis } } : null;
    case 'Mean':
    case 'math.reduce_mean':
      return pooling('Average', settings, rank);
    case 'Max':
    case 'math.reduce_max':
      return pooling('Max', settings, rank);
    case 'Reshape':
    case 'reshape': {
      const shape = settings['newshape'] ?? settings['shape'];
      const isWhole = Array.isArray(shape) && (shape[0] === -1 || shape[0] === null);
      const rest: unknown[] = isWhole ? shape.slice(1) : [];
      if (rest.length === 0 || !rest.every((size) => Number.isSafeInteger(size) && (size as number) > 0)) {
        return null;
      }
      return { type: 'Reshape', config: { target_shape: rest } };
    }
    case 'Identity':
    case 'identity':
    case 'stop_gradient':
    case 'StopGradient':
      return { type: 'Activation', config: { activation: 'linear' } };
    default:
      return null;
  }
}

/** A mean or maximum over all positions, channels last. */
function pooling(
  how: 'Average' | 'Max',
  settings: Json,
  rank: number | null,
): Omit<OperationLayer, 'inputs'> | null {
  const given = settings['axis'];
  const axes = (Array.isArray(given) ? given : [given]).map((axis: unknown) =>
    typeof axis === 'number' && axis < 0 && rank !== null ? axis + rank : axis,
  );
  const positions = axes.length;
  const isAll = axes.every((axis, index) => axis === index + 1) && positions >= 1 && positions <= 3;
  if (!isAll || (rank !== null && rank !== positions + 2)) return null;
  return {
    type: `Global${how}Pooling${String(positions)}D`,
    config: settings['keepdims'] === true ? { keepdims: true } : {},
  };
}

/** A number, or one a channel; null for anything else. */
function constantOf(value: unknown): number | number[] | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (isJson(value) && isJson(value['config'])) return constantOf(value['config']['value']);
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((one) => typeof one === 'number' && Number.isFinite(one)) ? (value as number[]) : null;
}

function each(constant: number | number[], change: (value: number) => number): number | number[] {
  return Array.isArray(constant) ? constant.map(change) : change(constant);
}
