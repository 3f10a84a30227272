import type { Recipe } from './tasks';

/** The programs that ours is compared with. */
export const PEERS = ['tfjs-node', 'pytorch-hook', 'captum'] as const;
export type PeerName = (typeof PEERS)[number];

/** Ours and peers on one network. */
export interface SweepCase {
  readonly kind: 'sweep';
  readonly what: string;
  readonly recipe: Recipe;
  readonly samples: number;
  /** Null: all. */
  readonly sites: readonly string[] | null;
  readonly backend: 'tfjs-node' | 'wasm';
  readonly peers: readonly PeerName[];
  /** How many times quicker than each peer it must be. */
  readonly required: Partial<Record<PeerName, number>>;
  /** Seconds in which the first whole map must be there, on a warm engine. */
  readonly required_first_map?: number;
  /** Megabytes that the process may take. */
  readonly required_memory?: number;
}

/** Ours alone, on growing work. */
export interface GrowthCase {
  readonly kind: 'growth';
  readonly what: string;
  readonly series: readonly GrowthSeries[];
}

/** Sizes of one kind, everything else alike. */
export interface GrowthSeries {
  readonly name: 'samples' | 'units';
  readonly steps: readonly {
    readonly size: number;
    readonly recipe: Recipe;
    readonly samples: number;
    readonly sites: readonly string[] | null;
  }[];
}

export type BenchCase = SweepCase | GrowthCase;

const PERCEPTRON: Omit<Recipe, 'net'> = {
  images: 'plain',
  trained: 10_000,
  epochs: 20,
  batch: 128,
  rate: 0.001,
  seed: 1,
};
const MLP_512: Recipe = { ...PERCEPTRON, net: { kind: 'perceptron', hidden: [512, 512] } };
const MLP_2048: Recipe = { ...PERCEPTRON, net: { kind: 'perceptron', hidden: [2048, 2048] }, epochs: 8 };
const CONVNET: Recipe = {
  net: { kind: 'convnet' },
  images: 'colour',
  trained: 3000,
  epochs: 3,
  batch: 32,
  rate: 0.002,
  seed: 1,
};
const MOBILENET: Recipe = {
  net: { kind: 'mobilenet' },
  images: 'colour',
  trained: 2000,
  epochs: 4,
  batch: 32,
  rate: 0.005,
  seed: 1,
};
const WIDE: Recipe = { ...CONVNET, net: { kind: 'wide' }, trained: 1000, epochs: 4, rate: 0.005 };

/** The cases by name, in the order in which they are run. */
export const CASES: Readonly<Record<string, BenchCase>> = {
  'mlp-512': {
    kind: 'sweep',
    what: 'MLP 784-512-512-10, 10,000 samples, all 1,024 hidden units',
    recipe: MLP_512,
    samples: 10_000,
    sites: null,
    backend: 'tfjs-node',
    peers: PEERS,
    required: { 'tfjs-node': 120, 'pytorch-hook': 150, captum: 200 },
    required_first_map: 0.3,
  },
  'mlp-2048': {
    kind: 'sweep',
    what: 'MLP 784-2048-2048-10, 10,000 samples, all 4,096 hidden units',
    recipe: MLP_2048,
    samples: 10_000,
    sites: null,
    backend: 'tfjs-node',
    peers: PEERS,
    required: { 'tfjs-node': 150 },
  },
  'convnet-last3': {
    kind: 'sweep',
    what: 'eleven-layer convnet 32×32×3, 1,000 samples, the 1,536 units of its last three layers',
    recipe: CONVNET,
    samples: 1000,
    sites: ['relu_9', 'relu_10', 'relu_11'],
    backend: 'tfjs-node',
    peers: PEERS,
    required: { 'tfjs-node': 40 },
  },
  'convnet-all': {
    kind: 'sweep',
    what: 'the same convnet, 200 samples, all 2,816 units',
    recipe: CONVNET,
    samples: 200,
    sites: null,
    backend: 'tfjs-node',
    peers: PEERS,
    required: { 'tfjs-node': 6 },
  },
  mobilenet: {
    kind: 'sweep',
    what: 'residual net with depthwise convolutions 96×96×3, 100 samples, all units',
    recipe: MOBILENET,
    samples: 100,
    sites: null,
    backend: 'tfjs-node',
    peers: PEERS,
    required: { 'tfjs-node': 6 },
  },
  'mlp-512-wasm': {
    kind: 'sweep',
    what: 'mlp-512 on the WASM backend alone; the peers stay native',
    recipe: MLP_512,
    samples: 10_000,
    sites: null,
    backend: 'wasm',
    peers: ['tfjs-node'],
    required: { 'tfjs-node': 40 },
  },
  growth: {
    kind: 'growth',
    what: 'time against samples (mlp-512) and against units (first layer of MLPs 784-U-512-10, 10,000 samples)',
    series: [
      {
        name: 'samples',
        steps: [1250, 2500, 5000, 10_000].map((samples) => ({
          size: samples,
          recipe: MLP_512,
          samples,
          sites: null,
        })),
      },
      {
        name: 'units',
        steps: [256, 512, 1024, 2048].map((units) => ({
          size: units,
          recipe: { ...PERCEPTRON, net: { kind: 'perceptron', hidden: [units, 512] }, epochs: 4 },
          samples: 10_000,
          sites: ['dense_1'],
        })),
      },
    ],
  },
  memory: {
    kind: 'sweep',
    what: 'two convolutions at 96×96, 1,200 samples: activations larger than the memory limit of 2 GiB',
    recipe: WIDE,
    samples: 1200,
    sites: null,
    backend: 'tfjs-node',
    peers: [],
    required: {},
    required_memory: 2048,
  },
  smoke: {
    kind: 'sweep',
    what: 'MLP 784-24-16-10, 400 samples; checks the benchmark itself',
    recipe: {
      ...PERCEPTRON,
      net: { kind: 'perceptron', hidden: [24, 16] },
      trained: 2000,
      epochs: 3,
    },
    samples: 400,
    sites: null,
    backend: 'tfjs-node',
    peers: ['tfjs-node'],
    required: {},
  },
};

/** The case that is run only by its name. */
export const BY_NAME_ONLY: readonly string[] = ['smoke'];
