/** A network that test/support/keras makes, with what must be found in it. */
export interface KerasNetwork {
  /** By which Python registers its builder. */
  readonly name: string;
  /** Versions of Keras that make it. */
  readonly keras: readonly (2 | 3)[];
  /** `name units`. */
  readonly sites: readonly string[];
  readonly excluded?: readonly string[];
  /** Inputs are the numbers of words, below this; else they are any numbers. */
  readonly words?: number;
  /** Saved with an optimizer, after a little training. */
  readonly train?: boolean;
  /** Saved as weights with the topology apart, too. */
  readonly weights?: boolean;
  /** Keras 3 writes it to HDF5 and cannot read that. */
  readonly noKeras3H5?: true;
  /** Keras computes it in half precision: how far its probabilities may be away, and scores from a tie. */
  readonly within?: number;
  readonly margin?: number;
}

const BOTH = [2, 3] as const;
const NEW = [3] as const;

/** `a 3`, `b 3` */
const each = (units: number, ...names: readonly string[]): string[] =>
  names.map((name) => `${name} ${String(units)}`);

const COMMON_ACTIVATIONS = [
  ...['elu', 'selu', 'softplus', 'softsign', 'tanh', 'sigmoid', 'hard_sigmoid', 'gelu'],
  ...['exponential', 'mish', 'relu', 'swish'],
];
const RARE_ACTIVATIONS = [
  ...['celu', 'hard_tanh', 'tanh_shrink', 'soft_shrink', 'hard_shrink', 'squareplus'],
  ...['log_sigmoid', 'sparse_plus', 'sparse_sigmoid'],
];

const DENSE: readonly KerasNetwork[] = [
  { name: 'mlp', keras: BOTH, sites: ['one 8', 'two 6'], train: true, weights: true },
  { name: 'activations', keras: BOTH, sites: each(3, ...COMMON_ACTIVATIONS) },
  { name: 'activations of Keras 3', keras: NEW, sites: each(3, 'relu6', 'leaky_relu', 'hard_silu') },
  { name: 'rare activations', keras: NEW, sites: each(3, ...RARE_ACTIVATIONS) },
  { name: 'softmax inside', keras: BOTH, sites: ['weights 4', 'plain 3'] },
  {
    name: 'activation layers',
    keras: BOTH,
    sites: each(4, 'tanh', 'relu', 'cut', 'leaky', 'leaky_steep', 'learned', 'elu', 'normed'),
  },
  {
    name: 'ReLU with a slope and a threshold',
    keras: BOTH,
    sites: ['sloped 4', 'from_threshold 4', 'all 4'],
  },
  { name: 'sigmoid head', keras: BOTH, sites: ['hidden 5'] },
  { name: 'logits', keras: NEW, sites: ['hidden 5'] },
  { name: 'softmax as a layer', keras: BOTH, sites: ['hidden 5'] },
  { name: 'activation softmax as a layer', keras: BOTH, sites: ['hidden 5'] },
  { name: 'normalized input', keras: BOTH, sites: ['hidden 5'] },
  { name: 'normalized input, given numbers', keras: BOTH, sites: ['hidden 5'] },
  { name: 'normalizations', keras: BOTH, sites: ['first 5', 'second 4', 'third_end 4'] },
  { name: 'unit normalization', keras: BOTH, sites: ['hidden 5'] },
  { name: 'RMS normalization', keras: NEW, sites: ['hidden 5'] },
  { name: 'noise and dropout', keras: BOTH, sites: ['end 5', 'second 4'] },
  { name: 'identity', keras: BOTH, sites: ['end 5'] },
  {
    name: 'names of every kind',
    keras: NEW,
    sites: ['tiefe Schicht ä 層 5', 'vars 4', 'dense_1.kernel:0 3'],
  },
  { name: 'half precision', keras: BOTH, sites: ['hidden 5', 'second 4'], within: 0.01, margin: 0.05 },
  { name: 'double precision', keras: NEW, sites: ['hidden 5'] },
];

const CONVOLUTIONS: readonly KerasNetwork[] = [
  { name: 'cnn', keras: BOTH, sites: ['conv 4', 'relu 5', 'hidden 6'], train: true, weights: true },
  { name: '1-D convolutions', keras: BOTH, sites: ['plain 4', 'strided 5', 'relu6 4'] },
  { name: '1-D padding, cropping, upsampling', keras: BOTH, sites: ['conv 4'] },
  { name: '2-D convolutions', keras: BOTH, sites: ['leaky 4', 'dilated 5', 'one 6'] },
  { name: 'convolution in groups', keras: NEW, sites: ['conv 4', 'grouped 6'] },
  { name: '3-D convolutions', keras: BOTH, sites: ['conv 4', 'elu 3'] },
  { name: '3-D padding, cropping, upsampling', keras: NEW, sites: ['conv 3'] },
  { name: '3-D pooling over all positions', keras: NEW, sites: ['conv 4'] },
  { name: 'depthwise', keras: BOTH, sites: ['relu 4', 'strided 4', 'pointwise 5'] },
  { name: 'depthwise, dilated', keras: NEW, sites: ['dilated 3'] },
  { name: 'depthwise 1-D', keras: NEW, sites: ['wide 6'] },
  { name: 'separable', keras: BOTH, sites: ['selu 4', 'dilated 5'] },
  { name: 'separable 1-D', keras: NEW, sites: ['separable 4'] },
  { name: 'transposed', keras: BOTH, sites: ['up 4', 'strided 3', 'volume 2'] },
  { name: 'transposed 1-D', keras: NEW, sites: ['up 4'] },
  { name: 'moving elements', keras: BOTH, sites: ['conv 3', 'second 4'] },
  { name: 'upsampling between pixels', keras: BOTH, sites: ['conv 3', 'second 4'] },
  { name: 'learned slopes, shared over positions', keras: BOTH, sites: ['shared 4', 'own 3'] },
  { name: 'group normalization', keras: BOTH, sites: ['conv 4', 'second 6'] },
  { name: 'layers of augmentation', keras: BOTH, sites: ['conv 4'] },
  { name: 'resized and cropped', keras: NEW, sites: ['conv 4'] },
];

const SEQUENCES: readonly KerasNetwork[] = [
  { name: 'embedding', keras: BOTH, sites: ['words 5', 'hidden 6'], words: 30 },
  { name: 'embedding, averaged', keras: BOTH, sites: ['dropped 5', 'each 6'], words: 30 },
  { name: 'recurrent', keras: BOTH, sites: ['plain 4', 'gru 4', 'lstm 3', 'hidden 4'], weights: true },
  { name: 'gru', keras: BOTH, sites: ['first 4', 'second 5'] },
  {
    name: 'recurrent, with other settings',
    keras: BOTH,
    sites: ['plain 4', 'gru 5', 'lstm 3', 'gru_bare 3', 'last 4'],
  },
  {
    name: 'two-way',
    keras: BOTH,
    sites: ['both/forward 3', 'both/backward 3', 'ends/forward 4', 'ends/backward 4'],
  },
  {
    name: 'two-way gru',
    keras: NEW,
    sites: ['both/forward 3', 'both/backward 3', 'ends/forward 4', 'ends/backward 4'],
  },
  { name: 'states handed on', keras: BOTH, sites: ['encoder 4', 'decoder 4'] },
  { name: 'cells', keras: BOTH, sites: ['lstm 3', 'gru 4'] },
  { name: 'on every step', keras: BOTH, sites: ['relu 4', 'steps 5', 'lstm 3'] },
  { name: 'recurrent convolution', keras: NEW, sites: ['hidden 4'], excluded: ['film'] },
];

const JOINS: readonly KerasNetwork[] = [
  { name: 'residual mlp', keras: BOTH, sites: ['first 5', 'second 5', 'end 5'] },
  {
    name: 'residual cnn',
    keras: BOTH,
    sites: each(4, 'stem_relu', 'a_relu1', 'a_norm2', 'a_end', 'b_relu1', 'b_norm2', 'b_end'),
  },
  { name: 'all ways of joining', keras: BOTH, sites: ['a 4', 'b 4', 'end 4'] },
  { name: 'arithmetic between layers', keras: BOTH, sites: ['a 4', 'b 4', 'after 4'], noKeras3H5: true },
  { name: 'subtracting', keras: BOTH, sites: ['a 4', 'b 4'] },
  { name: 'channels weighed', keras: NEW, sites: ['conv 4', 'squeeze 2', 'excite 4'] },
  { name: 'inception', keras: BOTH, sites: ['a 2', 'b 3', 'c 2', 'after 4'] },
  { name: 'shared layer', keras: BOTH, sites: ['widen 5', 'widen@1 5', 'beside 3'], weights: true },
  { name: 'models in models', keras: BOTH, sites: ['outer 3', 'conv 3', 'mid_relu 4'], weights: true },
  { name: 'one model called twice', keras: BOTH, sites: ['before 4', 'tower_dense 3', 'tower_dense@1 3'] },
  { name: 'a base and a head in a Sequential', keras: BOTH, sites: ['base_relu 4', 'top 5'] },
  { name: 'two outputs', keras: BOTH, sites: ['trunk 5', 'near 4', 'aside 3', 'size 1'] },
  { name: 'outputs by name', keras: NEW, sites: ['trunk 5', 'other 2'] },
  { name: 'no input layer', keras: BOTH, sites: ['hidden 5'] },
];

/** All networks the tests make with Keras. */
export const KERAS_NETWORKS: readonly KerasNetwork[] = [...DENSE, ...CONVOLUTIONS, ...SEQUENCES, ...JOINS];
