/**
 * The independent brute force that the engine is held against: stock `predict` on a copy of the model with a mask
 * layer put in, counted in plain float64 JavaScript. Shares no code with `src`. Runs in a process of its own
 * (`main.ts`), so that it shares no tensor, backend or setting with the engine either.
 */
import * as tf from '@tensorflow/tfjs-node';
import { crossEntropy, gapOf, predictedOf, probabilityLoss, selectivity } from './scoring';
import { insertMasks, type Masked } from './surgery';

/** Samples as the network takes them, and where its class scores are. */
export interface OracleInput {
  /** Path of the `model.json`. */
  readonly model: string;
  /** Already scaled: `[samples, …shape]`. */
  readonly x: Float32Array;
  /** Shape of one sample as the network takes it. */
  readonly shape: readonly number[];
  /** The same for each further input of the model. */
  readonly more?: readonly { readonly x: Float32Array; readonly shape: readonly number[] }[];
  readonly labels: Int32Array;
  /** Index of the output that holds the class scores. */
  readonly scores: number;
}

/**
 * What a blocked unit is set to (science.md, "Operators"), from the network as it is on all samples given here.
 * `mean`: the mean over samples of each element, by itself · `donors`: the activation of another sample, its
 * index given for each sample · `constants`: one given value a unit of the place.
 */
export type Replacement =
  | { readonly kind: 'zero' }
  | { readonly kind: 'mean' }
  | { readonly kind: 'donors'; readonly donors: Int32Array }
  | { readonly kind: 'constants'; readonly values: Float32Array };

/** Units of one call of a layer, to be blocked together. */
export interface Place {
  readonly at: string;
  readonly units: readonly number[];
  readonly replacement?: Replacement;
}

/** The outcome of one network, whole or masked, on all samples. */
export interface Outcome {
  readonly correct: number;
  readonly predictions: Int32Array;
  /** Right answers of each class. */
  readonly class_correct: Int32Array | Float64Array;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** By how much the loss may be off where it is read from single-precision probabilities, not from logits. */
  readonly loss_rounding: number;
  /** How many samples have their two best scores within 1e-6 of each other. */
  readonly ties: number;
}

/** A masked outcome against the whole network's. */
export interface UnitOutcome extends Outcome {
  readonly unit: number;
  readonly flips_to_wrong: number;
  readonly flips_to_right: number;
}

/** What one unit does on the samples, one value each (science.md, "Formulas"). */
export interface UnitActivity {
  readonly selectivity: number;
  readonly preferred_class: number;
  readonly preferred_also: readonly number[];
  readonly mean: number;
  readonly active_fraction: number;
  readonly dead: boolean;
  readonly negative: boolean;
}

const BATCH = 128;
/** Absolute error of TensorFlow's single-precision sigmoid, which differs between vectorised and scalar code. */
const SIGMOID_ERROR = 2 ** -23;
const ZERO: Replacement = { kind: 'zero' };
const isReplaced = ({ replacement = ZERO }: Place): boolean => replacement.kind !== 'zero';

/** One model on one set of samples. */
export class MaskOracle {
  readonly classes: number;
  readonly samples: number;
  readonly baseline: Outcome;
  private constructor(
    private readonly original: tf.LayersModel,
    private readonly x: readonly tf.Tensor[],
    private readonly input: OracleInput,
  ) {
    const width = original.outputs[input.scores]?.shape.at(-1) as number;
    this.classes = width === 1 ? 2 : width;
    this.samples = input.labels.length;
    this.baseline = this.run([]);
  }

  static async open(input: OracleInput): Promise<MaskOracle> {
    const model = await tf.loadLayersModel(`file://${input.model}`);
    const x = [input, ...(input.more ?? [])].map((one) =>
      tf.tensor(one.x, [input.labels.length, ...one.shape]),
    );
    return new MaskOracle(model, x, input);
  }

  /** The scores of the untouched model by `predict`: `[samples, width]`. */
  stockScores(): Float32Array {
    const output = this.original.predict([...this.x], { batchSize: BATCH });
    const tensors = Array.isArray(output) ? output : [output];
    const scores = (tensors[this.input.scores] as tf.Tensor).dataSync() as Float32Array;
    tf.dispose(tensors);
    return scores.slice();
  }

  /** The scores of the copy with units of one site set to zero: `[samples, width]`. */
  maskedScores(at: string | null, units: readonly number[]): Float32Array {
    const masked = this.masked(at === null ? [] : [at], false);
    masked.masks[0]?.block(units);
    const tensors = this.predict(masked, this.x);
    const scores = (tensors[0] as tf.Tensor).dataSync() as Float32Array;
    tf.dispose(tensors);
    masked.dispose();
    return scores.slice();
  }

  /** Deletes units of some sites, all together. */
  run(places: readonly Place[]): Outcome {
    const masked = this.masked(
      places.map(({ at }) => at),
      places.some(isReplaced),
    );
    places.forEach(({ units }, i) => masked.masks[i]?.block(units));
    const values = places.some(isReplaced)
      ? places.map(({ at, replacement = ZERO }) => this.replacementAt(at, replacement))
      : [];
    const outcome = this.outcome(masked, values);
    tf.dispose(values);
    masked.dispose();
    return outcome;
  }

  /** Deletes units of one site, one at a time. */
  units({ at, units, replacement = ZERO }: Place): UnitOutcome[] {
    const replaced = replacement.kind !== 'zero';
    const masked = this.masked([at], replaced);
    const values = replaced ? [this.replacementAt(at, replacement)] : [];
    const outcomes = units.map((unit) => {
      masked.masks[0]?.block([unit]);
      const outcome = this.outcome(masked, values);
      let toWrong = 0;
      let toRight = 0;
      this.input.labels.forEach((label, n) => {
        const before = this.baseline.predictions[n] === label;
        const after = outcome.predictions[n] === label;
        if (before && !after) toWrong++;
        if (!before && after) toRight++;
      });
      return {
        ...outcome,
        unit,
        flips_to_wrong: toWrong,
        flips_to_right: toRight,
      };
    });
    tf.dispose(values);
    masked.dispose();
    return outcomes;
  }

  /** A site's values on all samples, nothing being blocked: `[samples, …shape]`. */
  values(at: string): { values: Float32Array; shape: number[] } {
    const site = this.siteValues(at);
    const values = (site.dataSync() as Float32Array).slice();
    site.dispose();
    return { values, shape: site.shape };
  }

  /** What all units of a site do on the samples. */
  activity(at: string): UnitActivity[] {
    const masked = this.masked([at], false);
    const units = masked.model.outputs[masked.sites]?.shape.at(-1) as number;
    const sums = Array.from({ length: units }, () => new Float64Array(this.classes));
    const active = new Float64Array(units);
    const nonzero = new Uint8Array(units);
    const negative = new Uint8Array(units);
    const perClass = new Float64Array(this.classes);
    for (let first = 0; first < this.samples; first += BATCH) {
      const size = Math.min(BATCH, this.samples - first);
      const x = this.x.map((one) => one.slice(first, size));
      const tensors = this.predict(masked, x);
      const values = (tensors[masked.sites] as tf.Tensor).dataSync() as Float32Array;
      tf.dispose([...x, ...tensors]);
      const places = values.length / size / units;
      for (let n = 0; n < size; n++) {
        const label = this.input.labels[first + n] as number;
        perClass[label] = (perClass[label] as number) + 1;
        for (let unit = 0; unit < units; unit++) {
          let sum = 0;
          let fires = false;
          for (let place = 0; place < places; place++) {
            const value = values[(n * places + place) * units + unit] as number;
            sum += value;
            if (value > 0) fires = true;
            if (value !== 0) nonzero[unit] = 1;
            if (value < 0) negative[unit] = 1;
          }
          const row = sums[unit] as Float64Array;
          row[label] = (row[label] as number) + sum / places;
          if (fires) active[unit] = (active[unit] as number) + 1;
        }
      }
    }
    masked.dispose();
    return sums.map((row, unit) => ({
      ...selectivity(row, perClass),
      mean: row.reduce((a, b) => a + b, 0) / this.samples,
      active_fraction: (active[unit] as number) / this.samples,
      dead: nonzero[unit] === 0,
      negative: negative[unit] === 1,
    }));
  }

  /** All weights of the model as loaded. */
  weights(): { name: string; shape: number[]; values: Float32Array }[] {
    return this.original.weights.map((weight) => {
      const tensor = weight.read();
      return {
        name: weight.originalName,
        shape: tensor.shape,
        values: (tensor.dataSync() as Float32Array).slice(),
      };
    });
  }

  close(): void {
    tf.dispose([...this.x]);
    this.original.dispose();
  }

  private masked(places: readonly string[], replaced: boolean): Masked {
    return insertMasks(this.original, places, this.input.scores, replaced);
  }

  private predict(
    masked: Masked,
    x: readonly tf.Tensor[],
    replacements: readonly tf.Tensor[] = [],
  ): tf.Tensor[] {
    const output = masked.model.predict([...x, ...replacements], { batchSize: BATCH });
    return Array.isArray(output) ? output : [output];
  }

  private siteValues(at: string): tf.Tensor {
    const masked = this.masked([at], false);
    const tensors = this.predict(masked, this.x);
    const [site] = tensors.splice(masked.sites, 1) as [tf.Tensor];
    tf.dispose(tensors);
    masked.dispose();
    return site;
  }

  /** What blocked units of a place are set to: `[samples, …shape]`. */
  private replacementAt(at: string, replacement: Replacement): tf.Tensor {
    const site = this.siteValues(at);
    const values = site.dataSync() as Float32Array;
    const size = values.length / this.samples;
    const result = new Float32Array(values.length);
    if (replacement.kind === 'mean') {
      const sums = new Float64Array(size);
      values.forEach((value, i) => (sums[i % size] = (sums[i % size] as number) + value));
      result.forEach((_, i) => (result[i] = (sums[i % size] as number) / this.samples));
    } else if (replacement.kind === 'donors') {
      replacement.donors.forEach((donor, n) =>
        result.set(values.subarray(donor * size, (donor + 1) * size), n * size),
      );
    } else if (replacement.kind === 'constants') {
      const { values: constants } = replacement;
      result.forEach((_, i) => (result[i] = constants[i % constants.length] as number));
    }
    site.dispose();
    return tf.tensor(result, site.shape);
  }

  private outcome(masked: Masked, replacements: readonly tf.Tensor[] = []): Outcome {
    const tensors = this.predict(masked, this.x, replacements);
    const scores = (tensors[0] as tf.Tensor).dataSync() as Float32Array;
    const logits =
      masked.logits === null ? null : ((tensors[masked.logits] as tf.Tensor).dataSync() as Float32Array);
    tf.dispose(tensors);
    const width = scores.length / this.samples;
    const predictions = new Int32Array(this.samples);
    const classCorrect = new Int32Array(this.classes);
    let correct = 0;
    let ties = 0;
    let loss = 0;
    let rounding = 0;
    for (let n = 0; n < this.samples; n++) {
      const label = this.input.labels[n] as number;
      const row = scores.subarray(n * width, (n + 1) * width);
      const predicted = predictedOf(row);
      predictions[n] = predicted;
      if (predicted === label) {
        correct++;
        classCorrect[label] = (classCorrect[label] as number) + 1;
      }
      if (gapOf(row) < 1e-6) ties++;
      if (logits === null) rounding += SIGMOID_ERROR / Math.max(row[label] as number, 1e-7);
      loss +=
        logits === null
          ? probabilityLoss(row, label)
          : crossEntropy(logits.subarray(n * width, (n + 1) * width), label);
    }
    return {
      correct,
      predictions,
      class_correct: classCorrect,
      loss: loss / this.samples,
      loss_rounding: rounding / this.samples,
      ties,
    };
  }
}
