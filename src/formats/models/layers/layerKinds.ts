import type { Algebra, Makes, Shape } from '../../../core/network/network';
import type { LayerObject } from '../layerInternals';
import { activationLayerAlgebra } from './activations';
import { OPAQUE, type LayerKind } from './layerCall';
import { Normalization } from './registered/normalizations';
import { PASSED_THROUGH } from './registered/passThrough';
import { axisOf, keepsChannelsFirst, kernelOf, numbersOf, weightOf } from './layerConfig';

const IDENTITIES = new Set<string>([
  ...PASSED_THROUGH,
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
]);

/** Layers with weights that make no units: they carry on those of their input. */
const CARRIES_UNITS = new Set([
  'BatchNormalization',
  'LayerNormalization',
  'GroupNormalization',
  'RMSNormalization',
  'Normalization',
  'PReLU',
]);

/**
 * Tells what a layer computes (its activation aside).
 * @param input shape of its first input
 * @param output shape of its first output
 */
export function layerKind(layer: LayerObject, input: Shape, output: Shape): LayerKind {
  const algebra = plainAlgebra(layer, input, output);
  return algebra === null ? unitsKind(layer) : { ...OPAQUE, algebra };
}

/** The algebra of layers that make no units; null for all others. */
function plainAlgebra(layer: LayerObject, input: Shape, output: Shape): Algebra | null {
  const type = layer.getClassName();
  const activation = activationLayerAlgebra(layer);
  if (activation !== null) return activation;
  if (IDENTITIES.has(type) || isFlatAlready(type, input)) return { kind: 'identity' };
  const moves = movesOf(layer, input, output);
  if (moves !== null) return { kind: 'reshape', moves };
  const pooling = /^(Global)?(Max|Average)Pooling([123]D|Kept)$/.exec(type);
  if (pooling !== null) {
    if (keepsChannelsFirst(layer)) return { kind: 'opaque' };
    const how = pooling[2] === 'Max' ? 'max' : 'average';
    return { kind: 'pooling', how, global: pooling[1] !== undefined && pooling[3] !== 'Kept' };
  }
  const isLast = axisOf(layer, output.length) === output.length - 1;
  switch (type) {
    case 'Softmax':
      return { kind: isLast ? 'softmax' : 'opaque' };
    case 'Add':
      return { kind: 'add' };
    case 'Multiply':
      return { kind: 'multiply' };
    case 'Concatenate':
      return { kind: 'concatenate', axis: axisOf(layer, output.length) };
    case 'BatchNormalization':
      return isLast ? batchNormAlgebra(layer) : { kind: 'opaque' };
    case 'Normalization':
      return normalizationAlgebra(layer, output);
    case 'Rescaling':
      return rescalingAlgebra(layer, output);
    default:
      return null;
  }
}

function isFlatAlready(type: string, input: Shape): boolean {
  return type === 'Flatten' && input.length === 2;
}

/** How a layer moves elements; null where it does more than that. */
function movesOf(layer: LayerObject, input: Shape, output: Shape): 'flatten' | 'spatial' | 'any' | null {
  const config = layer.getConfig();
  const spatial = keepsChannelsFirst(layer) ? 'any' : 'spatial';
  switch (layer.getClassName()) {
    case 'Flatten':
      return keepsChannelsFirst(layer) ? 'any' : 'flatten';
    case 'Reshape': {
      const isWhole = typeof output.at(-1) === 'number' && output.at(-1) === input.at(-1);
      if (isWhole) return 'spatial';
      return output.length === 2 ? 'flatten' : 'any';
    }
    case 'Permute':
      return numbersOf(config['dims']).at(-1) === output.length - 1 ? 'spatial' : 'any';
    case 'RepeatVector':
      return 'spatial';
    case 'ZeroPadding1D':
    case 'ZeroPadding2D':
    case 'ZeroPadding3D':
    case 'Cropping1D':
    case 'Cropping2D':
    case 'Cropping3D':
    case 'KerasCenterCrop':
    case 'UpSampling1D':
    case 'UpSampling3D':
      return spatial;
    case 'UpSampling2D':
      return config['interpolation'] === 'bilinear' ? null : spatial;
    default:
      return null;
  }
}

/** Batch normalisation at inference: γ (x − μ) / √(σ² + ε) + β, as one product and sum a channel. */
function batchNormAlgebra(layer: LayerObject): Algebra {
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

/** Statistics that were found before training: known where they are of channels. */
function normalizationAlgebra(layer: LayerObject, output: Shape): Algebra {
  const channels = output.at(-1);
  if (!(layer instanceof Normalization) || typeof channels !== 'number') return { kind: 'opaque' };
  const affine = layer.affine(channels);
  return affine === null ? { kind: 'opaque' } : { kind: 'affine', ...affine };
}

/** x · scale + offset, with one of each or one a channel. */
function rescalingAlgebra(layer: LayerObject, output: Shape): Algebra {
  const channels = output.at(-1);
  const { scale, offset } = layer.getConfig();
  if (typeof channels !== 'number') return { kind: 'opaque' };
  const [scales, offsets] = [scale, offset].map((given) => {
    const values = numbersOf(given);
    if (typeof given !== 'number' && (!Array.isArray(given) || values.length !== channels)) return null;
    return Float32Array.from({ length: channels }, (_, c) => values[values.length === 1 ? 0 : c]!);
  }) as [Float32Array | null, Float32Array | null];
  return scales === null || offsets === null
    ? { kind: 'opaque' }
    : { kind: 'affine', scale: scales, offset: offsets };
}

/** Layers that make units, and those that are simply run. */
function unitsKind(layer: LayerObject): LayerKind {
  const type = layer.getClassName();
  const hindrance = keepsChannelsFirst(layer)
    ? 'keeps its channels first, which cannot be ablated yet'
    : null;
  const kind = (makes: Makes, algebra: Algebra): LayerKind => ({
    algebra: hindrance === null ? algebra : { kind: 'opaque' },
    makes,
    hindrance,
  });
  switch (type) {
    case 'Dense':
      return kind('dense', { kind: 'dense', kernel: kernelOf(layer), bias: weightOf(layer, 'bias') });
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return kind('convolution', { kind: 'convolution', kernel: kernelOf(layer), ...windowsOf(layer) });
    case 'DepthwiseConv2D':
      return kind('depthwise convolution', {
        kind: 'depthwise',
        kernel: kernelOf(layer),
        ...windowsOf(layer),
        // TensorFlow.js reads this layer's dilation rate and does not use it.
        dilations: [1, 1],
      });
    case 'DilatedDepthwiseConv2D':
      return kind('depthwise convolution', {
        kind: 'depthwise',
        kernel: kernelOf(layer),
        ...windowsOf(layer),
      });
    case 'DepthwiseConv1D':
      return kind('depthwise convolution', { kind: 'opaque' });
    case 'SeparableConv1D':
    case 'SeparableConv2D':
    case 'GroupedConv1D':
    case 'GroupedConv2D':
    case 'Conv1DTranspose':
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      return kind('convolution', { kind: 'opaque' });
    case 'Embedding':
      return kind('embedding', { kind: 'embedding', table: kernelOf(layer) });
    default:
      return layer.weights.length === 0 || CARRIES_UNITS.has(type)
        ? OPAQUE
        : { ...OPAQUE, hindrance: `is a layer of type ${type}, whose units are not known` };
  }
}

/** How a convolution lays its windows, and its bias. */
export function windowsOf(
  layer: LayerObject,
): Omit<Extract<Algebra, { kind: 'convolution' }>, 'kind' | 'kernel'> {
  const config = layer.getConfig();
  return {
    bias: weightOf(layer, 'bias'),
    strides: numbersOf(config['strides']),
    dilations: numbersOf(config['dilationRate']),
    padding: (config['padding'] ?? 'valid') as 'same' | 'valid' | 'causal',
  };
}
