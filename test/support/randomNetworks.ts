/**
 * Small random classifiers of everything that TensorFlow.js layers can be put together from, each determined by
 * its seed. While a network is built, its sites are written down by the rule of science.md, by construction and
 * not by looking at the graph, so that the product's own reading of it can be held against them.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Architecture } from './architectures';
import { inputStages, shapedStages, vectorStages, type InputKind } from './randomStages';
import { uniforms } from './seeded';

export type Symbolic = tfl.SymbolicTensor;
type Layer = tfl.layers.Layer;

/** A site by construction. */
export interface RandomSite {
  /** What it is called. */
  readonly site: string;
  /** The call of a layer whose output it is: `outer/inner`, `layer@1`. */
  readonly at: string;
  readonly units: number;
}

/** A random network and what is known of it by construction. */
export interface RandomNetwork extends Architecture {
  readonly scores: number;
  readonly sites: readonly RandomSite[];
  /** Its layers in the order made, for people. */
  readonly description: string;
}

/** Fused activations, by the names Keras has for them. */
const FUSED = [
  'relu',
  'relu',
  'relu',
  'relu6',
  'elu',
  'tanh',
  'sigmoid',
  'swish',
  'softplus',
  'selu',
] as const;
export type Activation = (typeof FUSED)[number] | 'linear';

/** Draws from a seed, and writes down layers and sites as they are made. */
export class Drawing {
  readonly sites: RandomSite[] = [];
  readonly layers: string[] = [];
  words: number | null = null;
  private readonly numbers: Float64Array;
  private at = 0;

  constructor(seed: number) {
    this.numbers = uniforms(2000, seed);
  }

  /** Uniform in [0, 1). */
  next(): number {
    const value = this.numbers[this.at++];
    if (value === undefined) throw new Error('A network of too many choices');
    return value;
  }

  /** A whole number from `low` to `high`. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)] as T;
  }

  /** A name that no other layer of the network has. */
  name(kind: string): string {
    this.layers.push(kind);
    return `${kind}_${this.layers.length}`;
  }

  activation(): Activation {
    return this.pick(FUSED);
  }

  /** Writes down a site at a call of a layer. */
  site(name: string, units: number, call = 0, path = ''): void {
    const suffix = call === 0 ? '' : `@${call}`;
    this.sites.push({ site: name + suffix, at: path + name + suffix, units });
  }

  apply(layer: Layer, ...inputs: Symbolic[]): Symbolic {
    return layer.apply(inputs.length === 1 ? (inputs[0] as Symbolic) : inputs) as Symbolic;
  }

  /**
   * Calls a layer that makes units, with what may follow up to its site: its activation fused, or a normalisation,
   * a dropout and an activation as layers, or nothing.
   * @param make the layer, its activation given
   */
  units(make: (name: string, activation: Activation) => Layer, kind: string, input: Symbolic): Symbolic {
    const fused = this.chance(0.5) ? this.activation() : 'linear';
    const layer = make(this.name(fused === 'linear' ? kind : `${kind}_${fused}`), fused);
    let x = this.apply(layer, input);
    let last = layer.name;
    const units = x.shape.at(-1) as number;
    // TensorFlow.js normalises no volumes.
    const isVolume = x.shape.length > 4;
    if (fused === 'linear') {
      if (this.chance(0.3))
        x = this.apply(tfl.layers.dropout({ name: (last = this.name('dropout')), rate: 0.3 }), x);
      if (!isVolume && this.chance(0.4))
        x = this.apply(tfl.layers.batchNormalization({ name: (last = this.name('norm')) }), x);
      if (this.chance(0.7)) {
        const activation = this.activationLayer();
        x = this.apply(activation, x);
        last = activation.name;
      }
    }
    this.site(last, units);
    if (fused !== 'linear' && !isVolume && this.chance(0.2)) {
      x = this.apply(tfl.layers.batchNormalization({ name: this.name('norm_after') }), x);
    }
    return x;
  }

  /** An activation as a layer; none that jumps, where rounding would decide what comes out. */
  activationLayer(): Layer {
    const L = tfl.layers;
    const choices: readonly (() => Layer)[] = [
      () => L.activation({ name: this.name('activation'), activation: this.activation() }),
      () => L.reLU({ name: this.name('relu') }),
      () => L.reLU({ name: this.name('relu_most'), maxValue: 1 + this.next() }),
      () => L.leakyReLU({ name: this.name('leaky'), alpha: 0.05 + 0.3 * this.next() }),
      () => L.elu({ name: this.name('elu') }),
    ];
    return this.pick(choices)();
  }
}

/** The network of a seed. */
export function randomNetwork(seed: number, kind?: InputKind): RandomNetwork {
  const plan = draw(seed, kind);
  plan.model.dispose();
  const { head, kind: headKind, scores, words, sites, description } = plan;
  return {
    head,
    scores,
    kind: headKind,
    ...(words === null ? {} : { words }),
    sites,
    description,
    build: () => draw(seed, kind).model,
    finish: (model) => finish(model, head, seed),
  };
}

interface Drawn {
  readonly model: tfl.LayersModel;
  readonly head: string;
  readonly kind: 'softmax' | 'sigmoid' | 'linear';
  readonly scores: number;
  readonly words: number | null;
  readonly sites: readonly RandomSite[];
  readonly description: string;
}

const KINDS: readonly InputKind[] = ['image', 'sequence', 'vector', 'image', 'words', 'volume'];

function draw(seed: number, wanted?: InputKind): Drawn {
  const drawing = new Drawing(seed);
  const kind = wanted ?? KINDS[seed % KINDS.length] ?? 'vector';
  const { input, x: first } = inputStages[kind](drawing);
  let x = first;
  for (let stages = drawing.whole(1, 3); stages > 0 && x.shape.length > 2; stages--) {
    x = drawing.pick(shapedStages(x.shape.length))(drawing, x);
  }
  const trunk = x;
  if (x.shape.length > 2 && drawing.sites.length > 0 && drawing.chance(0.15))
    return finished(drawing, input, pooledHead(drawing, x), trunk);
  if (x.shape.length > 2) x = collapse(drawing, x);
  for (let stages = drawing.whole(drawing.sites.length === 0 ? 1 : 0, 2); stages > 0; stages--) {
    x = drawing.pick(vectorStages)(drawing, x);
  }
  return finished(drawing, input, denseHead(drawing, x), x);
}

/** Makes one vector a sample of a shaped value. */
function collapse(drawing: Drawing, x: Symbolic): Symbolic {
  const L = tfl.layers;
  const name = (kind: string): { name: string } => ({ name: drawing.name(kind) });
  const flat = (): Layer => L.flatten(name('flatten'));
  const pools: Record<number, readonly (() => Layer)[]> = {
    3: [
      flat,
      () => L.globalMaxPooling1d(name('global_max')),
      () => L.globalAveragePooling1d(name('global_mean')),
    ],
    4: [
      flat,
      () => L.globalMaxPooling2d(name('global_max')),
      () => L.globalAveragePooling2d({ ...name('global_mean'), dataFormat: 'channelsLast' }),
    ],
  };
  return drawing.apply(drawing.pick(pools[x.shape.length] ?? [flat])(), x);
}

interface Head {
  readonly output: Symbolic;
  readonly layer: string;
  readonly kind: 'softmax' | 'sigmoid' | 'linear';
}

function denseHead(drawing: Drawing, x: Symbolic): Head {
  const dense = (units: number, activation: 'softmax' | 'sigmoid' | 'linear'): tfl.layers.Layer =>
    tfl.layers.dense({ name: drawing.name(`scores_${activation}`), units, activation });
  const classes = drawing.pick([2, 3, 4, 5, 7, 12]);
  const kind = drawing.pick(['softmax', 'softmax', 'apart', 'one', 'probabilities', 'logits'] as const);
  const layer =
    kind === 'one'
      ? dense(1, 'sigmoid')
      : dense(classes, kind === 'softmax' ? 'softmax' : kind === 'probabilities' ? 'sigmoid' : 'linear');
  let output = drawing.apply(layer, x);
  if (kind === 'apart') {
    const softmax = drawing.chance(0.5)
      ? tfl.layers.softmax({ name: drawing.name('softmax') })
      : tfl.layers.activation({ name: drawing.name('softmax'), activation: 'softmax' });
    output = drawing.apply(softmax, output);
  }
  const sigmoid = kind === 'one' || kind === 'probabilities';
  return { output, layer: layer.name, kind: sigmoid ? 'sigmoid' : kind === 'logits' ? 'linear' : 'softmax' };
}

/** Class scores straight from a convolution, by its mean over positions: a layer that is no site. */
function pooledHead(drawing: Drawing, x: Symbolic): Head {
  const L = tfl.layers;
  const name = drawing.name('scores_map');
  const filters = drawing.whole(2, 5);
  const rank = x.shape.length;
  const maps = { name, filters, kernelSize: 1 };
  const layer =
    rank === 3 ? L.conv1d(maps) : rank === 4 ? L.conv2d(maps) : L.conv3d({ ...maps, kernelSize: 1 });
  let y = drawing.apply(layer, x);
  if (rank === 5)
    y = drawing.apply(L.reshape({ name: drawing.name('reshape'), targetShape: [-1, filters] }), y);
  const pool = { name: drawing.name('mean_of_map') };
  y = drawing.apply(rank === 4 ? L.globalAveragePooling2d(pool) : L.globalAveragePooling1d(pool), y);
  const output = drawing.apply(L.softmax({ name: drawing.name('softmax') }), y);
  return { output, layer: name, kind: 'softmax' };
}

/** The model of an input and a head; some have a second output, which the class scores do not depend on. */
function finished(drawing: Drawing, input: Symbolic, head: Head, trunk: Symbolic): Drawn {
  const outputs = [head.output];
  if (drawing.chance(0.15) && trunk.shape.length === 2) {
    const name = drawing.name('number');
    const units = drawing.whole(1, 3);
    outputs.unshift(drawing.apply(tfl.layers.dense({ name, units, activation: 'tanh' }), trunk));
    drawing.site(name, units);
  }
  return {
    model: tfl.model({ inputs: input, outputs }),
    head: head.layer,
    kind: head.kind,
    scores: outputs.length - 1,
    words: drawing.words,
    sites: drawing.sites,
    description: drawing.layers.join(' '),
  };
}

/** Makes some units that never fire, some that nothing listens to, and some normalisations that turn a sign. */
function finish(model: tfl.LayersModel, head: string, seed: number): void {
  const random = uniforms(1000, seed + 77);
  let at = 0;
  for (const layer of allLayers(model)) {
    const weights = layer.getWeights();
    const chance = random[at++] as number;
    const { activation } = layer.getConfig();
    const isRelu = activation === 'relu' || activation === 'relu6';
    if (isRelu && layer.weights.length === 2 && chance < 0.3) edit(layer, 1, (bias) => (bias[0] = -1000));
    if (layer.name === head && chance < 0.3)
      edit(layer, 0, (kernel) => kernel.fill(0, 0, weights[0]?.shape.at(-1)));
    if (layer.getClassName() === 'BatchNormalization' && chance < 0.5) {
      edit(layer, 0, (gamma) => (gamma[0] = -(gamma[0] as number)));
    }
  }
}

function allLayers(model: tfl.LayersModel): Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof tfl.LayersModel ? allLayers(layer) : [layer]));
}

function edit(layer: Layer, index: number, change: (values: Float32Array) => void): void {
  const weights = layer.getWeights();
  const changed = weights.map((weight, i) => {
    const values = weight.dataSync().slice() as Float32Array;
    if (i === index) change(values);
    return tf.tensor(values, weight.shape);
  });
  layer.setWeights(changed);
  tf.dispose(changed);
}
