/** What random networks are put together from: each stage takes a value and makes another, noting its sites. */
import * as tfl from '@tensorflow/tfjs-layers';
import type { Drawing, Symbolic } from './randomNetworks';

const L = tfl.layers;

export type InputKind = 'vector' | 'words' | 'sequence' | 'image' | 'volume';
export type Stage = (drawing: Drawing, x: Symbolic) => Symbolic;

const inputOf = (shape: number[]): { input: Symbolic; x: Symbolic } => {
  const input = tfl.input({ shape, name: 'input' });
  return { input, x: input };
};

/** The input of a network and the value that its first stage takes. */
export const inputStages: Record<InputKind, (drawing: Drawing) => { input: Symbolic; x: Symbolic }> = {
  vector: (drawing) => inputOf([drawing.whole(4, 12)]),
  words: (drawing) => {
    const { input } = inputOf([drawing.whole(4, 7)]);
    drawing.words = drawing.whole(6, 15);
    const outputDim = drawing.whole(3, 5);
    const name = drawing.name('embedding');
    const x = drawing.apply(L.embedding({ name, inputDim: drawing.words, outputDim }), input);
    drawing.site(name, outputDim);
    return { input, x };
  },
  sequence: (drawing) => inputOf([drawing.whole(6, 10), drawing.whole(2, 4)]),
  image: (drawing) => inputOf([drawing.whole(6, 9), drawing.whole(6, 9), drawing.whole(1, 3)]),
  volume: (drawing) => inputOf([4, drawing.whole(4, 5), 4, drawing.whole(1, 2)]),
};

const dense: Stage = (drawing, x) => {
  const units = drawing.whole(4, 8);
  return drawing.units((name, activation) => L.dense({ name, units, activation }), 'dense', x);
};

/** Two values of one shape are added, and mostly put through a nonlinearity, which makes a site of the sum. */
function addUp(drawing: Drawing, a: Symbolic, b: Symbolic): Symbolic {
  const sum = drawing.apply(L.add({ name: drawing.name('add') }), a, b);
  if (drawing.chance(0.3)) return sum;
  const activation = drawing.activationLayer();
  drawing.site(activation.name, sum.shape.at(-1) as number);
  return drawing.apply(activation, sum);
}

const residual: Stage = (drawing, x) => {
  const trunk = dense(drawing, x);
  const units = trunk.shape.at(-1) as number;
  const inner = drawing.chance(0.5) ? dense(drawing, trunk) : trunk;
  const branch = drawing.units((name, activation) => L.dense({ name, units, activation }), 'residual', inner);
  return addUp(drawing, trunk, branch);
};

const joined: Stage = (drawing, x) =>
  drawing.apply(L.concatenate({ name: drawing.name('concatenate') }), dense(drawing, x), dense(drawing, x));

const gated: Stage = (drawing, x) => {
  const values = dense(drawing, x);
  const name = drawing.name('gate');
  const units = values.shape.at(-1) as number;
  const gate = drawing.apply(L.dense({ name, units, activation: 'sigmoid' }), x);
  drawing.site(name, units);
  return drawing.apply(L.multiply({ name: drawing.name('multiply') }), values, gate);
};

/** One layer called twice, one call after the other or side by side. */
const shared: Stage = (drawing, x) => {
  const first = dense(drawing, x);
  const units = first.shape.at(-1) as number;
  const layer = L.dense({ name: drawing.name('shared'), units, activation: drawing.activation() });
  const a = drawing.apply(layer, first);
  const beside = drawing.chance(0.5);
  const b = drawing.apply(layer, beside ? drawing.apply(denseRelu(drawing, units), x) : a);
  drawing.site(layer.name, units);
  drawing.site(layer.name, units, 1);
  return beside || drawing.chance(0.5) ? addUp(drawing, a, b) : b;
};

function denseRelu(drawing: Drawing, units: number): tfl.layers.Layer {
  const name = drawing.name('dense_relu');
  drawing.site(name, units);
  return L.dense({ name, units, activation: 'relu' });
}

/** A model inside the model, called once or twice. */
const nested: Stage = (drawing, x) => {
  const units = drawing.whole(4, 7);
  const start = drawing.apply(denseRelu(drawing, units), x);
  const inner = drawing.name('inner');
  const [one, two] = [drawing.name('inside'), drawing.name('inside')];
  const model = tfl.sequential({
    name: inner,
    layers: [
      L.dense({
        name: one,
        units: drawing.whole(3, 6),
        activation: drawing.activation(),
        inputShape: [units],
      }),
      L.dense({ name: two, units, activation: drawing.activation() }),
    ],
  });
  const calls = drawing.whole(1, 2);
  let y = start;
  for (let call = 0; call < calls; call++) {
    y = drawing.apply(model, y);
    const suffix = call === 0 ? '' : `@${call}`;
    for (const [name, size] of [
      [one, model.layers[0]?.outputShape.at(-1)],
      [two, units],
    ] as [string, number][]) {
      drawing.sites.push({ site: name + suffix, at: `${inner}${suffix}/${name}`, units: size });
    }
  }
  return y;
};

/** What takes one vector a sample and gives another. */
export const vectorStages: readonly Stage[] = [dense, dense, residual, joined, gated, shared, nested];

const conv1d: Stage = (drawing, x) => {
  const dilated = drawing.chance(0.3);
  const config = {
    filters: drawing.whole(3, 5),
    kernelSize: drawing.whole(1, 3),
    padding: drawing.pick(['same', 'valid'] as const),
    strides: dilated ? 1 : drawing.whole(1, 2),
    dilationRate: dilated ? 2 : 1,
  };
  const steps = x.shape[1] as number;
  if ((config.kernelSize - 1) * config.dilationRate >= steps) config.padding = 'same';
  return drawing.units((name, activation) => L.conv1d({ ...config, name, activation }), 'conv1d', x);
};

const pool1d: Stage = (drawing, x) => {
  if ((x.shape[1] as number) < 4) return conv1d(drawing, x);
  const config = { poolSize: 2, strides: drawing.whole(1, 2) };
  return drawing.chance(0.5)
    ? drawing.apply(L.maxPooling1d({ ...config, name: drawing.name('max_pool') }), x)
    : drawing.apply(L.averagePooling1d({ ...config, name: drawing.name('mean_pool') }), x);
};

/** A recurrent layer, its states at all steps or the last going on. */
const recurrent: Stage = (drawing, x) => {
  const units = drawing.whole(3, 4);
  const returnSequences = drawing.chance(0.5);
  const goBackwards = drawing.chance(0.2);
  const kind = drawing.pick(['rnn', 'gru', 'lstm', 'both'] as const);
  const name = drawing.name(kind);
  const config = { units, returnSequences };
  if (kind === 'both') {
    const layer = loop(drawing.pick(['rnn', 'gru', 'lstm'] as const), config);
    for (const direction of ['forward', 'backward']) drawing.site(`${name}/${direction}`, units);
    const mergeMode = drawing.pick(['concat', 'concat', 'sum', 'ave', 'mul'] as const);
    return drawing.apply(L.bidirectional({ name, layer: layer as never, mergeMode }), x);
  }
  drawing.site(name, units);
  return drawing.apply(loop(kind, { ...config, name, goBackwards }), x);
};

function loop(
  kind: 'rnn' | 'gru' | 'lstm',
  config: { name?: string; units: number; returnSequences: boolean; goBackwards?: boolean },
): tfl.layers.Layer {
  if (kind === 'rnn') return L.simpleRNN(config);
  return kind === 'gru' ? L.gru(config) : L.lstm(config);
}

/** A dense layer at every step. */
const denseSteps: Stage = dense;

const conv2d: Stage = (drawing, x) => {
  const dilated = drawing.chance(0.2);
  const config = {
    filters: drawing.whole(3, 6),
    kernelSize: drawing.whole(1, 3),
    padding: drawing.pick(['same', 'valid'] as const),
    strides: dilated ? 1 : drawing.pick([1, 1, 2]),
    dilationRate: dilated ? 2 : 1,
    useBias: drawing.chance(0.8),
  };
  fit(config, x);
  return drawing.units((name, activation) => L.conv2d({ ...config, name, activation }), 'conv2d', x);
};

/** A window that does not fit goes over the edge. */
function fit(config: { kernelSize: number; dilationRate?: number; padding: string }, x: Symbolic): void {
  const least = Math.min(...(x.shape.slice(1, -1) as number[]));
  if ((config.kernelSize - 1) * (config.dilationRate ?? 1) >= least) config.padding = 'same';
}

const depthwise: Stage = (drawing, x) => {
  const config = {
    kernelSize: drawing.whole(2, 3),
    depthMultiplier: drawing.whole(1, 2),
    padding: drawing.pick(['same', 'valid'] as const),
    strides: drawing.pick([1, 1, 2]),
  };
  fit(config, x);
  return drawing.units(
    (name, activation) => L.depthwiseConv2d({ ...config, name, activation }),
    'depthwise',
    x,
  );
};

const separable: Stage = (drawing, x) => {
  const config = { filters: drawing.whole(3, 5), kernelSize: drawing.whole(2, 3), padding: 'same' as const };
  return drawing.units(
    (name, activation) => L.separableConv2d({ ...config, name, activation }),
    'separable',
    x,
  );
};

const transposed: Stage = (drawing, x) => {
  const config = {
    filters: drawing.whole(3, 5),
    kernelSize: drawing.whole(2, 3),
    strides: drawing.whole(1, 2),
    padding: drawing.pick(['same', 'valid'] as const),
  };
  return drawing.units(
    (name, activation) => L.conv2dTranspose({ ...config, name, activation }),
    'transposed',
    x,
  );
};

const pool2d: Stage = (drawing, x) => {
  if (Math.min(x.shape[1] as number, x.shape[2] as number) < 3) return conv2d(drawing, x);
  const config = {
    poolSize: drawing.whole(2, 3),
    strides: drawing.whole(1, 2),
    padding: drawing.pick(['same', 'valid'] as const),
  };
  return drawing.chance(0.5)
    ? drawing.apply(L.maxPooling2d({ ...config, name: drawing.name('max_pool') }), x)
    : drawing.apply(L.averagePooling2d({ ...config, name: drawing.name('mean_pool') }), x);
};

/** Padding, upsampling, cropping and permuting. */
const moved: Stage = (drawing, x) => {
  const small = (x.shape[1] as number) < 4 || (x.shape[2] as number) < 4;
  const choices = [
    () => L.zeroPadding2d({ name: drawing.name('padding'), padding: 1 }),
    () => L.permute({ name: drawing.name('permute'), dims: [2, 1, 3] }),
    ...(small
      ? [() => L.upSampling2d({ name: drawing.name('upsampling'), size: [2, 2] })]
      : [() => L.cropping2D({ name: drawing.name('cropping'), cropping: 1 })]),
  ];
  return drawing.apply(drawing.pick(choices)(), conv2d(drawing, x));
};

const maps =
  (filters: number, kernelSize = 3) =>
  (name: string, activation: Parameters<Parameters<Drawing['units']>[0]>[1]): tfl.layers.Layer =>
    L.conv2d({ name, filters, kernelSize, activation, padding: 'same' });

const residual2d: Stage = (drawing, x) => {
  const trunk = drawing.units(maps(drawing.whole(3, 5)), 'conv2d', x);
  const filters = trunk.shape.at(-1) as number;
  const inner = drawing.chance(0.5) ? drawing.units(maps(4, 1), 'conv2d', trunk) : trunk;
  return addUp(drawing, trunk, drawing.units(maps(filters), 'conv2d', inner));
};

const joined2d: Stage = (drawing, x) => {
  const name = (): string => drawing.name('concatenate');
  const a = drawing.units(maps(3), 'conv2d', x);
  const b = drawing.chance(0.3) ? x : drawing.units(maps(4, 1), 'conv2d', x);
  return drawing.apply(L.concatenate({ name: name() }), a, b);
};

/** Maps weighed by a number each, made of their means: a product with an axis of 1. */
const squeezed: Stage = (drawing, x) => {
  const filters = drawing.whole(3, 5);
  const values = drawing.units(maps(filters), 'conv2d', x);
  const means = drawing.apply(L.globalAveragePooling2d({ name: drawing.name('squeeze') }), values);
  const name = drawing.name('excite');
  const weights = drawing.apply(L.dense({ name, units: filters, activation: 'sigmoid' }), means);
  drawing.site(name, filters);
  const wide = L.reshape({ name: drawing.name('reshape'), targetShape: [1, 1, filters] });
  return drawing.apply(L.multiply({ name: drawing.name('multiply') }), values, drawing.apply(wide, weights));
};

const shared2d: Stage = (drawing, x) => {
  const first = drawing.units(maps(drawing.whole(3, 4)), 'conv2d', x);
  const filters = first.shape.at(-1) as number;
  const layer = maps(filters)(drawing.name('shared2d'), drawing.activation());
  const a = drawing.apply(layer, first);
  const b = drawing.apply(layer, a);
  drawing.site(layer.name, filters);
  drawing.site(layer.name, filters, 1);
  return drawing.chance(0.5) ? b : addUp(drawing, a, b);
};

const conv3d: Stage = (drawing, x) => {
  const config = {
    filters: drawing.whole(2, 4),
    kernelSize: drawing.whole(2, 3),
    padding: drawing.pick(['same', 'valid'] as const),
    strides: drawing.pick([1, 1, 2]),
  };
  fit(config, x);
  return drawing.units((name, activation) => L.conv3d({ ...config, name, activation }), 'conv3d', x);
};

const transposed3d: Stage = (drawing, x) => {
  const config = { filters: drawing.whole(2, 3), kernelSize: 2, padding: 'same' as const };
  return drawing.units(
    (name, activation) => L.conv3dTranspose({ ...config, name, activation }),
    'transposed3d',
    x,
  );
};

const pool3d: Stage = (drawing, x) => {
  if (Math.min(...(x.shape.slice(1, 4) as number[])) < 3) return conv3d(drawing, x);
  const config = { poolSize: 2, strides: drawing.whole(1, 2) };
  return drawing.chance(0.5)
    ? drawing.apply(L.maxPooling3d({ ...config, name: drawing.name('max_pool') }), x)
    : drawing.apply(L.averagePooling3d({ ...config, name: drawing.name('mean_pool') }), x);
};

const STAGES: Record<number, readonly Stage[]> = {
  3: [conv1d, conv1d, pool1d, recurrent, recurrent, recurrent, denseSteps],
  4: [
    conv2d,
    conv2d,
    depthwise,
    separable,
    transposed,
    pool2d,
    moved,
    residual2d,
    joined2d,
    squeezed,
    shared2d,
  ],
  5: [conv3d, conv3d, transposed3d, pool3d],
};

/** What takes a value of a rank, the batch axis counted. */
export function shapedStages(rank: number): readonly Stage[] {
  return STAGES[rank] ?? vectorStages;
}
