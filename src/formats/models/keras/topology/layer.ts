import { serialization } from '@tensorflow/tfjs-core';
import { activationOf, isPlainRectifier } from './activation';
import { modernised } from './keras1';
import { convertedModel, isModel } from './model';
import { isJson, nameOf, type Json, type LayerEntry, type TopologyReading } from './reading';

/** A layer in the words of TensorFlow.js. */
export interface ConvertedLayer {
  readonly class_name: string;
  readonly config: Json;
}

/** Sayings for classes that a description may name and that are never built. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['Lambda', 'is a Lambda, whose Python code is not run'],
  ['TorchModuleWrapper', 'holds PyTorch code, which is not run'],
  ['TFSMLayer', 'loads a SavedModel, which is not run'],
  ['JaxLayer', 'holds JAX code, which is not run'],
  ['FlaxLayer', 'holds Flax code, which is not run'],
]);

/**
 * A layer, and the layers inside it, in the words of TensorFlow.js; what cannot be read is refused.
 * @param value as the description has it, in any dialect of Keras
 */
export function convertedLayer(value: unknown, reading: TopologyReading): ConvertedLayer {
  const entry = modernised(reading.entry(value));
  const name = nameOf(entry);
  if (isModel(entry)) return convertedModel(entry, reading);
  const refusal = REFUSED.get(entry.type) ?? foreign(entry);
  if (refusal !== undefined) {
    reading.refuse(name, refusal);
    return { class_name: 'Activation', config: { name, activation: 'linear' } };
  }
  const type = kept(entry, reading);
  const config = cleaned({ ...entry, type }, reading);
  if (!isLayerClass(type)) {
    reading.refuse(name, `is of the type ${type.slice(0, 60)}, which is not supported`);
  }
  return { class_name: type, config };
}

/** Whose code a class is, where it is neither Keras' nor TensorFlow.js'. */
function foreign({ type, fields }: LayerEntry): string | undefined {
  const { module: from, registered_name: registered } = fields;
  if (type.includes('>')) return `is of the type ${type.slice(0, 60)}, which is code of its author's own`;
  if (typeof from !== 'string' || /^(keras|tf_keras|tensorflow)\b/.test(from)) return undefined;
  const called = typeof registered === 'string' ? registered : type;
  return `is of the type ${called.slice(0, 60)}, which is code of its author's own`;
}

function isLayerClass(type: string): boolean {
  const known = serialization.SerializationMap.getMap().classNameMap;
  return Object.hasOwn(known, type) && !NO_LAYERS.has(type);
}

/** Classes that TensorFlow.js keeps in the same table as its layers. */
const NO_LAYERS = new Set([
  ...['Adadelta', 'Adagrad', 'Adam', 'Adamax', 'Momentum', 'RMSProp', 'SGD', 'Zeros', 'Ones', 'Constant'],
  ...['RandomUniform', 'RandomNormal', 'TruncatedNormal', 'Identity', 'VarianceScaling', 'GlorotUniform'],
  ...['GlorotNormal', 'HeNormal', 'HeUniform', 'LeCunNormal', 'LeCunUniform', 'Orthogonal', 'MaxNorm'],
  ...['UnitNorm', 'NonNeg', 'MinMaxNorm', 'L1L2'],
]);

/**
 * The class that computes what the layer's settings ask for: TensorFlow.js' own, or one registered by this program.
 * Settings that neither has are refused.
 */
function kept(entry: LayerEntry, reading: TopologyReading): string {
  const { type, config } = entry;
  const refuse = (why: string): string => {
    reading.refuse(nameOf(entry), `is a ${type} ${why}, which is not supported`);
    return type;
  };
  if ((config['lora_rank'] ?? null) !== null) return refuse('with LoRA weights');
  if (isJson(config['dtype']) && String(config['dtype']['class_name']).startsWith('Quantized')) {
    return refuse('with quantised weights');
  }
  if (type === 'GRU' || type === 'GRUCell') {
    if (config['time_major'] === true) return refuse('whose first axis is time');
    return config['reset_after'] === true ? `${type}ResetAfter` : type;
  }
  if (!reading.asKeras) return type === 'Identity' ? 'PassThrough' : type;
  const isOne = (value: unknown): boolean => [value].flat().every((size) => (size ?? 1) === 1);
  switch (type) {
    case 'SimpleRNN':
    case 'LSTM':
    case 'RNN':
      return config['time_major'] === true ? refuse('whose first axis is time') : type;
    case 'Identity':
      return 'PassThrough';
    case 'BatchNormalization':
      return config['renorm'] === true ? refuse('with renormalization') : type;
    case 'LayerNormalization':
      return config['rms_scaling'] === true ? refuse('with scaling by the root mean square') : type;
    case 'ReLU':
      return isPlainRectifier(config) ? type : 'ReLUWithSlope';
    case 'ELU':
      return isOne(config['alpha']) ? type : 'ELUWithScale';
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      if (isOne(config['groups'])) return type;
      return type === 'Conv3D' ? refuse('with groups') : `Grouped${type}`;
    case 'DepthwiseConv2D':
      return isOne(config['dilation_rate']) ? type : 'DilatedDepthwiseConv2D';
    case 'Conv1DTranspose':
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      if ((config['output_padding'] ?? null) !== null) return refuse('with output padding');
      return isOne(config['dilation_rate']) ? type : refuse('with dilation');
    case 'MaxPooling1D':
    case 'AveragePooling1D':
      return config['data_format'] === 'channels_first' ? refuse('with its channels first') : type;
    case 'GlobalAveragePooling1D':
    case 'GlobalMaxPooling1D':
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
    case 'GlobalAveragePooling3D':
    case 'GlobalMaxPooling3D': {
      const isFirst = config['data_format'] === 'channels_first';
      if (isFirst && (type.endsWith('1D') || config['keepdims'] === true)) {
        return refuse('with its channels first');
      }
      return config['keepdims'] === true ? type.replace(/\dD$/, 'Kept') : type;
    }
    case 'UpSampling2D': {
      const how = config['interpolation'] ?? 'nearest';
      if (how === 'nearest') return type;
      return how === 'bilinear' ? 'BilinearUpSampling2D' : refuse(`with ${text(how)} interpolation`);
    }
    case 'Resizing': {
      if (config['crop_to_aspect_ratio'] === true) return refuse('that crops');
      if (config['pad_to_aspect_ratio'] === true) return refuse('that pads');
      if (config['antialias'] === true) return refuse('with antialiasing');
      const how = config['interpolation'] ?? 'bilinear';
      const isKnown = how === 'bilinear' || how === 'nearest';
      return isKnown ? 'KerasResizing' : refuse(`with ${text(how)} interpolation`);
    }
    case 'CenterCrop':
      return 'KerasCenterCrop';
    default:
      return type;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 20) : 'an unknown';
}

/** Settings that say nothing about what is computed at inference. */
const DROPPED = new Set([
  ...['dtype', 'autocast', 'quantization_config', 'synchronized', 'lora_rank', 'lora_alpha', 'seed'],
  ...['noise_shape', 'ragged', 'sparse', 'optional', 'use_cudnn', 'zero_output_for_mask', 'unroll'],
  ...['time_major', 'build_config', 'gamma_constraint', 'beta_constraint', 'value_range'],
]);

/** A layer's settings in the words of TensorFlow.js. */
function cleaned(entry: LayerEntry, reading: TopologyReading): Json {
  const { type } = entry;
  const owner = nameOf(entry);
  const given = { ...entry.config };
  const config: Json = {};
  for (const [key, value] of Object.entries(given)) {
    if (key === 'batch_shape') {
      config['batch_input_shape'] = value;
    } else if (key === 'activation' || key === 'recurrent_activation') {
      config[key] = activationOf(value, owner, reading);
    } else if (key === 'layer' || key === 'cell') {
      config[key] = convertedLayer(value, reading);
    } else if (key === 'cells' && Array.isArray(value)) {
      config[key] = value.map((cell: unknown) => convertedLayer(cell, reading));
    } else if (key.endsWith('_initializer')) {
      const isInvalid = type.startsWith('SeparableConv') && key === 'kernel_initializer';
      if (!isInvalid) config[key] = ZEROS;
    } else if (!reading.asKeras) {
      config[key] = value;
    } else if (DROPPED.has(key) || /_(regularizer|constraint)$/.test(key)) {
      if (key === 'dtype' && type === 'InputLayer') config[key] = inputType(value);
    } else {
      config[key] = plain(value);
    }
  }
  config['name'] = owner;
  if (reading.asKeras) adjust(entry, config, reading);
  return config;
}

/**
 * Weights are set afterwards: to make random ones would be work for nothing, and orthogonal ones need more of
 * tfjs-core than is loaded on WebAssembly.
 */
const ZEROS = { class_name: 'Zeros', config: {} };

/** The type of an input's numbers, of those that TensorFlow.js has. */
function inputType(value: unknown): string {
  const name = isJson(value) && isJson(value['config']) ? value['config']['name'] : value;
  if (typeof name !== 'string') return 'float32';
  if (name === 'string' || name === 'bool') return name;
  return /^u?int/.test(name) ? 'int32' : 'float32';
}

/** Arrays of NumPy and the like as lists. */
function plain(value: unknown): unknown {
  if (!isJson(value)) return value;
  const { class_name: type, config } = value;
  if ((type === '__numpy__' || type === '__tensor__') && isJson(config)) return config['value'];
  return value;
}

/** What single layers call otherwise. */
function adjust({ type, config: given }: LayerEntry, config: Json, reading: TopologyReading): void {
  switch (type) {
    case 'BatchNormalization':
    case 'Softmax':
      if (Array.isArray(given['axis']) && given['axis'].length === 1) config['axis'] = given['axis'][0];
      return;
    case 'LeakyReLU':
      if (given['negative_slope'] !== undefined) config['alpha'] = given['negative_slope'];
      return;
    case 'UpSampling2D':
      if (typeof given['size'] === 'number') config['size'] = [given['size'], given['size']];
      return;
    case 'Reshape':
      if (Array.isArray(given['target_shape'])) {
        config['target_shape'] = given['target_shape'].map((size: unknown) => size ?? -1);
      }
      return;
    case 'Bidirectional':
      adjustBidirectional(given, config, reading);
      return;
    default:
      // These say how weights start, and how they are multiplied.
      if ('unit_forget_bias' in config) config['unit_forget_bias'] = false;
      if (config['implementation'] === 0) config['implementation'] = 1;
  }
}

/** TensorFlow.js makes the layer that goes backwards from the one that goes forwards. */
function adjustBidirectional(given: Json, config: Json, reading: TopologyReading): void {
  const forward = config['layer'];
  const backward = given['backward_layer'];
  Reflect.deleteProperty(config, 'backward_layer');
  if (!isJson(forward) || !isJson(forward['config'])) return;
  const inner = forward['config'];
  const name = String(inner['name']);
  // TensorFlow.js puts the direction before the name by itself.
  inner['name'] = name.replace(/^forward_(?=.)/, '');
  if (backward === undefined || backward === null) return;
  const other = convertedLayer(backward, reading);
  const opposite = { ...inner, go_backwards: inner['go_backwards'] !== true };
  if (other.class_name !== forward['class_name'] || !isAlike(other.config, opposite)) {
    reading.refuse(
      String(config['name']),
      'is a Bidirectional with two different layers, which is not supported',
    );
  }
}

/** Do two layers differ in their names alone? */
function isAlike(a: Json, b: Json): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  keys.delete('name');
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
