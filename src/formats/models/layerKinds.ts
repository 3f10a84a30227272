import { relu, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../protocol/failure';
import type { Algebra, Makes, Rectifier } from '../../core/network/network';
import type { ActivationObject, LayerObject } from './layerInternals';

/** What an operation made from a layer is: see `Operation` in core/network. */
export interface LayerKind {
  readonly algebra: Algebra;
  readonly makes: Makes;
  readonly hindrance: string | null;
}

const IDENTITIES = new Set([
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'ActivityRegularization',
]);
const RESHAPES: Readonly<Record<string, 'flatten' | 'spatial' | 'any'>> = {
  Flatten: 'flatten',
  Reshape: 'any',
  Permute: 'any',
  RepeatVector: 'any',
  ZeroPadding2D: 'spatial',
  Cropping2D: 'spatial',
  UpSampling2D: 'spatial',
};
const POINTWISE: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leaky_relu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholded_relu',
};
const RECURRENT = new Set(['SimpleRNN', 'GRU', 'LSTM', 'RNN', 'Bidirectional', 'ConvLSTM2D']);

const OPAQUE: LayerKind = { algebra: { kind: 'opaque' }, makes: null, hindrance: null };

/**
 * Tells what a layer computes (its activation aside).
 * @throws Failure for layers that cannot be run one by one
 */
export function describeLayer(layer: LayerObject, file: string): LayerKind {
  const type = layer.getClassName();
  if (type === 'Masking' || (type === 'Embedding' && layer.maskZero === true)) {
    throw new Failure(`${file}: the layer ${layer.name} masks time steps, which cannot be analysed yet.`, {
      file,
    });
  }
  const plain = (kind: 'identity' | 'add' | 'multiply' | 'concatenate' | 'softmax'): LayerKind => ({
    ...OPAQUE,
    algebra: { kind },
  });
  const pointwise = POINTWISE[type];
  if (pointwise !== undefined) {
    return {
      ...OPAQUE,
      algebra: { kind: 'pointwise', name: pointwise, rectifier: rectifierOf(layer, type) },
    };
  }
  if (IDENTITIES.has(type)) return plain('identity');
  const moves = RESHAPES[type];
  if (moves !== undefined) return { ...OPAQUE, algebra: { kind: 'reshape', moves: movesOf(layer, moves) } };
  const pooling = /^(Global)?(Max|Average)Pooling[123]D$/.exec(type);
  if (pooling !== null) {
    const how = pooling[2] === 'Max' ? 'max' : 'average';
    const isPlain = !keepsChannelsFirst(layer);
    return isPlain
      ? { ...OPAQUE, algebra: { kind: 'pooling', how, global: pooling[1] !== undefined } }
      : OPAQUE;
  }
  if (RECURRENT.has(type)) {
    return { ...OPAQUE, makes: 'recurrent', hindrance: 'is recurrent, which cannot be ablated yet' };
  }
  switch (type) {
    case 'Activation':
      return { ...OPAQUE, algebra: algebraOfActivation(layer.activation) };
    case 'Softmax':
      return layer.getConfig()['axis'] === -1 || layer.getConfig()['axis'] == null
        ? plain('softmax')
        : OPAQUE;
    case 'Add':
      return plain('add');
    case 'Multiply':
      return plain('multiply');
    case 'Concatenate':
      return plain('concatenate');
    case 'BatchNormalization':
      return layer.getConfig()['axis'] === -1 || lastAxisIs(layer)
        ? { ...OPAQUE, algebra: affineOf(layer) }
        : OPAQUE;
    case 'TimeDistributed':
      return {
        ...OPAQUE,
        makes: 'dense',
        hindrance: 'is wrapped in TimeDistributed, which cannot be ablated yet',
      };
    default:
      return describeUnits(layer, type);
  }
}

/** Layers that make units. */
function describeUnits(layer: LayerObject, type: string): LayerKind {
  const config = layer.getConfig();
  const bias = weightOf(layer, 'bias');
  const windows = {
    bias,
    strides: numbers(config['strides']),
    dilations: numbers(config['dilationRate']),
    padding: config['padding'] as 'same' | 'valid' | 'causal',
  };
  const hindrance = keepsChannelsFirst(layer)
    ? 'keeps its channels first, which cannot be ablated yet'
    : null;
  switch (type) {
    case 'Dense':
      return { algebra: { kind: 'dense', kernel: kernelOf(layer), bias }, makes: 'dense', hindrance };
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return {
        algebra: { kind: 'convolution', kernel: kernelOf(layer), ...windows },
        makes: 'convolution',
        hindrance,
      };
    case 'DepthwiseConv2D':
      return {
        algebra: { kind: 'depthwise', kernel: kernelOf(layer), ...windows },
        makes: 'depthwise convolution',
        hindrance,
      };
    case 'SeparableConv2D':
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      return { algebra: { kind: 'opaque' }, makes: 'convolution', hindrance };
    case 'Embedding':
      return {
        algebra: { kind: 'embedding', table: kernelOf(layer) },
        makes: 'embedding',
        hindrance: null,
      };
    default:
      return OPAQUE;
  }
}

/** An activation taken out of the layer it was fused into. */
export interface SplitActivation {
  readonly algebra: Algebra;
  apply(x: Tensor): Tensor;
}

const LINEAR: ActivationObject = { getClassName: () => 'linear', apply: (x) => x };

/**
 * Takes the activation out of a dense or convolution layer, which computes its linear part from then on.
 * Null where there is none to take. A shared layer is split at its first call and stays so.
 */
export function splitActivation(layer: LayerObject): SplitActivation | null {
  if (layer.getClassName() === 'Activation' || RECURRENT.has(layer.getClassName())) return null;
  const known = taken.get(layer);
  if (known !== undefined) return known;
  const activation = layer.activation;
  if (activation === undefined || activation.getClassName() === 'linear') return null;
  layer.activation = LINEAR;
  const split: SplitActivation = {
    algebra: algebraOfActivation(activation),
    apply: activation.getClassName() === 'relu' ? (x) => relu(x) : (x) => activation.apply(x),
  };
  taken.set(layer, split);
  return split;
}

const taken = new WeakMap<LayerObject, SplitActivation>();

function algebraOfActivation(activation: ActivationObject | undefined): Algebra {
  const name = activation?.getClassName() ?? 'linear';
  if (name === 'linear') return { kind: 'identity' };
  if (name === 'softmax') return { kind: 'softmax' };
  return name === 'logSoftmax'
    ? { kind: 'opaque' }
    : { kind: 'pointwise', name, rectifier: RECTIFIERS[name] ?? null };
}

/** Activations that are straight on both sides of 0. */
const RECTIFIERS: Readonly<Record<string, Rectifier>> = {
  relu: { slope: 0, most: Infinity },
  relu6: { slope: 0, most: 6 },
};

/** The same of layers that are activations. */
function rectifierOf(layer: LayerObject, type: string): Rectifier | null {
  const config = layer.getConfig();
  if (type === 'LeakyReLU') return { slope: Number(config['alpha'] ?? 0.3), most: Infinity };
  return type === 'ReLU' ? { slope: 0, most: Number(config['maxValue'] ?? Infinity) } : null;
}

/** Batch normalisation at inference: γ (x − μ) / √(σ² + ε) + β, as one product and sum a channel. */
function affineOf(layer: LayerObject): Algebra {
  const values = (part: string): ArrayLike<number> | null =>
    weightOf(layer, part)?.dataSync<'float32'>() ?? null;
  const mean = values('moving_mean');
  const variance = values('moving_variance');
  if (mean === null || variance === null) throw new Error(`${layer.name} has no moving mean and variance`);
  const gamma = values('gamma');
  const beta = values('beta');
  const epsilon = Number(layer.getConfig()['epsilon'] ?? 1e-3);
  const scale = Float32Array.from(variance, (v, c) => (gamma?.[c] ?? 1) / Math.sqrt(v + epsilon));
  const offset = Float32Array.from(mean, (m, c) => (beta?.[c] ?? 0) - m * scale[c]!);
  return { kind: 'affine', scale, offset };
}

function keepsChannelsFirst(layer: LayerObject): boolean {
  return layer.getConfig()['dataFormat'] === 'channelsFirst';
}

function movesOf(layer: LayerObject, moves: 'flatten' | 'spatial' | 'any'): 'flatten' | 'spatial' | 'any' {
  return keepsChannelsFirst(layer) ? 'any' : moves;
}

function lastAxisIs(layer: LayerObject): boolean {
  const rank = layer.inboundNodes[0]?.outputTensors[0]?.shape.length;
  return rank !== undefined && layer.getConfig()['axis'] === rank - 1;
}

function kernelOf(layer: LayerObject): Tensor {
  const kernel = weightOf(layer, 'kernel') ?? layer.weights[0]?.read();
  if (kernel === undefined) throw new Error(`${layer.name} has no weights`);
  return kernel;
}

function weightOf(layer: LayerObject, part: string): Tensor | null {
  const weight = layer.weights.find(({ originalName }) => originalName.endsWith(part));
  return weight?.read() ?? null;
}

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : [1];
}
