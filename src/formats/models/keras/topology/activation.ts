import { isJson, type TopologyReading } from './reading';

/** Activations that go by another name here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['silu', 'swish'],
  ['hard_swish', 'hard_silu'],
  ['gelu_new', 'gelu_approximate'],
]);

/** Activations that TensorFlow.js or this program computes, as Keras calls them. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hard_sigmoid', 'softplus', 'softsign', 'tanh'],
  ...['softmax', 'log_softmax', 'gelu', 'mish', 'swish'],
  ...[
    'hard_sigmoid_six',
    'hard_silu',
    'gelu_approximate',
    'exponential',
    'leaky_relu',
    'celu',
    'log_sigmoid',
  ],
  ...['squareplus', 'hard_tanh', 'tanh_shrink', 'soft_shrink', 'hard_shrink', 'sparse_plus'],
  'sparse_sigmoid',
]);

/** Layers used as activations, which say by settings what they compute. */
const LAYERS_WITH_SETTINGS: ReadonlySet<string> = new Set([
  'ReLU',
  'PReLU',
  'ELU',
  'Softmax',
  'ThresholdedReLU',
]);

/**
 * The activation of a layer in the words of TensorFlow.js: a name, or an object for a leaky rectifier with a slope
 * of its own. What is not known is refused.
 * @param value a name, null, or what Keras writes for a function or a layer used as one
 * @param owner the layer, for the refusal
 */
export function activationOf(value: unknown, owner: string, reading: TopologyReading): unknown {
  if (value === undefined || value === null) return 'linear';
  if (typeof value === 'string') return namedActivation(value, owner, reading);
  if (isJson(value)) {
    const { class_name: type, config } = value;
    if (type === 'function' && typeof config === 'string') return namedActivation(config, owner, reading);
    if (typeof type === 'string' && isJson(config)) {
      const slope = config['negative_slope'] ?? config['alpha'];
      if (type === 'LeakyReLU') return leaky(typeof slope === 'number' ? slope : 0.3);
      if (type === 'ReLU' && isPlainRectifier(config)) {
        const most = config['max_value'] ?? null;
        if (most === null) return 'relu';
        if (most === 6) return 'relu6';
      }
      if (type === 'Softmax' && (config['axis'] ?? -1) === -1) return 'softmax';
      if (type === 'ELU' && (config['alpha'] ?? 1) === 1) return 'elu';
      if (type === 'Activation') return activationOf(config['activation'], owner, reading);
      if (type === 'leaky_relu' && typeof slope === 'number') return leaky(slope);
      if (!LAYERS_WITH_SETTINGS.has(type)) return namedActivation(type, owner, reading);
      reading.refuse(owner, `has the activation ${type} with settings that are not supported`);
      return 'linear';
    }
  }
  reading.refuse(owner, 'has an activation that is not known');
  return 'linear';
}

function namedActivation(name: string, owner: string, reading: TopologyReading): string {
  const plain = snakeCase(name);
  const known = OTHER_NAMES.get(plain) ?? plain;
  if (!KNOWN.has(known)) {
    reading.refuse(owner, `has the activation ${name.slice(0, 60)}, which is not known`);
    return 'linear';
  }
  // Keras 3 took the slope 1/6 where Keras 2 had 0.2.
  return known === 'hard_sigmoid' && reading.dialect.keras3 ? 'hard_sigmoid_six' : known;
}

function snakeCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

function leaky(slope: number): unknown {
  return { class_name: 'leaky_relu', config: { negative_slope: slope } };
}

/** Is it 0 below 0, with nothing in between? */
export function isPlainRectifier(config: Readonly<Record<string, unknown>>): boolean {
  return (config['negative_slope'] ?? 0) === 0 && (config['threshold'] ?? 0) === 0;
}
